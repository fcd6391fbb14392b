from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from proposals.pace import per_day
from tests import make

# NOON is 12.00 in Jakarta; the day ends twelve hours later.
MIDNIGHT = make.NOON + timedelta(hours=12)


@pytest.mark.parametrize(
    ("waiting", "ends_at", "expected"),
    [
        (7, MIDNIGHT, 7),
        (7, MIDNIGHT + make.DAY, 4),
        (7, MIDNIGHT + 2 * make.DAY, 3),
        (1, MIDNIGHT + 30 * make.DAY, 1),
        (7, make.NOON - make.DAY, 7),
        (0, MIDNIGHT, 0),
    ],
)
def test_rate_finishes_with_the_last_day(waiting: int, ends_at: datetime, expected: int) -> None:
    assert per_day(waiting, ends_at=ends_at, at=make.NOON, zone="Asia/Jakarta") == expected
