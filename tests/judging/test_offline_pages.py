"""A judge's workbook goes down, comes back, is shown, and is saved whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.intake import ROWS_AT_ONCE
from accounts.models import AuditEntry, Import
from judging import services
from judging.models import Assignment, Score
from tests import make
from tests.clients import signed_in
from tests.finishing import finish_jobs
from tests.judging.field import City, marks, opened
from tests.judging.laws import D

pytestmark = pytest.mark.django_db
Typed = Mapping[int, Mapping[str, object]]
FULL = {"nilai: Signifikansi": 81, "nilai: Kebaruan": 70, "catatan: Kebaruan": "Baru & berani"}
HALF = {"nilai: Signifikansi": 60}


def ready(*, entries: int = 3) -> tuple[City, Client]:
    """One judge who has declared for every entry."""
    made = opened(judges=1, entries=entries)
    judge = made.judges[0]
    for number in range(entries):
        services.declare_no_conflict(made.sheet(judge, number), by=judge, at=make.NOON)
    return made, signed_in(judge)


def at(made: City, name: str, *more: object) -> str:
    return reverse(f"judging:offline-{name}", args=[made.stage.pk, *more])


def filled(made: City, client: Client, typed: Typed) -> bytes:
    """The workbook as it comes down, with these cells by row and header."""
    book = load_workbook(io.BytesIO(client.get(at(made, "workbook")).content))
    sheet: Any = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row, cells in typed.items():
        for head, value in cells.items():
            sheet.cell(row, columns[head]).value = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def send(made: City, client: Client, content: bytes) -> Any:
    return client.post(at(made, "upload"), {"file": SimpleUploadedFile("lembar.xlsx", content)})


def agree(address: str, client: Client, **more: str) -> Any:
    return client.post(address, {"sha256": Import.objects.latest("pk").sha256, **more})


def test_workbook_is_shown_then_saved_and_complete_sheets_are_handed_in() -> None:
    made, client = ready()

    address = send(made, client, filled(made, client, {2: FULL, 4: HALF})).headers["Location"]
    shown = client.get(address)
    before = Score.objects.count()
    done = agree(address, client, hand_in="on")
    again = agree(address, client, hand_in="on")

    rows = [(row.row, len(row.cells), row.missing) for row in shown.context["found"].rows]
    assert rows == [(2, 3, ()), (4, 1, ("Kebaruan",))]
    assert before == 0
    assert done.headers["Location"] == reverse("judging:queue", args=[made.stage.pk])
    assert again.status_code == 404
    states = Assignment.objects.order_by("position").values_list("status", "total")
    assert [(status, total and float(total)) for status, total in states] == [
        ("submitted", 76.6),
        ("pending", None),
        ("pending", None),
    ]
    assert list(
        Score.objects.order_by("assignment__position", "criterion__order").values_list(
            "value", "comment"
        )
    ) == [
        (D(81), ""),
        (D(70), "Baru & berani"),
        (D(60), ""),
    ]
    entry = AuditEntry.objects.get(action="import.applied")
    assert (entry.data["kind"], entry.data["count"]) == ("scores", 2)


def test_workbook_of_more_sheets_is_saved_by_one_job(monkeypatch: pytest.MonkeyPatch) -> None:
    made, client = ready(entries=2)
    monkeypatch.setitem(ROWS_AT_ONCE, "scores", 1)

    address = send(made, client, filled(made, client, {2: FULL, 3: FULL})).headers["Location"]
    asked = [agree(address, client, hand_in="on") for _press in range(2)]
    before = Score.objects.count()
    (job,) = finish_jobs()

    page = reverse("job", args=[job.pk])
    assert [each.headers["Location"] for each in asked] == [page] * 2
    assert (before, job.status, job.outcome) == (0, "done", {"rows": 2})
    assert reverse("judging:queue", args=[made.stage.pk]) in client.get(page).content.decode()
    assert {each.status for each in Assignment.objects.all()} == {"submitted"}


def test_problems_keep_everything_out_and_name_their_cells() -> None:
    made, client = ready()
    bad = {"nilai: Signifikansi": "=1+1", "nilai: Kebaruan": 101}

    answer = send(made, client, filled(made, client, {2: FULL, 3: bad}))

    assert answer.status_code == 422
    assert [each.cell for each in answer.context["problems"]] == ["E3", "G3"]
    assert (Import.objects.count(), Score.objects.count()) == (0, 0)


def test_what_was_saved_on_the_portal_meanwhile_is_not_overwritten() -> None:
    made, client = ready(entries=2)
    first, second = Assignment.objects.order_by("position")
    address = send(made, client, filled(made, client, {2: FULL, 3: FULL})).headers["Location"]
    services.save_scorecard(
        second, sheet=marks("10", "20"), version=second.version, by=made.judges[0], at=make.NOON
    )

    page = agree(address, client)

    assert page.status_code == 409
    assert [each.cell for each in page.context["found"].problems] == ["J3"]
    assert list(Score.objects.values_list("value", flat=True)) == [10, 20]
    assert first.scores.count() == 0
    assert Import.objects.get().applied_at is None


def test_judge_removed_in_mid_stage_saves_what_was_begun_and_nothing_else() -> None:
    """Neither at the desk nor by a workbook that was filled in before."""
    made = opened(judges=2, entries=2)
    judge, client = made.judges[0], signed_in(made.judges[0])
    begun, unopened = Assignment.objects.filter(panelist__user=judge).order_by("position")
    services.declare_no_conflict(begun, by=judge, at=make.NOON)
    both = filled(made, client, {2: FULL, 3: FULL})
    one = filled(made, client, {2: FULL})
    services.relieve_panelist(begun.panelist, reason="Sakit", by=made.chair, at=make.NOON)

    refused, taken = send(made, client, both), send(made, client, one)
    saved = agree(taken.headers["Location"], client)
    names = ("declaration", "sheet", "sheet-autosave", "sheet-submit")
    desk = [client.post(reverse(f"judging:{name}", args=[unopened.pk])) for name in names]

    assert refused.status_code == 422
    assert [each.cell for each in refused.context["problems"]] == ["B3"]
    assert saved.status_code == 302
    assert [answer.status_code for answer in desk] == [404] * 4
    assert list(begun.scores.values_list("value", flat=True)) == [81, 70]


def test_file_that_comes_after_the_close_saves_nothing() -> None:
    made, client = ready(entries=1)
    content = filled(made, client, {2: FULL})
    address = send(made, client, content).headers["Location"]
    services.close_stage(made.stage, missing_accepted=1, by=made.chair, at=make.NOON)

    answers = [
        agree(address, client),
        send(made, client, content),
        client.get(at(made, "workbook")),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert Score.objects.count() == 0


def test_another_judges_workbook_is_refused_and_others_find_no_page() -> None:
    made = opened(judges=2, entries=1)
    for judge in made.judges:
        services.declare_no_conflict(made.sheet(judge, 0), by=judge, at=make.NOON)
    one, other = (signed_in(judge) for judge in made.judges)

    stolen = send(made, other, filled(made, one, {2: FULL}))
    own = send(made, one, filled(made, one, {2: FULL})).headers["Location"]

    assert [each.text for each in stolen.context["problems"]] == [
        "This entry is not assigned to you in this stage."
    ]
    assert other.get(own).status_code == 404
    assert signed_in(made.chair).get(at(made, "workbook")).status_code == 404


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"a;b\n1;2\n", b"%PDF-1.7"])
def test_file_that_is_no_such_workbook_gets_a_sentence(content: bytes) -> None:
    made, client = ready(entries=1)

    answer = send(made, client, content)

    assert answer.status_code == 422
    assert answer.context["form"].errors["file"][0].endswith(".")
