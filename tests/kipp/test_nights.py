"""Once a night, also when nobody was there at the hour."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from kipp.nights import last_time, once_a_night

HOUR = time(2, 10)
# 02.10 in Jakarta.
NIGHT = datetime(2026, 3, 1, 19, 10, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("at", "last"),
    [(NIGHT, NIGHT), (NIGHT - MINUTE, NIGHT - DAY), (NIGHT + DAY - MINUTE, NIGHT)],
)
def test_the_hour_that_came_last(at: datetime, last: datetime) -> None:
    assert last_time(HOUR, at=at) == last


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moments", "done"),
    [
        ([NIGHT, NIGHT + MINUTE, NIGHT + DAY - MINUTE], 1),
        ([NIGHT - MINUTE, NIGHT], 2),
        ([NIGHT, NIGHT + 3 * DAY + 5 * MINUTE, NIGHT + 3 * DAY + 9 * MINUTE], 2),  # nobody there
        ([NIGHT + 3 * DAY, NIGHT + MINUTE, NIGHT + 2 * MINUTE], 2),  # the clock was set back
    ],
)
def test_each_night_is_done_once(moments: list[datetime], done: int) -> None:
    def duty(*, at: datetime) -> int:
        return 1

    assert sum(once_a_night("storage", duty, hour=HOUR, at=at) for at in moments) == done


@pytest.mark.django_db
def test_what_failed_is_tried_again() -> None:
    tries = [0]

    def duty(*, at: datetime) -> int:
        tries[0] += 1
        if tries[0] == 1:
            raise OSError
        return 1

    with pytest.raises(OSError):  # noqa: PT011
        once_a_night("storage", duty, hour=HOUR, at=NIGHT)
    assert once_a_night("storage", duty, hour=HOUR, at=NIGHT + MINUTE) == 1
