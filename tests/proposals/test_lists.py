"""Lists as files: dates are dates, an NIP is text, nothing runs, many rows cost as few."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from accounts.models import User
from proposals import services
from proposals.models import Proposal, TeamMember
from proposals.services import Past
from proposals.views.similar import MOST_SHOWN
from tests import make
from tests.proposals.scene import Scene
from tests.proposals.test_ledger import claim_of

NIP = "199608182022042001"
RUNS = "=cmd|' /C calc'!A0"


def got(person: User, name: str, *args: object, **query: str) -> bytes:
    client = Client()
    client.force_login(person)
    response = client.get(reverse(f"proposals:{name}", args=args), query)
    assert response.status_code == 200
    assert response.streaming
    return response.getvalue()


def sheet_of(content: bytes) -> Worksheet:
    return load_workbook(io.BytesIO(content)).worksheets[0]


def lines_of(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("role", ["author", "endorser"])
def test_own_list_keeps_the_digits_and_runs_nothing(scene: Scene, role: str) -> None:
    scene.draft(RUNS, signer_name="Dr. Siti", signer_nip=NIP)
    person = getattr(scene, role)

    [line] = list(sheet_of(got(person, "proposal-list-file", "xlsx")).iter_rows(min_row=2))
    values = [cell.value for cell in line]
    assert RUNS in values
    assert values[-1] == NIP
    assert {cell.data_type for cell in line} <= {"s", "n", "d"}
    assert isinstance(values[8], datetime)
    [_head, row] = lines_of(got(person, "proposal-list-file", "csv"))
    assert f"'{RUNS}" in row
    assert row[-1] == NIP


def test_own_list_holds_nothing_of_others(scene: Scene) -> None:
    scene.draft("Rahasia")
    neighbour = make.user()
    make.membership(neighbour, make.unit(parent=scene.agency))

    assert len(lines_of(got(neighbour, "proposal-list-file", "csv"))) == 1


def test_a_seat_on_a_committee_adds_nothing_to_the_own_list(scene: Scene) -> None:
    scene.submitted("Milik puskesmas")
    make.membership(scene.chair, make.unit(parent=scene.agency))

    assert len(lines_of(got(scene.chair, "proposal-list-file", "csv"))) == 1


def test_unknown_form_of_the_list_is_not_found(scene: Scene) -> None:
    client = Client()
    client.force_login(scene.author)

    assert client.get(reverse("proposals:proposal-list-file", args=["ods"])).status_code == 404


def test_board_file_has_dates_and_keeps_the_filter(scene: Scene) -> None:
    scene.draft("Draf")
    sent = scene.submitted("Terkirim")
    slug = scene.competition.slug

    [line] = list(
        sheet_of(got(scene.auditor, "board-xlsx", slug, status="submitted")).iter_rows(
            min_row=2, values_only=True
        )
    )
    assert line[0] == sent.receipt
    assert line[7] == line[10] == datetime(2026, 3, 2, 12, 0)  # noqa: DTZ001 - a cell has no zone


def test_lists_of_a_draft_cost_the_same_for_one_line_and_for_thirty(scene: Scene) -> None:
    proposal, client = scene.draft(), Client()
    client.force_login(scene.author)
    pages = [
        reverse(f"proposals:{kind}-list", args=[proposal.pk])
        for kind in ("claim", "member", "letter", "attachment")
    ]
    pages.append(reverse("proposals:section-history", args=[proposal.pk, "ringkasan"]))
    counts = []

    for numbers in (range(1), range(1, 30)):
        for number in numbers:
            make.slot(scene.track, f"surat{number}", kind="pdf", statement="Kami:\n{tim}")
            member = TeamMember(proposal=proposal, name=f"Siti {number}", role="Ketua")
            for line in (claim_of(proposal, f"Nomor {number}"), member):
                services.add_line(line, by=scene.author, at=make.NOON)
            services.save_answer(
                proposal,
                section=scene.summary,
                text=f"satu {number}",
                version=number + 1,
                by=scene.author,
                at=make.NOON + number * make.DAY / 100,
            )
        counts.append({page: statements_of(client, page) for page in pages})

    assert counts[0] == counts[1]
    assert {page: count for page, count in counts[1].items() if count > 12} == {}


def test_similar_ones_cost_the_same_for_two_and_for_thirty(scene: Scene) -> None:
    proposal, client = scene.draft("Kopi Tubruk"), Client()
    client.force_login(scene.author)
    page = reverse("proposals:similar", args=[proposal.pk])
    counts, shown = [], []

    for more in (1, 14):
        for number in range(more):
            scene.draft(f"Kopi Tubruk Kota {more}.{number}")
            won = [Past("KIPP", "nasional", 2000 + number, "Top 45")]
            services.register_past_innovation(
                None, title="Kopi Tubruk", awards=won, by=scene.organizer, at=make.NOON
            )
        shown.append(len(client.get(page).context["pairs"]))
        counts.append(statements_of(client, page))

    assert shown == [2, MOST_SHOWN]
    # The ten nearest of thirty are all of the register: nobody's answers are asked for.
    assert (counts[0], counts[1]) == (12, 11)


def statements_of(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", ["board-csv", "board-xlsx", "proposal-list-file"])
def test_many_rows_cost_as_many_statements_as_few(scene: Scene, name: str) -> None:
    person = scene.author if name == "proposal-list-file" else scene.auditor
    args = ["csv"] if name == "proposal-list-file" else [scene.competition.slug]

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            got(person, name, *args)
        return len(queries)

    scene.draft()
    few = statements()
    for _number in range(30):
        make.proposal(scene.clinic, scene.track, created_by=scene.author)

    assert Proposal.objects.count() == 31
    assert statements() == few
