from __future__ import annotations

from datetime import UTC, datetime

import pytest

from competitions.timeline import (
    Milestone,
    Period,
    Shift,
    State,
    earlier_ends,
    effective_end,
    next_milestone,
    open_periods,
    state_at,
)

MON, TUE, WED, THU, FRI, SAT = (datetime(2026, 3, day, tzinfo=UTC) for day in range(2, 8))


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (MON, State.UPCOMING),
        (TUE, State.OPEN),
        (WED, State.OPEN),
        (THU, State.OVER),
        (FRI, State.OVER),
    ],
)
def test_state_holds_from_the_start_to_before_the_end(at: datetime, state: State) -> None:
    assert state_at(TUE, THU, at=at) is state


AGENCY = Shift(TUE, THU, "/1/2/")
ALL = Shift(TUE, WED)


@pytest.mark.parametrize(
    ("shifts", "unit_path", "end", "before"),
    [
        ((), None, WED, ()),
        ((), "/1/2/", WED, ()),
        ((ALL,), None, WED, (TUE,)),
        ((ALL, AGENCY), "/1/3/", WED, (TUE,)),
        ((ALL, AGENCY), None, WED, (TUE,)),
        ((ALL, AGENCY), "/1/2/", THU, (TUE,)),
        ((ALL, AGENCY), "/1/2/9/", THU, (TUE,)),
        ((ALL, AGENCY), "/1/", WED, (TUE,)),
        ((AGENCY,), "/1/22/", WED, ()),
        # A later end for all overtakes an older one for the unit.
        ((Shift(TUE, TUE, "/1/2/"), Shift(TUE, WED)), "/1/2/", WED, (TUE,)),
    ],
)
def test_latest_end_that_covers_the_unit_counts(
    shifts: tuple[Shift, ...],
    unit_path: str | None,
    end: datetime,
    before: tuple[datetime, ...],
) -> None:
    assert effective_end(WED, shifts, unit_path) == end
    assert earlier_ends(WED, shifts, unit_path) == before


WRITING = Period("submission", "Pengajuan", MON, WED)
CHECKING = Period("endorsement", "Pengesahan", MON, THU)
SCREENING = Period("screening", "Seleksi", WED, FRI)
YEAR = (CHECKING, SCREENING, WRITING)


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (MON, Milestone(WRITING, WED, is_end=True)),
        (TUE, Milestone(WRITING, WED, is_end=True)),
        (WED, Milestone(CHECKING, THU, is_end=True)),
        (THU, Milestone(SCREENING, FRI, is_end=True)),
        (FRI, None),
    ],
)
def test_next_milestone_lies_after_the_moment(at: datetime, found: Milestone | None) -> None:
    assert next_milestone(YEAR, at=at) == found


def test_next_milestone_may_be_a_start() -> None:
    assert next_milestone([SCREENING], at=MON) == Milestone(SCREENING, WED, is_end=False)


def test_open_periods_stand_in_the_order_of_their_ends() -> None:
    assert open_periods(YEAR, at=TUE) == (WRITING, CHECKING)
    assert open_periods(YEAR, at=SAT) == ()
