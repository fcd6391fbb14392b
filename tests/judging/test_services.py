from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from accounts.audit import trail_of
from accounts.models import AuditEntry, Message
from judging import services
from judging.models import Assignment, Award, Conflict, Publication, Score, Stage
from judging.queries.law import entries_from_plain
from judging.ranking import inputs_hash, law_from_plain, rank_entries
from judging.services import CriterionTerms, Sheet
from judging.workflow import AssignmentStatus, PublicationStatus, StageStatus
from tests import make
from tests.judging.field import City, city, closed, marks, opened

pytestmark = pytest.mark.django_db


def code_of(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return str(error.value.error_list[0].code)


def last_entry(subject: Model) -> AuditEntry:
    entry = trail_of(subject).last()
    assert entry is not None
    return entry


def test_open_stage_pulls_eligible_entries_and_lets_everybody_read_everything() -> None:
    made = opened(judges=2, entries=3)

    assert made.stage.status == StageStatus.OPEN
    assert made.stage.seed == 7
    assert sorted(made.stage.entries.values_list("proposal__title", flat=True)) == [
        "Inovasi Dinas 00",
        "Inovasi Dinas 01",
        "Inovasi Dinas 02",
    ]
    for judge in made.judges:
        own = Assignment.objects.filter(panelist__user=judge)
        assert list(own.values_list("position", flat=True)) == [1, 2, 3]
        assert set(own.values_list("reason", flat=True)) == {"everybody"}
    told = Message.objects.filter(kind="judging_stage_opened")
    assert set(told.values_list("recipient", flat=True)) == {judge.pk for judge in made.judges}
    assert last_entry(made.stage).action == "stage.opened"


def test_open_stage_balances_a_large_panel() -> None:
    made = opened(judges=9, entries=6)

    loads = [Assignment.objects.filter(panelist__user=judge).count() for judge in made.judges]
    assert loads == [2] * 9


def test_open_stage_bars_kin_of_the_unit_and_those_who_left_within_two_years() -> None:
    made = city(judges=4, entries=2)
    insider, above, left, long_gone = made.judges
    first, host = made.agencies[0], made.competition.host
    below = make.unit("UPT", parent=first, level="service")
    make.membership(insider, below)
    make.membership(above, host)
    for judge, days in ((left, 700), (long_gone, 740)):
        membership = make.membership(judge, first)
        membership.ended_at = make.NOON - timedelta(days=days)
        membership.save(update_fields=["ended_at"])
    made.stage.min_readings = 1
    services.open_stage(made.stage, by=made.chair, at=make.NOON)

    barred = Conflict.objects.values_list("panelist__user", "entry__proposal__unit", "ground")
    assert set(barred) == {
        (insider.pk, first.pk, "unit"),
        (above.pk, first.pk, "unit"),
        (above.pk, made.agencies[1].pk, "unit"),
        (left.pk, first.pk, "unit"),
    }
    readers = Assignment.objects.filter(entry__proposal__unit=first)
    assert list(readers.values_list("panelist__user", flat=True)) == [long_gone.pk]


def _drop_weight(made: City) -> None:
    made.stage.criteria.filter(key="kebaruan").update(weight=39)


def _empty_panel(made: City) -> None:
    made.stage.panel.all().delete()


def _no_entries(made: City) -> None:
    made.competition.proposals.update(status="ineligible")


def _unscreened(made: City) -> None:
    made.competition.proposals.filter(unit=made.agencies[0]).update(status="submitted")


def _demand_readings(made: City) -> None:
    Stage.objects.filter(pk=made.stage.pk).update(min_readings=3)


def _name_a_later_stage(made: City) -> None:
    Stage.objects.filter(pk=made.stage.pk).update(stage_weights={"desk": "60", "final": "40"})


def _unclosed_before(made: City) -> None:
    make.stage(made.competition, "first")
    Stage.objects.filter(pk=made.stage.pk).update(order=9)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_drop_weight, "criterion_weights"),
        (_empty_panel, "no_panel"),
        (_no_entries, "no_entries"),
        (_unscreened, "unscreened"),
        (_demand_readings, "too_few_judges"),
        (_name_a_later_stage, "unknown_stage"),
        (_unclosed_before, "too_early"),
    ],
)
def test_open_stage_refuses_what_cannot_be_judged(spoil: object, code: str) -> None:
    made = city()
    spoil(made)  # type: ignore[operator]

    with pytest.raises(ValidationError) as error:
        services.open_stage(made.stage, by=made.chair, at=make.NOON)

    assert code_of(error) == code
    made.stage.refresh_from_db()
    assert made.stage.status == StageStatus.SETUP
    assert made.stage.entries.count() == 0


def test_open_stage_from_two_tabs_opens_once() -> None:
    made = opened()

    with pytest.raises(ValidationError) as error:
        services.open_stage(made.stage, by=made.organizer, at=make.NOON)

    assert code_of(error) == "not_now"
    assert made.stage.entries.count() == 3


def test_second_stage_pulls_who_advanced_and_weighs_the_first() -> None:
    made = opened(judges=1, entries=4)
    final = make.stage(
        made.competition, "final", stage_weights={"desk": "30", "final": "70"}, advance_count=1
    )
    make.criterion(final, "presentasi")
    judge = made.judges[0]
    for number in range(4):
        made.score(judge, number, str(90 - number), str(80 - number))
    first = services.close_stage(made.stage, by=made.chair, at=make.NOON)
    services.seat_panelist(final, user=judge, by=made.chair, at=make.NOON)
    final = services.open_stage(final, by=made.chair, at=make.NOON)

    for number, value in ((0, "50"), (1, "60")):
        sheet = Assignment.objects.get(
            entry__stage=final, entry__proposal__unit=made.agencies[number]
        )
        services.declare_no_conflict(sheet, by=judge, at=make.NOON)
        typed = Sheet(values={"presentasi": Decimal(value)})
        services.submit_scorecard(sheet, sheet=typed, version=sheet.version, by=judge, at=make.NOON)
    ranking = services.close_stage(final, by=made.chair, at=make.NOON)

    assert first.law["tiers"] == []
    lines = ranking.standings.values_list(
        "entry__proposal__unit__name", "place", "stage_score", "score", "tiers"
    )
    assert list(lines) == [
        ("Dinas 01", 1, Decimal(60), Decimal("67.50"), ["top2", "top1"]),
        ("Dinas 00", 2, Decimal(50), Decimal("60.80"), ["top2"]),
    ]


def test_change_stage_rewrites_law_and_rubric_until_it_opens() -> None:
    made = city()
    version = made.stage.version
    terms = [
        CriterionTerms(key="kebaruan", label="Kebaruan", weight=Decimal(100)),
        CriterionTerms(key="lain", label="Lain", weight=Decimal(0)),
    ]

    services.change_stage(
        made.stage,
        law={"method": "median", "advance_count": 1},
        criteria=terms,
        version=version,
        by=made.chair,
        at=make.NOON,
    )

    made.stage.refresh_from_db()
    assert (made.stage.method, made.stage.advance_count) == ("median", 1)
    assert list(made.stage.criteria.values_list("key", "weight", "order")) == [
        ("kebaruan", Decimal(100), 0),
        ("lain", Decimal(0), 1),
    ]
    with pytest.raises(ValidationError) as error:
        services.change_stage(
            made.stage, law={}, criteria=terms, version=version, by=made.chair, at=make.NOON
        )
    assert code_of(error) == "stale"
    services.open_stage(made.stage, by=made.chair, at=make.NOON)
    with pytest.raises(ValidationError) as error:
        services.change_stage(
            made.stage, law={}, criteria=terms, version=version + 2, by=made.chair, at=make.NOON
        )
    assert code_of(error) == "not_now"


def test_change_stage_knows_only_the_law() -> None:
    made = city()

    with pytest.raises(TypeError):
        services.change_stage(
            made.stage,
            law={"status": "open"},
            criteria=[],
            version=made.stage.version,
            by=made.chair,
            at=make.NOON,
        )


def test_panel_is_seated_once_and_only_during_setup() -> None:
    made = city(judges=2)
    judge = made.judges[0]

    with pytest.raises(ValidationError):
        services.seat_panelist(made.stage, user=judge, by=made.chair, at=make.NOON)
    services.unseat_panelist(made.stage.panel.get(user=judge), by=made.chair, at=make.NOON)
    assert list(made.stage.panel.values_list("user", flat=True)) == [made.judges[1].pk]

    services.open_stage(made.stage, by=made.chair, at=make.NOON)
    with pytest.raises(ValidationError) as error:
        services.seat_panelist(made.stage, user=judge, by=made.chair, at=make.NOON)
    assert code_of(error) == "not_now"


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


def test_close_freezes_a_ranking_that_recomputes() -> None:
    made, ranking = closed(judges=2, entries=3)

    assert made.stage.status == StageStatus.CLOSED
    lines = ranking.standings.values_list(
        "place", "rank", "score", "readings", "advances", "tiers", "entry__proposal__unit__name"
    )
    assert list(lines) == [
        (1, 1, Decimal(86), 2, True, ["top2", "top1"], "Dinas 00"),
        (2, 2, Decimal(85), 2, True, ["top2"], "Dinas 01"),
        (3, 3, Decimal(84), 2, False, [], "Dinas 02"),
    ]
    law, entries = law_from_plain(ranking.law), entries_from_plain(ranking.inputs)
    assert inputs_hash(law, entries) == ranking.inputs_hash
    again = [str(line.cumulative) for line in rank_entries(law, entries).lines]
    assert again == ["86.00", "85.00", "84.00"]
    assert len(ranking.code_version) == 40


def test_close_asks_to_confirm_missing_scorecards_and_does_not_count_them() -> None:
    made = opened(judges=2, entries=2)
    made.score(made.judges[0], 0, "80", "80")

    with pytest.raises(ValidationError) as error:
        services.close_stage(made.stage, missing_accepted=2, by=made.chair, at=make.NOON)
    assert code_of(error) == "missing"
    assert error.value.messages == [
        "3 scorecards are not submitted. Confirm that they will not count."
    ]

    ranking = services.close_stage(made.stage, missing_accepted=3, by=made.chair, at=make.NOON)
    lines = ranking.standings.values_list("place", "readings", "score", "unranked")
    assert list(lines) == [(1, 1, Decimal(80), ""), (None, 0, None, "no_reading")]


def test_close_from_two_tabs_freezes_once() -> None:
    made, ranking = closed()

    with pytest.raises(ValidationError) as error:
        services.close_stage(made.stage, by=made.organizer, at=make.NOON)

    assert code_of(error) == "not_now"
    assert list(made.stage.rankings.all()) == [ranking]


def test_nothing_is_saved_after_the_close() -> None:
    made = opened(judges=1, entries=1)
    judge = made.judges[0]
    sheet = made.sheet(judge, 0)
    services.declare_no_conflict(sheet, by=judge, at=make.NOON)
    services.close_stage(made.stage, missing_accepted=1, by=made.chair, at=make.NOON)

    with pytest.raises(ValidationError) as error:
        services.save_scorecard(
            sheet, sheet=marks("1", "1"), version=sheet.version, by=judge, at=make.NOON
        )

    assert code_of(error) == "closed"


def test_reopen_keeps_the_old_ranking_and_the_next_close_makes_a_new_one() -> None:
    made, first = closed(judges=1, entries=2)
    judge = made.judges[0]

    with pytest.raises(ValidationError) as error:
        services.reopen_stage(made.stage, reason="", by=made.chair, at=make.NOON)
    assert code_of(error) == "reason"
    services.reopen_stage(made.stage, reason="Keberatan diterima", by=made.chair, at=make.NOON)
    sheet = made.sheet(judge, 1)
    services.revise_scorecard(sheet, reason="Keberatan", by=judge, at=make.NOON)
    services.submit_scorecard(
        sheet, sheet=marks("99", "99"), version=sheet.version, by=judge, at=make.NOON
    )
    second = services.close_stage(made.stage, by=made.chair, at=make.NOON)

    assert (first.version, second.version) == (1, 2)
    assert [line.entry.proposal.unit for line in first.standings.all()] == made.agencies
    assert [line.entry.proposal.unit for line in second.standings.all()] == made.agencies[::-1]
    assert Message.objects.filter(kind="judging_stage_reopened").count() == 1


def test_reopen_is_refused_once_something_rests_on_the_result() -> None:
    made, _ranking = closed()
    final = make.stage(made.competition, "final")
    make.criterion(final)
    services.seat_panelist(final, user=made.judges[0], by=made.chair, at=make.NOON)
    services.open_stage(final, by=made.chair, at=make.NOON)

    with pytest.raises(ValidationError) as error:
        services.reopen_stage(made.stage, reason="Salah", by=made.chair, at=make.NOON)

    assert code_of(error) == "next_stage_open"


def propose(made: City) -> Publication:
    return services.propose_publication(
        made.stage,
        decree_number="188.45/1/2026",
        decree_on=date(2026, 3, 2),
        by=made.organizer,
        at=make.NOON,
    )


def test_release_by_a_second_person_publishes_awards_and_tells_everybody() -> None:
    made, _ranking = closed(entries=3)
    authors = [make.user() for _agency in made.agencies]
    for author, agency in zip(authors, made.agencies, strict=True):
        make.membership(author, agency)
    publication = propose(made)
    asked = Message.objects.filter(kind="results_proposed").values_list("recipient", flat=True)
    assert list(asked) == [made.chair.pk]

    services.release_publication(publication, by=made.chair, at=make.NOON)

    made.stage.refresh_from_db()
    assert made.stage.status == StageStatus.PUBLISHED
    awards = Award.objects.values_list("place", "tier_key", "tier_size", "unit_name", "title")
    assert list(awards) == [
        (1, "top1", 1, "Dinas 00", "Inovasi Dinas 00"),
        (2, "top2", 2, "Dinas 01", "Inovasi Dinas 01"),
    ]
    told = Message.objects.filter(kind="results_released")
    assert set(told.values_list("recipient", flat=True)) == {author.pk for author in authors}
    assert "Inovasi Dinas 00: Top 1" in told.get(recipient=authors[0]).text


def test_release_by_the_proposer_is_refused_by_service_and_database() -> None:
    made, _ranking = closed()
    publication = propose(made)

    with pytest.raises(ValidationError) as error:
        services.release_publication(publication, by=made.organizer, at=make.NOON)
    assert code_of(error) == "second_person"
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.filter(pk=publication.pk).update(
            status="released", released_by=made.organizer, released_at=make.NOON
        )
    publication.refresh_from_db()
    assert publication.status == PublicationStatus.PROPOSED


def test_only_a_closed_final_stage_is_proposed_and_only_once() -> None:
    made, _ranking = closed()
    publication = propose(made)
    with pytest.raises(ValidationError) as error:
        propose(made)
    assert code_of(error) == "proposed"
    with pytest.raises(ValidationError) as error:
        services.reopen_stage(made.stage, reason="Salah", by=made.chair, at=make.NOON)
    assert code_of(error) == "proposed"

    services.withdraw_publication(publication, reason="Salah nomor", by=made.chair, at=make.NOON)
    make.stage(made.competition, "final")
    with pytest.raises(ValidationError) as error:
        propose(made)
    assert code_of(error) == "not_final"


def test_open_stage_cannot_be_proposed() -> None:
    made = opened()

    with pytest.raises(ValidationError) as error:
        propose(made)

    assert code_of(error) == "not_now"


def test_withdrawal_keeps_the_version_and_makes_room_for_the_next() -> None:
    made, _ranking = closed()
    author = make.user()
    make.membership(author, made.agencies[0])
    publication = propose(made)
    services.release_publication(publication, by=made.chair, at=make.NOON)

    with pytest.raises(ValidationError) as error:
        services.withdraw_publication(publication, reason="", by=made.chair, at=make.NOON)
    assert code_of(error) == "reason"
    services.withdraw_publication(publication, reason="Salah SK", by=made.chair, at=make.NOON)
    second = propose(made)
    services.release_publication(second, by=made.chair, at=make.NOON)

    assert list(Publication.objects.values_list("number", "status", "withdrawn_reason")) == [
        (2, "released", ""),
        (1, "withdrawn", "Salah SK"),
    ]
    assert publication.awards.count() == second.awards.count() == 2
    kinds = Message.objects.filter(recipient=author).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["results_released", "results_withdrawn", "results_released"]


def test_remind_judge_tells_the_open_count_once_a_day() -> None:
    made = opened(judges=1, entries=2)
    made.score(made.judges[0], 0, "1", "1")
    panelist = made.stage.panel.get()

    services.remind_judge(panelist, by=made.organizer, at=make.NOON)
    services.remind_judge(panelist, by=made.organizer, at=make.NOON)

    assert Message.objects.filter(kind="judging_sheets_open").count() == 1
    made.score(made.judges[0], 1, "1", "1")
    with pytest.raises(ValidationError) as error:
        services.remind_judge(panelist, by=made.organizer, at=make.NOON)
    assert code_of(error) == "nothing_open"


def test_close_refuses_values_that_the_law_cannot_read_and_changes_nothing() -> None:
    made = opened(judges=1, entries=1)
    made.score(made.judges[0], 0, "80", "80")
    Score.objects.filter(criterion__key="kebaruan").update(value="101")

    with pytest.raises(ValidationError) as error:
        services.close_stage(made.stage, by=made.chair, at=make.NOON)

    assert code_of(error) == "bad_score"
    made.stage.refresh_from_db()
    assert (made.stage.status, made.stage.rankings.count()) == (StageStatus.OPEN, 0)
