"""The timetable of a presentation stage: who may say what until when, and who is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import Message, User
from judging import services
from judging.models import Absence, Panelist, Slot, Timetable, Wish
from judging.queries.timetable import judged_lines_of, left_over
from judging.workflow import SlotStatus
from tests import make
from tests.judging.field import City, city, code_of, last_entry
from tests.judging.timetables import (
    DAY,
    drafted,
    frame,
    framed,
    hours,
    presenting,
    released,
    slots_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> City:
    return presenting()


def told(kind: str) -> list[str]:
    rows = Message.objects.filter(kind=kind).order_by("recipient__full_name")
    return list(rows.values_list("recipient__full_name", flat=True))


def test_days_and_rooms_are_kept_and_recorded(made: City) -> None:
    table = framed(made, pauses=["09:00-09:30"])

    days = [(day.starts_at, day.ends_at) for day in table.days.all()]
    assert (table.slot_minutes, table.rooms, table.pauses) == (30, ["Aula"], ["09:00-09:30"])
    assert days == [(hours(8, 10).starts, hours(8, 10).ends)]
    assert last_entry(made.stage).action == "timetable.set"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"days": []}, "empty"),
        ({"rooms": []}, "empty"),
        ({"rooms": ["Aula", "aula"]}, "room_twice"),
        ({"days": [hours(8, 10), hours(9, 12)]}, "overlap"),
        ({"days": [hours(10, 10)]}, "day_ends"),
        ({"days": [hours(8, 10, day=DAY + timedelta(days=900))]}, "outside"),
        ({"slot_minutes": 0}, "length"),
        ({"slot_minutes": 121}, "no_slot"),
        ({"pauses": ["07:00-11:00"]}, "no_slot"),
        ({"pauses": ["siang"]}, "pause"),
    ],
)
def test_senseless_frame_is_refused_whole(made: City, wrong: dict[str, object], code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        framed(made, **wrong)

    assert code_of(caught) == code
    assert not Timetable.objects.exists()


def test_draft_gives_every_team_a_slot_of_its_own(made: City) -> None:
    table = drafted(made)

    taken = [slot for slot in slots_of(table) if slot.entry_id]
    assert (len(slots_of(table)), len({slot.entry_id for slot in taken})) == (4, 3)
    assert not left_over(table).exists()
    entry = last_entry(made.stage)
    assert (entry.action, entry.data["seed"], entry.data["teams"]) == ("timetable.drafted", 5, 3)
    assert not Message.objects.filter(kind__startswith="judging_slot").exists()


def test_draft_needs_the_open_stage() -> None:
    waiting = city(kind="presentation")
    table = framed(waiting)

    with pytest.raises(ValidationError) as caught:
        services.draft_timetable(table, version=1, by=waiting.organizer, at=make.NOON)

    assert code_of(caught) == "not_now"


def test_more_teams_than_slots_leave_the_old_draft(made: City) -> None:
    drafted(made)
    table = services.set_timetable(
        made.stage,
        frame=frame(days=[hours(8, 9)]),
        version=2,
        by=made.organizer,
        at=make.NOON,
    )

    with pytest.raises(ValidationError) as caught:
        services.draft_timetable(table, version=3, by=made.organizer, at=make.NOON)

    assert code_of(caught) == "too_few_slots"
    assert caught.value.messages[0].startswith("3 ")


def test_wish_and_absence_are_minded_or_named(made: City) -> None:
    table = framed(made)
    entry = made.stage.entries.first()
    assert entry
    late = Wish(entry=entry, want=Wish.Want.NOT_BEFORE, clock=time(9, 30))
    services.add_wish(late, by=made.organizer, at=make.NOON)
    panelist = Panelist.objects.filter(stage=made.stage).first()
    assert panelist
    day = hours(8, 9)
    away = Absence(panelist=panelist, starts_at=day.starts, ends_at=day.ends)
    services.add_absence(away, by=made.organizer, at=make.NOON)

    table = services.draft_timetable(
        table, version=table.version, by=made.organizer, at=make.NOON, seed=1
    )

    lines = {line.slot.entry_id: line for line in judged_lines_of(table) if line.title}
    assert lines[entry.pk].time == "09.30\u201310.00"
    assert [line.unmet for line in judged_lines_of(table) if line.unmet] == [
        [f"{panelist.user.full_name} cannot be there."]
    ]


def test_wish_says_a_day_or_an_hour(made: City) -> None:
    framed(made)
    entry = made.stage.entries.first()
    for fields in ({"want": "not_on"}, {"want": "not_after", "day": DAY}, {"want": "later"}):
        with pytest.raises(ValidationError):
            services.add_wish(Wish(entry=entry, **fields), by=made.organizer, at=make.NOON)

    assert not Wish.objects.exists()


def test_old_page_changes_nothing(made: City) -> None:
    table = drafted(made)

    for act in (services.draft_timetable, services.release_timetable):
        with pytest.raises(ValidationError) as caught:
            act(table, version=1, by=made.organizer, at=make.NOON)
        assert code_of(caught) == "stale"
    with pytest.raises(ValidationError) as caught:
        framed(made)
    assert code_of(caught) == "stale"


def test_release_tells_teams_and_judges_once(made: City) -> None:
    table = released(made)

    assert told("judging_slot_given") == [f"Penulis Dinas {number:02}" for number in range(3)]
    assert told("judging_timetable_released") == ["Juri 0", "Juri 1"]
    mail = Message.objects.filter(kind="judging_slot_given").first()
    assert mail
    assert "Aula" in mail.text
    for act in (services.release_timetable, services.draft_timetable):
        with pytest.raises(ValidationError) as caught:
            act(table, version=table.version, by=made.chair, at=make.NOON)
        assert code_of(caught) == "not_now"


def test_timetable_with_a_team_left_over_is_not_released(made: City) -> None:
    table = drafted(made)
    Slot.objects.filter(pk=slots_of(table)[0].pk).update(entry=None)

    with pytest.raises(ValidationError) as caught:
        services.release_timetable(table, version=table.version, by=made.chair, at=make.NOON)

    assert code_of(caught) == "short"


def test_swap_after_the_release_tells_the_two_teams_and_their_judges(made: City) -> None:
    table = released(made)
    first, second, third, free = slots_of(table)
    before = [first.entry_id, second.entry_id, third.entry_id]

    services.swap_slots(
        table, first=first.pk, second=third.pk, version=3, by=made.organizer, at=make.NOON
    )

    assert [slot.entry_id for slot in slots_of(table)] == [before[2], before[1], before[0], None]
    assert len(told("judging_slot_moved")) == 2
    assert told("judging_slots_moved") == ["Juri 0", "Juri 1"]
    services.swap_slots(
        table, first=first.pk, second=free.pk, version=4, by=made.organizer, at=make.NOON
    )
    assert len(told("judging_slot_moved")) == 3
    assert last_entry(made.stage).action == "timetable.swapped"


def test_swap_of_a_draft_tells_nobody(made: City) -> None:
    table = drafted(made)
    first, second, *_others = slots_of(table)

    services.swap_slots(
        table, first=first.pk, second=second.pk, version=2, by=made.organizer, at=make.NOON
    )

    assert told("judging_slot_moved") == []


def test_swap_that_seats_a_judge_twice_is_refused(made: City) -> None:
    """Two rooms: the third team would present beside one that the same judges hear."""
    table = drafted(made, rooms=["A", "B"])
    used, beside = slots_of(table)[:2]
    taken, free = (used, beside) if used.entry_id else (beside, used)
    other = next(s for s in slots_of(table) if s.entry_id and s.pk != taken.pk)

    with pytest.raises(ValidationError) as caught:
        services.swap_slots(
            table, first=other.pk, second=free.pk, version=2, by=made.organizer, at=make.NOON
        )

    assert code_of(caught) == "clash"
    assert "Juri 0, Juri 1" in caught.value.messages[0]


@pytest.mark.parametrize(("first", "second", "code"), [(0, 0, "two"), (3, 3, "two")])
def test_swap_needs_two_slots(made: City, first: int, second: int, code: str) -> None:
    table = drafted(made)
    slots = slots_of(table)

    with pytest.raises(ValidationError) as caught:
        services.swap_slots(
            table,
            first=slots[first].pk,
            second=slots[second].pk,
            version=2,
            by=made.organizer,
            at=make.NOON,
        )

    assert code_of(caught) == code


def test_team_that_was_called_keeps_its_slot(made: City) -> None:
    table = released(made)
    first, second, *_others = slots_of(table)
    services.call_team(first, version=first.version, by=made.chair, at=make.NOON)

    with pytest.raises(ValidationError) as caught:
        services.swap_slots(
            table, first=first.pk, second=second.pk, version=3, by=made.chair, at=make.NOON
        )
    assert code_of(caught) == "begun"
    with pytest.raises(ValidationError) as caught:
        services.recall_timetable(table, reason="Listrik", version=3, by=made.chair, at=make.NOON)
    assert code_of(caught) == "begun"


def test_recall_makes_a_draft_and_tells_everybody_why(made: City) -> None:
    table = released(made)
    with pytest.raises(ValidationError) as caught:
        services.recall_timetable(table, reason=" ", version=3, by=made.chair, at=make.NOON)
    assert code_of(caught) == "reason"

    table = services.recall_timetable(
        table, reason="Aula dipakai upacara", version=3, by=made.chair, at=make.NOON
    )

    assert not table.is_released
    assert len(told("judging_timetable_recalled")) == 5
    again = services.release_timetable(table, version=4, by=made.chair, at=make.NOON)
    assert again.is_released
    assert len(told("judging_slot_given")) == 6


def test_one_team_at_a_time_in_a_room(made: City) -> None:
    table = released(made)
    first, second, third, free = slots_of(table)
    by = made.chair
    services.call_team(first, version=first.version, by=by, at=make.NOON)

    for slot, version, code in ((second, second.version, "room_busy"), (first, 99, "stale")):
        with pytest.raises(ValidationError) as caught:
            services.call_team(slot, version=version, by=by, at=make.NOON)
        assert code_of(caught) == code
    with pytest.raises(ValidationError) as caught:
        services.call_team(free, version=free.version, by=by, at=make.NOON)
    assert code_of(caught) == "free"
    first.refresh_from_db()
    services.finish_team(first, version=first.version, by=by, at=make.NOON)
    services.skip_team(second, version=second.version, by=by, at=make.NOON)
    services.call_team(third, version=third.version, by=by, at=make.NOON)
    third.refresh_from_db()
    services.finish_team(third, version=third.version, by=by, at=make.NOON)
    second.refresh_from_db()
    services.call_team(second, version=second.version, by=by, at=make.NOON)
    states = [slot.status for slot in slots_of(table)]
    assert states == [SlotStatus.DONE, SlotStatus.NOW, SlotStatus.DONE, SlotStatus.WAITING]


def test_nobody_is_called_before_the_release(made: City) -> None:
    slot = slots_of(drafted(made))[0]

    with pytest.raises(ValidationError) as caught:
        services.call_team(slot, version=slot.version, by=made.chair, at=make.NOON)

    assert code_of(caught) == "not_now"


@pytest.mark.django_db(transaction=True)
def test_two_organizers_swap_at_once_and_one_is_told(made: City) -> None:
    table = drafted(made)
    slots = slots_of(table)
    pairs = [(slots[0].pk, slots[1].pk), (slots[0].pk, slots[2].pk)]

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda pair: swap_in_thread(table, pair, by=made.chair), pairs))

    assert sorted(answers) == ["done", "stale"]
    taken = [slot.entry_id for slot in slots_of(table) if slot.entry_id]
    assert (len(taken), len(set(taken))) == (3, 3)


def swap_in_thread(table: Timetable, pair: tuple[int, int], *, by: User) -> str:
    try:
        services.swap_slots(table, first=pair[0], second=pair[1], version=2, by=by, at=make.NOON)
    except ValidationError as error:
        return str(error.code)
    finally:
        connection.close()
    return "done"
