from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.exports import write_example
from accounts.intake import ROWS_AT_ONCE
from accounts.models import Import, Unit
from tests import make
from tests.finishing import finish_jobs

pytestmark = pytest.mark.django_db


def upload(client: Client, content: bytes, *, kind: str = "units", name: str = "a.csv") -> object:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("accounts:import-upload"), {"kind": kind, "file": file})


def test_a_sheet_is_checked_shown_and_entered(client: Client) -> None:
    services.create_unit(name="Pemerintah Kota Contoh", level="government", by=None, at=make.NOON)
    client.force_login(make.user(is_staff=True))

    upload(client, write_example("units", "xlsx"))
    sheet = Import.objects.get()
    confirm = reverse("accounts:import-confirm", args=[sheet.pk])
    page = client.get(confirm)
    unbound = client.post(confirm, {"sha256": "x"})
    other = client.post(confirm, {"sha256": "0" * 64})
    done = client.post(confirm, {"sha256": sheet.sha256})
    again = client.post(confirm, {"sha256": sheet.sha256})

    assert [unit.name for unit in page.context["found"].units] == [
        "Dinas Contoh",
        "Puskesmas Contoh",
    ]
    assert (unbound.status_code, other.status_code) == (422, 302)
    assert (done.status_code, again.status_code) == (302, 404)
    assert Unit.objects.filter(code__startswith="X.").count() == 2


def test_a_large_sheet_is_entered_by_one_job(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROWS_AT_ONCE, "units", 1)
    services.create_unit(name="Pemerintah Kota Contoh", level="government", by=None, at=make.NOON)
    client.force_login(make.user(is_staff=True))

    upload(client, write_example("units", "xlsx"))
    sheet = Import.objects.get()
    page = reverse("accounts:import-confirm", args=[sheet.pk])
    asked = [client.post(page, {"sha256": sheet.sha256}) for _press in range(2)]
    (job,) = finish_jobs()

    assert [each["Location"] for each in asked] == [reverse("job", args=[job.pk])] * 2
    assert (job.status, job.done, job.outcome) == ("done", 2, {"rows": 2})
    assert Unit.objects.filter(code__startswith="X.").count() == 2


def test_a_large_sheet_that_fits_no_more_is_entered_by_no_job(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROWS_AT_ONCE, "units", 1)
    city = services.create_unit(
        name="Pemerintah Kota Contoh", level="government", by=None, at=make.NOON
    )
    client.force_login(make.user(is_staff=True))
    upload(client, write_example("units", "xlsx"))
    sheet = Import.objects.get()
    client.post(reverse("accounts:import-confirm", args=[sheet.pk]), {"sha256": sheet.sha256})
    services.create_unit(
        name="Dinas Contoh", level="agency", code="X.01", parent=city, by=None, at=make.NOON
    )

    (job,) = finish_jobs()

    sheet.refresh_from_db()
    assert (job.status, "Something has changed" in job.error) == ("failed", True)
    assert (sheet.applied_at, Unit.objects.filter(code__startswith="X.").count()) == (None, 1)


def test_a_sheet_with_problems_lists_them_and_is_not_kept(client: Client) -> None:
    client.force_login(make.user(is_staff=True))

    answer = client.post(
        reverse("accounts:import-upload"),
        {"kind": "units", "file": SimpleUploadedFile("a.csv", write_example("units", "csv"))},
    )

    assert answer.status_code == 422
    assert [problem.row for problem in answer.context["problems"]] == [2]
    assert not Import.objects.exists()


def test_a_sheet_that_no_longer_fits_is_a_conflict(client: Client) -> None:
    city = services.create_unit(
        name="Pemerintah Kota Contoh", level="government", by=None, at=make.NOON
    )
    client.force_login(make.user(is_staff=True))
    upload(client, write_example("units", "csv"))
    sheet = Import.objects.get()
    services.create_unit(name="Dinas Contoh", level="agency", parent=city, by=None, at=make.NOON)

    answer = client.post(
        reverse("accounts:import-confirm", args=[sheet.pk]), {"sha256": sheet.sha256}
    )

    assert answer.status_code == 409
    assert not Unit.objects.filter(name="Puskesmas Contoh").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x" * (10 * 1024 * 1024),
        b"PK\x03\x04broken",
        b"\xd0\xcf\x11\xe0",
        b"%PDF-1.7\n",
        b"\0" * 99,
    ],
    ids=["empty", "10 MB", "broken", "old", "pdf", "nul"],
)
def test_a_file_that_is_no_sheet_is_refused_with_a_sentence(client: Client, content: bytes) -> None:
    client.force_login(make.user(is_staff=True))

    answer = client.post(
        reverse("accounts:import-upload"),
        {"kind": "units", "file": SimpleUploadedFile("../../a.csv", content)},
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
