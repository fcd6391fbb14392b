"""The line between a file that comes at once and one that a worker makes, at both of its sides."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from types import MappingProxyType

import pytest
from django.test import Client
from django.urls import reverse

from accounts import takeaway
from accounts.models import Job, User
from kipp.jobs import KINDS
from kipp.lib.uploads import MEDIA_TYPES as FILES
from proposals.exports import board_columns, own_columns
from tests import make
from tests.clients import signed_in as login
from tests.competitions.world import close_file
from tests.finishing import finish_jobs
from tests.proposals.scene import Scene
from tests.proposals.test_lists import lines_of, sheet_of
from tests.proposals.test_paper import full

Limit = Callable[[str, int], None]


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> Limit:
    def set_limit(unit: str, size: int) -> None:
        table = {**takeaway.AT_ONCE, unit: size}
        monkeypatch.setattr(takeaway, "AT_ONCE", MappingProxyType(table))

    return set_limit


def board_url(scene: Scene, form: str, query: str = "") -> str:
    return reverse(f"proposals:board-{form}", args=[scene.competition.slug]) + query


def made_by_worker(client: Client, url: str) -> bytes:
    """Through the button of the page that the link leads to; asked twice, made once."""
    offered = client.get(url)
    assert (offered.status_code, Job.objects.count()) == (200, 0)
    assert "Have the file made" in offered.content.decode()
    first, second = client.post(url), client.post(url)
    (job,) = finish_jobs()
    assert (job.status, job.error) == ("done", "")
    assert first.url == second.url == reverse("job", args=[job.pk])  # type: ignore[attr-defined]
    file = reverse("job-file", args=[job.pk])
    assert f'href="{file}"' in client.get(first.url).content.decode()  # type: ignore[attr-defined]
    return client.get(file).getvalue()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_board_of_more_cells_is_made_by_a_worker_and_is_the_same(
    scene: Scene, limit: Limit, form: str
) -> None:
    scene.submitted("Terkirim")
    scene.draft("Draf")
    client, url = login(scene.auditor), board_url(scene, form, "?status=submitted&text=Janti")
    cells = len(board_columns())

    limit("cells", cells)
    at_once = client.get(url).getvalue()
    limit("cells", cells - 1)
    later = made_by_worker(client, url)

    read = lines_of if form == "csv" else rows_of
    assert len(read(at_once)) == 2
    assert read(later) == read(at_once)
    assert Job.objects.get().file_name == f"{scene.competition.slug}.{form}"


def rows_of(content: bytes) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in sheet_of(content).iter_rows(values_only=True)]


def test_own_list_of_more_cells_is_made_by_a_worker_and_is_the_same(
    scene: Scene, limit: Limit
) -> None:
    scene.draft("Draf")
    client, url = login(scene.author), reverse("proposals:proposal-list-file", args=["csv"])
    cells = len(own_columns())

    limit("cells", cells)
    at_once = client.get(url).getvalue()
    limit("cells", cells - 1)

    assert made_by_worker(client, url) == at_once
    assert len(lines_of(at_once)) == 2


@pytest.mark.parametrize("role", ["author", "auditor"])
def test_dossier_of_more_bytes_is_made_by_a_worker_and_holds_the_same(
    scene: Scene, limit: Limit, role: str
) -> None:
    sent = full(scene)
    client = login(getattr(scene, role))
    url = reverse("proposals:proposal-dossier", args=[sent.proposal_id])
    (file,) = sent.content["files"]

    limit("bytes", file["size"])
    at_once = client.get(url).getvalue()
    limit("bytes", file["size"] - 1)
    later = made_by_worker(client, url)

    assert file["media_type"] in FILES.values()
    assert names_in(later) == names_in(at_once)
    assert any(name.startswith("panitia/") for name in names_in(later)) == (role == "auditor")


def names_in(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def test_file_is_for_who_asked_and_only_while_they_may(scene: Scene) -> None:
    sent = full(scene)
    url = reverse("proposals:proposal-dossier", args=[sent.proposal_id])
    assert login(scene.auditor).post(url).status_code == 302
    (job,) = finish_jobs()
    file = reverse("job-file", args=[job.pk])

    assert status_for(scene.chair, file) == 404
    assert status_for(scene.auditor, file) == 200
    scene.auditor.committee_seats.all().delete()
    assert status_for(scene.auditor, file) == 403
    make.membership(scene.auditor, scene.clinic)
    assert status_for(scene.auditor, file) == 403  # of the unit now: not what the committee noted


def status_for(person: User, url: str) -> int:
    response = login(person).get(url)
    close_file(response)
    return response.status_code


def test_who_may_not_export_has_nothing_made(scene: Scene) -> None:
    draft = scene.draft()
    dossier = reverse("proposals:proposal-dossier", args=[draft.pk])

    assert login(scene.organizer).post(dossier).status_code == 404
    assert login(scene.author).post(board_url(scene, "csv")).status_code == 404
    stranger = make.user()
    assert (
        login(stranger).post(reverse("proposals:proposal-list-file", args=["csv"])).status_code
        == 403
    )
    assert not Job.objects.exists()


def test_name_of_the_file_tells_no_title_that_the_committee_has_not_received(
    scene: Scene,
) -> None:
    sent = full(scene)
    type(sent.proposal).objects.filter(pk=sent.proposal_id).update(
        status="completion", completion_due_at=make.NOON, title="Judul rahasia"
    )
    url = reverse("proposals:proposal-dossier", args=[sent.proposal_id])

    theirs, own = (name_for(person, url) for person in (scene.chair, scene.author))

    assert (theirs, own) == ("berkas-antrean-rumah.zip", "berkas-judul-rahasia.zip")


def name_for(person: User, url: str) -> str:
    response = login(person).get(url)
    close_file(response)
    return str(response.headers["Content-Disposition"]).partition("filename=")[2].strip('"')


def test_every_kind_leads_back_to_its_page(scene: Scene) -> None:
    sent = full(scene)
    subjects = {
        "board": {"competition": scene.competition.pk},
        "own_list": {},
        "dossier": {"proposal": sent.proposal_id, "is_internal": True},
    }

    pages = {
        name: KINDS[name].page(Job(kind=name, owner=scene.chair, subject=subject))
        for name, subject in subjects.items()
    }

    slug = scene.competition.slug
    assert pages == {
        "board": reverse("proposals:board", args=[slug]),
        "own_list": reverse("proposals:innovation-list"),
        "dossier": reverse("proposals:board", args=[slug]),
    }
