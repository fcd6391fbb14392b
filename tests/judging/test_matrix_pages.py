"""Totals from paper: typed by the committee, shown, entered whole or not at all, ranked."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts import takeaway
from accounts.intake import ROWS_AT_ONCE
from accounts.models import AuditEntry, Import
from judging import services
from judging.models import Assignment, Conflict, Stage
from judging.queries.law import law_of
from judging.queries.trail import history_of
from judging.ranking import LawError
from tests import make
from tests.clients import signed_in
from tests.finishing import finish_jobs
from tests.judging.field import City, at, city, find_offenders
from tests.kept import kept

pytestmark = pytest.mark.django_db
# XIX International Chopin Competition 2025, first stage, first line of the published scores: 17
# judges, one of whom taught the pianist; deviations beyond 3 points are pulled in; result 18,41.
PUBLISHED = "14 17 19 21 21 s 18 16 17 20 21 21 18 21 18 16 15"
CHOPIN = {
    "scale_min": 1,
    "scale_max": 25,
    "method": "capped",
    "method_parameter": 3,
    "kind": "presentation",
}


@kept
def on_paper(*, judges: int = 2, entries: int = 2, **fields: Any) -> City:
    made = city(judges=judges, entries=entries, scored_on="paper", **fields)
    made.stage.criteria.filter(key="kebaruan").delete()
    made.stage.criteria.update(weight=100)
    stage = services.open_stage(made.stage, by=made.chair, at=make.NOON, seed=7)
    return City(made.competition, stage, made.chair, made.organizer, made.judges, made.agencies)


def sheet(made: City, *lines: Sequence[str]) -> bytes:
    """A semicolon CSV with one line of cells for each entry, in the order of titles."""
    names = [judge.full_name for judge in made.judges]
    entries = made.stage.entries.order_by("proposal__title")
    rows = [["tanda terima", "judul", *names]]
    for entry, cells in zip(entries, lines, strict=False):
        content = entry.submission.content["header"]
        rows.append([entry.submission.receipt, content["title"], *cells])
    return "\n".join(";".join(cells) for cells in rows).encode()


def as_workbook(content: bytes) -> bytes:
    """The same cells as Excel keeps them: what is a number is one."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    for line in content.decode().splitlines():
        cells = [float(each) if each.isdecimal() else each for each in line.split(";")]
        book.worksheets[0].append(cells)
    book.save(file)
    return file.getvalue()


def send(made: City, client: Client, content: bytes) -> Any:
    file = SimpleUploadedFile("matriks.csv", content)
    return client.post(at(made, "matrix-upload"), {"file": file})


def agree(address: str, client: Client, **more: str) -> Any:
    return client.post(address, {"sha256": Import.objects.latest("pk").sha256, **more})


def totals() -> list[tuple[str, Decimal | None]]:
    rows = Assignment.objects.order_by("entry__proposal__title", "panelist__user__full_name")
    return list(rows.values_list("status", "total"))


def test_published_line_of_a_real_jury_is_recomputed_from_its_matrix() -> None:
    made = on_paper(judges=17, entries=1, **CHOPIN)
    client = signed_in(made.organizer)
    content = sheet(made, PUBLISHED.split())

    empty = client.get(at(made, "matrix-sheet"))
    address = send(made, client, content).headers["Location"]
    shown = client.get(address)
    before = Assignment.objects.exclude(total=None).count()
    done = agree(address, client)
    ranking = services.close_stage(made.stage, by=made.chair, at=make.NOON)

    assert (empty.status_code, before) == (200, 0)
    assert [row.total_text for row in shown.context["found"].rows] == [
        each if each != "s" else "" for each in sorted_by_name(made, PUBLISHED.split())
    ]
    assert done.headers["Location"] == at(made, "stage")
    line = ranking.standings.get()
    assert (line.score, line.readings) == (Decimal("18.41"), 16)
    assert Conflict.objects.get().panelist.user == made.judges[5]
    entry = AuditEntry.objects.get(action="stage.totals_entered")
    assert entry.actor == made.organizer
    assert entry.data["sha256"] == Import.objects.get().sha256
    assert find_offenders() == []


def sorted_by_name(made: City, cells: Sequence[str]) -> list[str]:
    """Columns are read in the order of the panel, which is that of names."""
    named = zip((judge.full_name for judge in made.judges), cells, strict=True)
    return [cell for _name, cell in sorted(named)]


def test_problem_keeps_everything_out_and_unknown_columns_are_named() -> None:
    made = on_paper()
    client = signed_in(made.chair)

    bad = send(made, client, sheet(made, ("80", "101"), ("70,5", "60")))
    named = send(made, client, sheet(made, ("80", "90")).replace(b"Juri 1", b"Juri X"))

    assert (bad.status_code, named.status_code) == (422, 422)
    assert [each.cell for each in bad.context["problems"]] == ["D2", "C3"]
    assert named.context["form"].errors["file"] == [
        "Nobody on this panel is called: Juri X. Correct the first row."
    ]
    assert {status for status, _total in totals()} == {"pending"}


def test_judge_removed_after_the_check_stops_the_sheet_with_a_sentence() -> None:
    """The page of the confirmation has nothing to show then, and leads away from itself."""
    made = on_paper(entries=1)
    client = signed_in(made.organizer)
    address = send(made, client, sheet(made, ("80", "70"))).headers["Location"]
    gone = made.stage.panel.get(user=made.judges[1])
    services.relieve_panelist(gone, reason="Sakit", by=made.chair, at=make.NOON)

    answers = [agree(address, client), client.get(address)]

    sentences = [str(each) for each in get_messages(answers[1].wsgi_request)]
    assert [answer.headers["Location"] for answer in answers] == [at(made, "stage")] * 2
    assert set(sentences) == {"Nobody on this panel is called: Juri 1. Correct the first row."}
    assert totals() == [("pending", None)]


def test_correction_needs_a_reason_and_leaves_a_trace() -> None:
    made = on_paper(entries=1)
    client = signed_in(made.organizer)
    agree(send(made, client, sheet(made, ("80", ""))).headers["Location"], client)

    address = send(made, client, sheet(made, ("82", "70"))).headers["Location"]
    shown = client.get(address)
    bare = agree(address, client)
    kept = totals()
    given = agree(address, client, reason="Salah ketik")
    again = agree(address, client, reason="Salah ketik")

    assert [each.before_text for each in shown.context["found"].corrections] == ["80"]
    assert bare.headers["Location"] == address
    assert kept == [("submitted", Decimal(80)), ("pending", None)]
    assert (given.headers["Location"], again.status_code) == (at(made, "stage"), 404)
    assert totals() == [("submitted", Decimal(82)), ("submitted", Decimal(70))]
    corrected = AuditEntry.objects.get(action="scorecard.corrected")
    assert (corrected.reason, corrected.data["before"]) == ("Salah ketik", "80.000000")


def test_large_matrix_is_made_and_entered_by_one_job_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = on_paper(entries=1)
    client = signed_in(made.organizer)
    at_once = cells_of(client.get(at(made, "matrix-sheet")).content)
    monkeypatch.setattr(takeaway, "AT_ONCE", {"cells": 3})
    monkeypatch.setitem(ROWS_AT_ONCE, "matrix", 1)

    asked = [client.post(at(made, "matrix-sheet")) for _press in range(2)]
    (made_empty,) = finish_jobs()
    address = send(made, client, sheet(made, ("80", "70"))).headers["Location"]
    asked += [agree(address, client) for _press in range(2)]
    before = totals()
    (entered,) = finish_jobs()
    address = send(made, client, sheet(made, ("82", "72"))).headers["Location"]
    bare = agree(address, client)

    jobs = [made_empty, made_empty, entered, entered]
    pages = [reverse("job", args=[job.pk]) for job in jobs]
    assert [each.headers["Location"] for each in asked] == pages
    file = client.get(reverse("job-file", args=[made_empty.pk])).getvalue()
    assert (len(at_once), cells_of(file)) == (2, at_once)
    assert before == [("pending", None)] * 2
    assert (entered.status, entered.outcome) == ("done", {"rows": 2})
    assert totals() == [("submitted", Decimal(80)), ("submitted", Decimal(70))]
    assert (bare.headers["Location"], finish_jobs()) == (address, [])


def cells_of(content: bytes) -> list[list[object]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def test_stage_in_the_portal_takes_no_totals_and_a_closed_one_none_either() -> None:
    made = on_paper(entries=1)
    address = send(made, signed_in(made.organizer), sheet(made, ("80", "70"))).headers["Location"]
    services.close_stage(made.stage, missing_accepted=2, by=made.chair, at=make.NOON)
    late = agree(address, signed_in(made.organizer))
    made.stage.refresh_from_db()
    made.stage.scored_on, made.stage.status = "portal", "open"

    assert late.status_code == 403
    with pytest.raises(Exception, match="scored in the portal"):
        services.matrix.require_paper(made.stage)
    assert {status for status, _total in totals()} == {"pending"}


def test_stage_on_paper_has_one_counted_criterion() -> None:
    made = city(scored_on="paper")

    with pytest.raises(LawError, match="one criterion that counts"):
        law_of(made.stage)


def test_command_enters_the_same_for_an_organizer_who_is_named(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    made = on_paper(entries=1)
    file, workbook = tmp_path / "matriks.csv", tmp_path / "matriks.xlsx"
    file.write_bytes(sheet(made, ("80,0", "s")))
    workbook.write_bytes(as_workbook(sheet(made, ("80", "s"))))
    stage = f"{made.competition.slug}/{made.stage.key}"

    call_command("import_scores", stage, file, by=made.organizer.email, dry_run=True)
    dry = totals()
    with pytest.raises(CommandError, match="may not enter"):
        call_command("import_scores", stage, file, by=made.judges[0].email)
    call_command("import_scores", stage, workbook, by=made.organizer.email)
    file.write_bytes(b"x")
    with pytest.raises(CommandError):
        call_command("import_scores", stage, file, by=made.organizer.email)

    assert dry == [("pending", None)] * 2
    assert totals() == [("submitted", Decimal(80)), ("recused", None)]
    assert "2 totals, 0 corrections." in capsys.readouterr().out


def test_command_without_a_name_puts_the_act_down_to_the_system_administrator(
    tmp_path: Any,
) -> None:
    """Whoever works at the server is nobody of the committee, so nobody of it is named."""
    made = on_paper(entries=1)
    client, waiting = signed_in(made.organizer), sheet(made, ("1", "1"))
    send(made, client, waiting)
    file, stage = tmp_path / "matriks.csv", f"{made.competition.slug}/{made.stage.key}"
    file.write_bytes(sheet(made, ("80", "s")))

    call_command("import_scores", stage, file)
    file.write_bytes(sheet(made, ("81", "s")))
    with pytest.raises(CommandError, match="Write why"):
        call_command("import_scores", stage, file)
    call_command("import_scores", stage, file, reason="Salah ketik")

    told = [(line.text, line.by, line.note) for line in history_of(made.stage)][:2]
    corrected = history_of(made.sheet(made.judges[0], 0))[0]
    administrator = "System administrator, by command"
    assert totals() == [("submitted", Decimal(81)), ("recused", None)]
    assert told == [
        ("Totals from paper entered", administrator, "Salah ketik"),
        ("Totals from paper entered", administrator, ""),
    ]
    assert (corrected.text, corrected.by) == (
        "Total from paper corrected: 80 became 81",
        administrator,
    )
    assert Import.objects.get().sent_by == made.organizer  # who still may look at the own sheet


def test_command_refuses_what_is_scored_in_the_portal_or_not_open(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    made = on_paper(entries=1)
    file, stage = tmp_path / "matriks.csv", f"{made.competition.slug}/{made.stage.key}"
    file.write_bytes(sheet(made, ("80", "80")))
    call_command("import_scores", stage, file)
    services.close_stage(made.stage, by=made.chair, at=make.NOON)

    with pytest.raises(CommandError, match="not open"):
        call_command("import_scores", stage, file, reason="Salah")
    Stage.objects.update(status="open", scored_on="portal")
    with pytest.raises(CommandError, match="scored in the portal"):
        call_command("import_scores", stage, file, dry_run=True)

    assert totals() == [("submitted", Decimal(80))] * 2
    assert capsys.readouterr().out.count("80") == 2  # what was entered, and nothing that stands
