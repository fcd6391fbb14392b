"""Drafts of who reads what: planned, compared, moved by hand, released in one act."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from accounts.models import Message
from judging import jobs, services
from judging.assigning import Move
from judging.models import Assignment, AssignmentDraft, Panel, Stage
from judging.queries.drafts import statistic_rows, view_draft
from judging.workflow import DraftStatus, StageStatus
from kipp.jobs import KINDS
from tests import make
from tests.clients import signed_in
from tests.finishing import finish_jobs
from tests.judging.field import City, at, city, code_of, find_offenders, last_entry

pytestmark = pytest.mark.django_db
Pairs = set[tuple[str, str]]


def drafted(made: City, **terms: object) -> AssignmentDraft:
    return services.make_draft(
        made.stage,
        by=made.organizer,
        at=make.NOON,
        **{"readings": {"desk": 2}, "seed": 5, **terms},  # type: ignore[arg-type]
    )


def release(made: City, draft: AssignmentDraft) -> Stage:
    return services.release_draft(draft, version=draft.version, by=made.organizer, at=make.NOON)


def pairs_in(draft: AssignmentDraft) -> Pairs:
    return {(judge, entry) for judge, entry, _reason in draft.pairs}


def sheets(made: City) -> Pairs:
    rows = Assignment.objects.filter(entry__stage=made.stage).exclude(status="recused")
    found = rows.values_list("panelist_id", "entry__submission__receipt")
    return {(str(judge), receipt) for judge, receipt in found}


def move(made: City, draft: AssignmentDraft, **terms: str) -> AssignmentDraft:
    return services.move_reading(
        draft, move=Move(**terms), version=draft.version, by=made.organizer, at=make.NOON
    )


def test_a_draft_is_seen_by_no_judge_and_released_in_one_act() -> None:
    made = city(judges=4, entries=6)
    judge = signed_in(made.judges[0])
    before = judge.get("/juri/").content.count(b"<article")

    draft = drafted(made)
    seen = judge.get("/juri/").content.count(b"<article")
    hidden = (seen, Assignment.objects.count(), Message.objects.count())
    stage = release(made, draft)

    assert hidden == (before, 0, 0)
    assert stage.status == StageStatus.OPEN
    assert stage.seed == 5
    assert sheets(made) == pairs_in(draft)
    draft.refresh_from_db()
    assert (draft.status, draft.released_by) == (DraftStatus.RELEASED, made.organizer)
    assert Message.objects.filter(kind="judging_stage_opened").count() == 4
    assert list(Panel.objects.values_list("kind", "readings")) == [("desk", 2)]
    assert last_entry(made.stage).action == "draft.released"
    assert find_offenders() == []


def test_same_lot_same_plan_and_another_number_of_readings_another_load() -> None:
    made = city(judges=4, entries=6)
    first, same, other = (
        drafted(made),
        drafted(made),
        drafted(made, readings={"desk": 3}),
    )

    assert [draft.number for draft in (first, same, other)] == [1, 2, 3]
    assert first.pairs == same.pairs
    columns = [view_draft(draft, at=make.NOON).statistics for draft in (first, other)]
    assert [(each.load_min, each.load_max, each.read_min) for each in columns] == [
        (3, 3, 2),
        (4, 5, 3),
    ]
    assert columns[1].error_max < columns[0].error_max  # type: ignore[operator]
    assert len(statistic_rows(*columns, stage=made.stage)) == 9


def test_a_reading_is_handed_over_exchanged_given_and_taken() -> None:
    made = city(judges=3, entries=3)
    draft = drafted(made, readings={"desk": 1})
    planned = sorted(pairs_in(draft))
    first, entry, second, other = next(
        (*mine, *theirs)
        for mine in planned
        for theirs in planned
        if not {(mine[0], theirs[1]), (theirs[0], mine[1])} & set(planned)
    )

    exchanged = move(made, draft, entry=entry, giver=first, taker=second, in_return=other)
    swapped = pairs_in(exchanged)
    more = move(made, exchanged, entry=entry, taker=first)
    less = move(made, more, entry=entry, giver=first)

    assert swapped >= {(second, entry), (first, other)}
    assert (first, entry) not in swapped
    assert pairs_in(more) - swapped == {(first, entry)}
    assert pairs_in(less) == swapped
    assert less.version == 4
    assert last_entry(made.stage).data["taken"] == [[first, entry]]
    assert [row[2] for row in less.pairs if row[2] == "manual"] == ["manual"] * 2


def test_a_move_against_a_conflict_or_the_capacity_is_refused() -> None:
    made = city(judges=3, entries=3)
    make.membership(made.judges[0], made.agencies[0])
    insider, other, _third = (made.stage.panel.get(user=judge) for judge in made.judges)
    other.capacity = 1
    other.save(update_fields=["capacity"])
    draft = drafted(made, readings={"desk": 1})
    entry = made.competition.submissions.get(proposal__unit=made.agencies[0]).receipt
    free = next(
        each.receipt
        for each in made.competition.submissions.all()
        if (str(other.pk), each.receipt) not in pairs_in(draft)
    )

    for judge, receipt, word in ((insider, entry, "conflict"), (other, free, "agreed")):
        with pytest.raises(ValidationError) as error:
            move(made, draft, entry=receipt, taker=str(judge.pk))
        assert word in error.value.messages[0]
    draft.refresh_from_db()
    assert draft.version == 1


def test_a_draft_goes_stale_when_an_entry_is_withdrawn_and_is_adjusted() -> None:
    made = city(judges=4, entries=6)
    draft = drafted(made)
    moved = move(made, draft, entry=draft.pairs[0][1], giver=draft.pairs[0][0])
    made.competition.proposals.filter(unit=made.agencies[5]).update(status="withdrawn")

    with pytest.raises(ValidationError) as error:
        release(made, moved)
    adjusted = services.adjust_draft(moved, by=made.organizer, at=make.NOON)
    release(made, adjusted)

    assert code_of(error) == "stale"
    gone = made.competition.submissions.get(proposal__unit=made.agencies[5]).receipt
    kept = {pair for pair in pairs_in(moved) if pair[1] != gone}
    assert kept <= pairs_in(adjusted)
    assert len(sheets(made)) == 10


@pytest.mark.parametrize("spoil", ["judge", "conflict", "capacity"])
def test_a_draft_goes_stale_with_its_judges(spoil: str) -> None:
    made = city(judges=4, entries=6)
    draft = drafted(made)
    seat = made.stage.panel.get(user=made.judges[0])
    if spoil == "judge":
        services.unseat_panelist(seat, by=made.chair, at=make.NOON)
    elif spoil == "conflict":
        make.membership(made.judges[0], made.agencies[0])
    else:
        seat.capacity = 1
        seat.save(update_fields=["capacity"])

    assert not view_draft(draft, at=make.NOON).is_fresh
    with pytest.raises(ValidationError) as error:
        release(made, draft)
    assert code_of(error) == "stale"
    assert made.stage.entries.count() == 0


def test_in_an_open_stage_begun_work_stays_and_only_unopened_sheets_move() -> None:
    made = city(judges=4, entries=6)
    release(made, drafted(made))
    begun = Assignment.objects.select_related("entry__stage", "panelist").earliest("pk")
    services.declare_no_conflict(begun, by=begun.panelist.user, at=make.NOON)
    before = sheets(made)
    opened = (str(begun.panelist_id), begun.entry.submission.receipt)
    unopened = min(pair for pair in before if pair != opened and pair[0] != opened[0])
    taker = next(
        str(seat.pk) for seat in made.stage.panel.all() if (str(seat.pk), unopened[1]) not in before
    )

    draft = drafted(made, readings={})
    with pytest.raises(ValidationError) as error:
        move(made, draft, entry=opened[1], giver=opened[0])
    draft = move(made, draft, entry=unopened[1], giver=unopened[0], taker=taker)
    release(made, draft)

    assert "begun" in error.value.messages[0]
    assert sheets(made) == (before - {unopened}) | {(taker, unopened[1])}
    assert Message.objects.filter(kind="judging_readings_added").count() == 1
    assert find_offenders() == []


def test_a_sheet_opened_after_the_draft_is_not_taken_away() -> None:
    made = city(judges=4, entries=6)
    release(made, drafted(made))
    sheet = Assignment.objects.select_related("entry__stage", "panelist").earliest("pk")
    pair = (str(sheet.panelist_id), sheet.entry.submission.receipt)
    draft = move(made, drafted(made, readings={}), entry=pair[1], giver=pair[0])
    services.declare_no_conflict(sheet, by=sheet.panelist.user, at=make.NOON)

    with pytest.raises(ValidationError) as error:
        release(made, draft)

    assert code_of(error) == "stale"
    assert pair in sheets(made)


@pytest.mark.django_db(transaction=True)
def test_of_two_organisers_who_release_at_once_one_wins() -> None:
    made = city(judges=4, entries=6)
    drafts = [drafted(made, seed=1), drafted(made, seed=2)]
    gate, codes = Barrier(2), []

    def press(draft: AssignmentDraft) -> None:
        gate.wait()
        try:
            release(made, draft)
            codes.append("released")
        except ValidationError as error:
            codes.append(str(error.error_list[0].code))
        finally:
            connection.close()

    threads = [Thread(target=press, args=[draft]) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(codes) == ["released", "stale"]
    winner = AssignmentDraft.objects.get(status="released")
    assert sheets(made) == pairs_in(winner)
    assert len(sheets(made)) == 12


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({"readings_desk": "9"}, "has 3 judges"),
        ({"readings_desk": "0"}, "1"),
        ({"seed": "-1"}, "0"),
    ],
)
def test_impossible_terms_are_refused_and_kept(sent: dict[str, str], word: str) -> None:
    made = city(judges=3, entries=2)

    reply = signed_in(made.organizer).post(at(made, "draft-list"), sent)

    assert reply.status_code == 422
    assert word in str(reply.context["form"].errors)
    assert next(iter(sent.values())) in reply.content.decode()
    assert not AssignmentDraft.objects.exists()


def test_an_entry_that_every_judge_is_barred_from_is_named() -> None:
    made = city(judges=2, entries=2)
    for judge in made.judges:
        make.membership(judge, made.agencies[0])

    draft = drafted(made, readings={"desk": 1})

    page = signed_in(made.organizer).get(at(made, "draft", draft.number))
    (gap,) = page.context["gaps"]
    assert (gap.submission.proposal.unit, gap.gap.reason) == (made.agencies[0], "conflicts")
    with pytest.raises(ValidationError) as error:
        release(made, draft)
    assert code_of(error) == "too_few_judges"


def test_pages_show_the_effect_before_anything_changes() -> None:
    made = city(judges=4, entries=6)
    client = signed_in(made.organizer)
    planned = client.post(at(made, "draft-list"), {"readings_desk": "2", "seed": "5"})
    client.post(at(made, "draft-list"), {"readings_desk": "3"})
    draft = made.stage.drafts.get(number=1)
    judge, entry, _reason = draft.pairs[0]
    url = at(made, "draft-move", 1, entry)

    side_by_side = client.get(at(made, "draft-compare", 1), {"dengan": "2"})
    preview = client.get(url, {"dari": judge})
    nobody = client.get(url, {"dari": judge, "kepada": "999"})
    done = client.post(url, preview.context["sent"])
    twice = client.post(url, preview.context["sent"])
    confirm = client.get(at(made, "draft-release", 1))
    released = client.post(at(made, "draft-release", 1), {"version": "2"})
    again = client.post(at(made, "draft-release", 2), {"version": "1"})

    assert planned.headers["Location"] == at(made, "draft", 1)
    assert [texts[0] == texts[1] for _label, texts in side_by_side.context["rows"]][:2] == [
        False,
        False,
    ]
    assert preview.context["rows"][0][1] == ["12", "11"]
    assert [reply.status_code for reply in (nobody, done, twice)] == [422, 302, 422]
    assert (confirm.status_code, released.status_code, again.status_code) == (200, 302, 409)
    assert made.stage.entries.count() == 6


def test_a_large_stage_is_planned_by_a_job_with_the_same_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = city(judges=4, entries=6)
    client, small = signed_in(made.organizer), drafted(made)
    monkeypatch.setattr(jobs, "PAIRS_AT_ONCE", 4 * 6 - 1)

    asked = client.post(at(made, "draft-list"), {"readings_desk": "2", "seed": "5"})
    (planned,) = finish_jobs()
    adjusting = client.post(at(made, "draft-adjust", 2))
    (adjusted,) = finish_jobs()

    assert asked.headers["Location"] == reverse("job", args=[planned.pk])
    assert adjusting.headers["Location"] == reverse("job", args=[adjusted.pk])
    assert (planned.outcome, adjusted.outcome) == ({"draft": 2}, {"draft": 3})
    assert KINDS[planned.kind].page(planned) == at(made, "draft", 2)
    assert pairs_in(made.stage.drafts.get(number=2)) == pairs_in(small)


def test_a_planning_that_cannot_be_says_why_and_leaves_no_draft(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = city(judges=1, entries=1)
    monkeypatch.setattr(jobs, "PAIRS_AT_ONCE", 0)
    signed_in(made.organizer).post(at(made, "draft-list"), {"seed": "5"})
    made.stage.panel.update(status="declined")

    (job,) = finish_jobs()

    assert (job.status, job.error) == ("failed", "Nobody on the panel has accepted yet.")
    assert KINDS[job.kind].page(job) == at(made, "draft-list")
    assert made.stage.drafts.count() == 0


def test_drafts_are_the_runners_alone() -> None:
    made = city(judges=4, entries=6)
    draft = drafted(made)
    auditor = make.user()
    make.seat(auditor, made.competition, "auditor")
    names = [at(made, "draft-list"), at(made, "draft", draft.number), at(made, "conflict-list")]

    for person, status in ((auditor, 403), (made.judges[0], 404), (made.chair, 200)):
        client = signed_in(person)
        assert [client.get(url).status_code for url in names] == [status] * 3


def test_a_discarded_draft_is_released_by_nobody() -> None:
    made = city(judges=4, entries=6)
    draft = drafted(made)
    client = signed_in(made.organizer)

    gone = client.post(at(made, "draft-discard", 1), {"version": "1"})
    again = client.post(at(made, "draft-discard", 1), {"version": "1"})

    assert (gone.status_code, again.status_code) == (302, 409)
    with pytest.raises(ValidationError):
        release(made, draft)
