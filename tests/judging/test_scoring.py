"""Scorecards: saved, submitted, refused, revised."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models.expressions import RawSQL

from accounts.audit import trail_of
from judging import services
from judging.models import Conflict
from judging.services import Sheet
from judging.workflow import AssignmentStatus
from tests import make
from tests.judging.field import WEIGHTS, city, code_of, last_entry, marks, opened

pytestmark = pytest.mark.django_db


def test_a_score_that_was_typed_as_it_stands_is_not_written_again() -> None:
    made = opened()
    judge = made.judges[0]
    sheet = made.sheet(judge, 0)
    services.declare_no_conflict(sheet, by=judge, at=make.NOON)
    rows = sheet.scores.annotate(place=RawSQL("judging_score.ctid::text", ()))

    places = []
    for second in ("70", "70", "71"):
        typed = marks("81", second)
        services.save_scorecard(sheet, sheet=typed, version=sheet.version, by=judge, at=make.NOON)
        places.append(dict(rows.values_list("criterion__key", "place")))

    assert places[0] == places[1]
    assert {key for key in WEIGHTS if places[2][key] != places[1][key]} == {"kebaruan"}


def test_scorecard_is_saved_and_submitted_with_its_total_by_the_law() -> None:
    made = opened()
    judge = made.judges[0]
    sheet = made.sheet(judge, 0)
    services.declare_no_conflict(sheet, by=judge, at=make.NOON)
    draft = Sheet(
        values={"signifikansi": Decimal(81), "kebaruan": None},
        comments={"signifikansi": "Baik"},
        comment="Sedang",
    )
    services.save_scorecard(sheet, sheet=draft, version=sheet.version, by=judge, at=make.NOON)
    assert list(sheet.scores.values_list("criterion__key", "value", "comment")) == [
        ("signifikansi", Decimal(81), "Baik"),
        ("kebaruan", None, ""),
    ]
    assert (sheet.comment, sheet.started_at, sheet.status) == ("Sedang", make.NOON, "pending")

    later = make.NOON + make.DAY
    services.submit_scorecard(
        sheet, sheet=marks("81", "70"), version=sheet.version, by=judge, at=later
    )

    sheet.refresh_from_db()
    assert (sheet.status, sheet.total, sheet.submitted_at, sheet.started_at) == (
        AssignmentStatus.SUBMITTED,
        Decimal("76.6"),
        later,
        make.NOON,
    )
    actions = trail_of(sheet).values_list("action", "data")
    assert list(actions) == [("scorecard.declared", {}), ("scorecard.submitted", {})]


def test_saving_needs_the_judge_the_declaration_and_the_newest_version() -> None:
    made = opened()
    judge, other = made.judges
    sheet = made.sheet(judge, 0)
    version = sheet.version

    def refusal(by: object, at_version: int) -> str:
        with pytest.raises(ValidationError) as error:
            services.save_scorecard(
                sheet,
                sheet=marks("1", "2"),
                version=at_version,
                by=by,  # type: ignore[arg-type]
                at=make.NOON,
            )
        return code_of(error)

    assert refusal(judge, version) == "undeclared"
    services.declare_no_conflict(sheet, by=judge, at=make.NOON)
    assert refusal(other, sheet.version) == "not_yours"
    assert refusal(judge, version) == "stale"
    Conflict.objects.create(
        panelist=sheet.panelist, entry=sheet.entry, ground="unit", noted_at=make.NOON
    )
    assert refusal(judge, sheet.version) == "conflict"
    assert sheet.scores.count() == 0


def test_saving_leaves_alone_what_was_not_typed() -> None:
    made = opened()
    judge = made.judges[0]
    sheet = made.sheet(judge, 0)
    services.declare_no_conflict(sheet, by=judge, at=make.NOON)
    for typed in (
        Sheet(values={"signifikansi": Decimal(81)}, comments={"kebaruan": "Baru"}),
        Sheet(values={}, comments={"signifikansi": "Kuat"}),
        Sheet(values={"kebaruan": Decimal(70)}, comment="Bagus"),
        Sheet(values={"kebaruan": None}),
    ):
        services.save_scorecard(sheet, sheet=typed, version=sheet.version, by=judge, at=make.NOON)

    assert list(sheet.scores.values_list("criterion__key", "value", "comment")) == [
        ("signifikansi", Decimal(81), "Kuat"),
        ("kebaruan", None, "Baru"),
    ]
    assert sheet.comment == "Bagus"


@pytest.mark.parametrize("value", ["-1", "100.5", "101", "NaN", "Infinity", "1E+400", "50.5"])
def test_values_off_the_scale_are_refused(value: str) -> None:
    made = opened()
    judge = made.judges[0]
    sheet = made.sheet(judge, 0)
    services.declare_no_conflict(sheet, by=judge, at=make.NOON)

    with pytest.raises(ValidationError) as error:
        services.save_scorecard(
            sheet, sheet=marks(value, "1"), version=sheet.version, by=judge, at=make.NOON
        )

    assert error.value.message_dict == {
        "signifikansi": ["Give a number from 0 to 100 in steps of 1."]
    }
    assert sheet.scores.count() == 0


def test_comments_have_a_limit() -> None:
    made = opened()
    judge = made.judges[0]
    sheet = made.sheet(judge, 0)
    services.declare_no_conflict(sheet, by=judge, at=make.NOON)
    typed = Sheet(values={}, comments={"kebaruan": "x" * 5001}, comment="y" * 5001)

    with pytest.raises(ValidationError) as error:
        services.save_scorecard(sheet, sheet=typed, version=sheet.version, by=judge, at=make.NOON)

    assert set(error.value.message_dict) == {"kebaruan", "comment"}


def test_submit_refuses_gaps_but_not_in_criteria_of_weight_zero() -> None:
    made = city()
    make.criterion(made.stage, "catatan", "0")
    services.open_stage(made.stage, by=made.chair, at=make.NOON)
    judge = made.judges[0]
    sheet = made.sheet(judge, 0)
    services.declare_no_conflict(sheet, by=judge, at=make.NOON)
    gap = Sheet(values={"signifikansi": Decimal(1)})

    with pytest.raises(ValidationError) as error:
        services.submit_scorecard(sheet, sheet=gap, version=sheet.version, by=judge, at=make.NOON)
    assert code_of(error) == "incomplete"

    sheet.refresh_from_db()
    services.submit_scorecard(
        sheet, sheet=marks("1", "2"), version=sheet.version, by=judge, at=make.NOON
    )
    assert sheet.status == AssignmentStatus.SUBMITTED


def test_conflict_declared_by_the_judge_frees_the_seat_and_keeps_the_reason() -> None:
    made = opened()
    judge = made.judges[0]
    sheet = made.sheet(judge, 0)

    with pytest.raises(ValidationError) as error:
        services.declare_conflict(sheet, reason=" ", by=judge, at=make.NOON)
    assert code_of(error) == "reason"
    services.declare_conflict(sheet, reason="Saudara kandung", by=judge, at=make.NOON)

    assert sheet.status == AssignmentStatus.RECUSED
    assert list(Conflict.objects.values_list("ground", "note")) == [("declared", "Saudara kandung")]
    assert last_entry(sheet).reason == "Saudara kandung"
    with pytest.raises(ValidationError):
        services.declare_no_conflict(sheet, by=judge, at=make.NOON)


def test_submitted_sheet_changes_only_by_a_revision_with_a_reason() -> None:
    made = opened()
    judge = made.judges[0]
    sheet = made.score(judge, 0, "80", "80")

    with pytest.raises(ValidationError) as error:
        services.save_scorecard(
            sheet, sheet=marks("1", "1"), version=sheet.version, by=judge, at=make.NOON
        )
    assert code_of(error) == "stale"
    with pytest.raises(ValidationError) as error:
        services.revise_scorecard(sheet, reason="", by=judge, at=make.NOON)
    assert code_of(error) == "reason"

    services.revise_scorecard(sheet, reason="Salah ketik", by=judge, at=make.NOON)

    sheet.refresh_from_db()
    assert (sheet.status, sheet.total, sheet.submitted_at) == ("pending", None, None)
    assert last_entry(sheet).reason == "Salah ketik"
