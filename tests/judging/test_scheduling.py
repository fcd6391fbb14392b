"""The generator of a timetable: pure, so every promise is one small case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise, product
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.ranking import RuleError
from judging.scheduling import (
    Absence,
    Place,
    Span,
    Team,
    Unmet,
    Want,
    Wish,
    arrange_teams,
    clashes_of,
    cut_places,
    parse_pause,
    touching_spans,
    unmet_at,
)

ZONE = ZoneInfo("Asia/Jakarta")
DAY, NEXT = date(2021, 3, 16), date(2021, 3, 17)
EVERYBODY = frozenset({"a", "b", "c"})


def span(starts: str, ends: str, *, day: date = DAY) -> Span:
    clocks = (time.fromisoformat(starts), time.fromisoformat(ends))
    return Span(*(datetime.combine(day, clock, ZONE) for clock in clocks))


def two_days(*, rooms: Sequence[str] = ("Aula",), minutes: int = 20) -> list[Place]:
    days = [span("08:00", "16:40", day=day) for day in (DAY, NEXT)]
    return cut_places(days, rooms=rooms, pauses=[parse_pause("12.00-13.00")], minutes=minutes)


def teams(count: int, *, judges: frozenset[str] = EVERYBODY) -> list[Team]:
    return [Team(f"T{number:02}", judges) for number in range(count)]


def code_of(caught: pytest.ExceptionInfo[RuleError]) -> str:
    return caught.value.code


def test_slots_fill_the_day_around_the_break() -> None:
    places = cut_places(
        [span("08:00", "10:05")], rooms=["Aula"], pauses=[parse_pause("08:50-09:00")], minutes=20
    )

    assert [place.span for place in places] == [
        span("08:00", "08:20"),
        span("08:20", "08:40"),
        span("09:00", "09:20"),
        span("09:20", "09:40"),
        span("09:40", "10:00"),
    ]


def test_every_room_has_every_slot() -> None:
    places = cut_places([span("08:00", "09:00")], rooms=["B", "A"], pauses=[], minutes=30)

    assert [(f"{place.span.starts:%H:%M}", place.room) for place in sorted(places)] == [
        ("08:00", "A"),
        ("08:00", "B"),
        ("08:30", "A"),
        ("08:30", "B"),
    ]


@pytest.mark.parametrize("text", ["12.00-13.00", " 12:00 - 13:00 ", "12.00–13.00"])
def test_break_is_read_as_people_write_it(text: str) -> None:
    assert str(parse_pause(text)) == "12:00-13:00"


@pytest.mark.parametrize(
    "text", ["", "siang", "13.00-12.00", "12.00-12.00", "25.00-26.00", "12.00", "12.00-13.00-14.00"]
)
def test_unreadable_break_is_refused(text: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse_pause(text)

    assert code_of(caught) == "pause"


@pytest.mark.parametrize(("minutes", "code"), [(0, "length"), (-5, "length"), (1, "too_many")])
def test_senseless_slot_length_is_refused(minutes: int, code: str) -> None:
    with pytest.raises(RuleError) as caught:
        two_days(rooms=["A", "B", "C"], minutes=minutes)

    assert code_of(caught) == code


def test_days_that_overlap_are_found() -> None:
    morning, noon = span("08:00", "12:00"), span("11:59", "15:00")

    assert touching_spans([noon, morning]) == [noon]
    assert touching_spans([morning, span("12:00", "15:00")]) == []


def test_46_teams_find_two_days() -> None:
    asked = [
        Team(team.key, team.judges, (Wish(Want.NOT_ON, day=DAY),) if number < 15 else ())
        for number, team in enumerate(teams(46))
    ]

    made = arrange_teams(asked, two_days(), absences=[], seed=1)

    assert (len(made.placed), made.left_over, made.unmet) == (46, (), ())
    assert len(set(made.placed.values())) == 46


def test_46_teams_before_three_of_twelve_judges_find_three_rooms() -> None:
    """Any two teams may share a judge; which of the rooms they come to is all the same."""
    drawn = Random(4)
    judges, asked = [f"j{number}" for number in range(12)], []
    for number in range(46):
        own, wishes = frozenset(drawn.sample(judges, 3)), []
        if drawn.random() < 0.4:
            wishes.append(Wish(Want.NOT_ON, day=drawn.choice((DAY, NEXT))))
        if drawn.random() < 0.2:
            want = drawn.choice((Want.NOT_BEFORE, Want.NOT_AFTER))
            wishes.append(Wish(want, clock=time(drawn.choice((10, 11, 14)))))
        asked.append(Team(f"T{number:02}", own, tuple(wishes)))
    away = [Absence(judge, span("08:00", "10:00")) for judge in ("j0", "j1")]

    made = arrange_teams(asked, two_days(rooms="ABC", minutes=30), absences=away, seed=1)

    assert (len(made.placed), made.left_over, made.unmet) == (46, (), ())
    assert list(clashes_of([(team, made.placed[team.key]) for team in asked])) == []


def test_seed_decides_and_the_order_of_the_input_does_not() -> None:
    places = two_days()
    first = arrange_teams(teams(9), places, absences=[], seed=7)
    again = arrange_teams(teams(9)[::-1], places[::-1], absences=[], seed=7)
    other = arrange_teams(teams(9), places, absences=[], seed=8)

    assert first == again
    assert first.placed != other.placed


def test_no_gap_is_left_between_teams() -> None:
    made = arrange_teams(teams(7), two_days(), absences=[], seed=3)

    assert sorted(made.placed.values()) == sorted(two_days())[:7]


def test_more_teams_than_slots_are_counted() -> None:
    with pytest.raises(RuleError) as caught:
        arrange_teams(teams(47), two_days(), absences=[], seed=1)

    assert code_of(caught) == "too_few_slots"
    assert caught.value.params == {"teams": 47, "places": 46}


def test_what_cannot_be_met_is_said_by_name() -> None:
    stubborn = Team("X", EVERYBODY, (Wish(Want.NOT_BEFORE, clock=time(17)),))
    free = Team("Y", EVERYBODY, (Wish(Want.NOT_ON, day=DAY),))
    away = Absence("a", Span(span("08:00", "09:00").starts, span("16:00", "17:00", day=NEXT).ends))

    made = arrange_teams([stubborn, free], two_days(), absences=[away], seed=1)

    assert set(made.unmet) == {
        Unmet("X", Want.NOT_BEFORE, clock=time(17)),
        Unmet("X", Want.JUDGE, judge="a"),
        Unmet("Y", Want.JUDGE, judge="a"),
    }
    assert made.placed["Y"].span.starts.date() == NEXT


def test_absent_judge_outweighs_a_wish() -> None:
    team = Team("X", frozenset({"a"}), (Wish(Want.NOT_ON, day=NEXT),))
    away = Absence("a", span("08:00", "17:00"))

    made = arrange_teams([team], two_days(), absences=[away], seed=1)

    assert made.unmet == (Unmet("X", Want.NOT_ON, day=NEXT),)


def test_judge_sits_in_one_room_at_a_time() -> None:
    """Every pair of teams shares a judge, so a second room is of no use to them."""
    places = cut_places([span("08:00", "09:00")], rooms=["A", "B"], pauses=[], minutes=20)

    made = arrange_teams(teams(5), places, absences=[], seed=1)

    assert len(made.left_over) == 2
    starts = [place.span.starts for place in made.placed.values()]
    assert len(set(starts)) == 3


def test_panels_without_a_common_judge_use_both_rooms() -> None:
    line = [Team(f"T{n}", frozenset({"ab"[n % 2]})) for n in range(6)]
    places = cut_places([span("08:00", "09:00")], rooms=["A", "B"], pauses=[], minutes=20)

    made = arrange_teams(line, places, absences=[], seed=1)

    assert (made.left_over, list(clashes_of([(t, made.placed[t.key]) for t in line]))) == ((), [])


def test_a_team_that_most_speaks_for_a_time_yields_where_all_would_fit() -> None:
    """Whoever settles first what is nearly clear leaves one of these eight without a place."""
    panels = ["cd", "de", "ce", "de", "ac", "de", "ab", "bd"]
    line = [Team(f"T{number}", frozenset(panel)) for number, panel in enumerate(panels)]
    places = cut_places([span("08:00", "10:30")], rooms=["A", "B"], pauses=[], minutes=30)

    made = arrange_teams(line, places, absences=[], seed=1)

    assert (len(made.placed), made.left_over) == (8, ())


def test_judge_who_changes_rooms_needs_no_minute_between() -> None:
    line = [Team("X", EVERYBODY), Team("Y", EVERYBODY)]
    first = Place(span("08:00", "08:20"), "A")

    touching = [(line[0], first), (line[1], Place(span("08:20", "08:40"), "B"))]
    meeting = [(line[0], first), (line[1], Place(span("08:19", "08:39"), "B"))]

    assert list(clashes_of(touching)) == []
    assert list(clashes_of(meeting)) == [(line[0], line[1], EVERYBODY)]


@pytest.mark.parametrize(
    ("wish", "starts", "ends", "broken"),
    [
        (Wish(Want.NOT_ON, day=DAY), "08:00", "08:20", 1),
        (Wish(Want.NOT_ON, day=NEXT), "08:00", "08:20", 0),
        (Wish(Want.NOT_BEFORE, clock=time(9)), "08:59", "09:19", 1),
        (Wish(Want.NOT_BEFORE, clock=time(9)), "09:00", "09:20", 0),
        (Wish(Want.NOT_AFTER, clock=time(9)), "08:40", "09:00", 0),
        (Wish(Want.NOT_AFTER, clock=time(9)), "08:41", "09:01", 1),
    ],
)
def test_wish_is_met_at_its_very_edge(wish: Wish, starts: str, ends: str, broken: int) -> None:
    found = unmet_at(Team("X", wishes=(wish,)), span(starts, ends), absences=[])

    assert found == [Unmet("X", wish.want, wish.day, wish.clock)] * broken


def test_nobody_presents_when_nobody_comes() -> None:
    made = arrange_teams([], two_days(), absences=[], seed=1)

    assert (dict(made.placed), made.left_over) == ({}, ())


@settings(max_examples=15)
@given(st.data())
def test_arrangement_is_sound_whatever_is_asked(data: st.DataObject) -> None:
    rooms = data.draw(st.sampled_from([["A"], ["A", "B"]]))
    places = cut_places([span("08:00", "10:00")], rooms=rooms, pauses=[], minutes=30)
    names = st.frozensets(st.sampled_from("abcd"), min_size=1, max_size=3)
    hours = st.integers(8, 10).map(time)
    wishes = st.lists(hours.map(lambda hour: Wish(Want.NOT_BEFORE, clock=hour)), max_size=1)
    count = data.draw(st.integers(0, len(places)))
    line = [Team(f"T{n}", data.draw(names), tuple(data.draw(wishes))) for n in range(count)]

    made = arrange_teams(line, places, absences=[], seed=data.draw(st.integers(0, 99)))

    placed = [(team, made.placed[team.key]) for team in line if team.key in made.placed]
    assert {*made.placed, *made.left_over} == {team.key for team in line}
    assert len({place for _team, place in placed}) == len(placed)
    assert list(clashes_of(placed)) == []
    told = [each for team, place in placed for each in unmet_at(team, place.span, absences=[])]
    assert sorted(made.unmet, key=str) == sorted(told, key=str)


@settings(max_examples=40)
@given(st.data())
def test_no_other_arrangement_gives_up_less(data: st.DataObject) -> None:
    """Against every arrangement there is: teams without a place, judges away, wishes unmet."""
    rooms = data.draw(st.sampled_from([["A"], ["A", "B"]]))
    places = cut_places([span("08:00", "10:00")], rooms=rooms, pauses=[], minutes=30)
    spans = sorted({place.span for place in places})
    names = st.frozensets(st.sampled_from("abcd"), min_size=1, max_size=3)
    kinds = st.sampled_from([Want.NOT_BEFORE, Want.NOT_AFTER])
    wish = st.builds(lambda kind, hour: Wish(kind, clock=time(hour)), kinds, st.integers(8, 10))
    wishes = st.lists(wish, max_size=2)
    line = [Team(f"T{n}", data.draw(names), tuple(data.draw(wishes))) for n in range(4)]
    hours = st.sampled_from([spans[0], spans[-1], span("08:00", "10:00")])
    away = data.draw(st.lists(st.builds(Absence, st.sampled_from("abcd"), hours), max_size=2))

    made = arrange_teams(line, places, absences=away, seed=data.draw(st.integers(0, 99)))

    given_up = price([made.placed.get(team.key) for team in line], line, away)
    assert given_up == min(
        price(chosen, line, away)
        for chosen in product([None, *(Place(each, "A") for each in spans)], repeat=len(line))
        if fits(chosen, line, rooms=len(rooms))
    )


def price(
    chosen: Sequence[Place | None], line: Sequence[Team], away: Sequence[Absence]
) -> tuple[int, int, int]:
    broken = [
        each.want is Want.JUDGE
        for team, place in zip(line, chosen, strict=True)
        if place
        for each in unmet_at(team, place.span, absences=away)
    ]
    return list(chosen).count(None), sum(broken), len(broken) - sum(broken)


def fits(chosen: Sequence[Place | None], line: Sequence[Team], *, rooms: int) -> bool:
    placed = [(team, place) for team, place in zip(line, chosen, strict=True) if place]
    used = Counter(place for _team, place in placed)
    return max(used.values(), default=0) <= rooms and not list(clashes_of(placed))


@given(st.integers(5, 90), st.integers(0, 600), st.integers(1, 600))
def test_slots_never_overlap_and_stay_in_the_day(minutes: int, begin: int, length: int) -> None:
    start = datetime.combine(DAY, time(6), ZONE) + timedelta(minutes=begin)
    whole = Span(start, start + timedelta(minutes=length))

    cut = [
        place.span
        for place in cut_places(
            [whole], rooms=["A"], pauses=[parse_pause("12.00-13.00")], minutes=minutes
        )
    ]

    assert all(after.starts >= before.ends for before, after in pairwise(cut))
    assert all(whole.starts <= each.starts < each.ends <= whole.ends for each in cut)
    assert not any(each.meets(span("12:00", "13:00")) for each in cut)
