"""When judges will have finished: the pure forecast, its page, and the one press that chases."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from accounts.models import Message
from judging.forecasting import DAY, Pace, Work, chance_by, forecast, is_behind, pace_of
from judging.queries.forecasting import forecast_of
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, at, opened

NOW = make.NOON


def work(done: int, owed: int, *, days: float = 10, daily: tuple[int, ...] = ()) -> Work:
    return Work(owed=owed, done=done, opened_at=NOW - days * DAY, daily=daily)


def pace(done: int, owed: int, **fields: object) -> Pace:
    found = pace_of(work(done, owed, **fields), at=NOW)  # type: ignore[arg-type]
    assert found is not None
    return found


def days_of(moment: datetime | None) -> float:
    assert moment is not None
    return (moment - NOW) / DAY


def test_middle_of_the_range_is_what_the_pace_makes_of_the_rest() -> None:
    found = forecast([pace(100, 150)], at=NOW)

    assert found is not None
    early, middle, late = map(days_of, (found.early, found.middle, found.late))
    assert 4.5 < middle < 5.5
    assert early < middle < late


def test_range_is_wide_after_two_sheets_and_narrow_after_two_hundred() -> None:
    few, many = forecast([pace(2, 4)], at=NOW), forecast([pace(200, 400)], at=NOW)

    assert few is not None
    assert many is not None
    width = [days_of(each.late) - days_of(each.early) for each in (few, many)]
    assert width[0] > 5 * width[1]


def test_bursts_widen_the_range() -> None:
    even = forecast([pace(20, 40, daily=(2,) * 10)], at=NOW)
    burst = forecast([pace(20, 40, daily=(0,) * 8 + (10, 10))], at=NOW)

    assert even is not None
    assert burst is not None
    assert days_of(burst.late) > days_of(even.late)


@pytest.mark.parametrize("done", [0, 10])
def test_nothing_done_and_nothing_left_have_no_pace(done: int) -> None:
    assert pace_of(work(done, 10), at=NOW) is None
    assert forecast([], at=NOW) is None


def test_hopeless_pace_has_no_date() -> None:
    found = forecast([pace(1, 4000)], at=NOW)

    assert found is not None
    assert (found.early, found.middle, found.late) == (None, None, None)


def test_stage_waits_for_its_slowest_judge() -> None:
    fast, slow = pace(50, 60), pace(10, 60)

    assert chance_by([fast, slow], days=20) == pytest.approx(
        chance_by([fast], days=20) * chance_by([slow], days=20)
    )
    assert chance_by([fast], days=0) == 0.0


def test_ranges_hold_four_times_out_of_five() -> None:
    """Judges of known speed, watched for five days: how often the truth lies inside."""
    draw = random.Random(4)
    held = 0
    for _judge in range(400):
        rate = draw.uniform(2, 10)
        done = _submitted(rate=rate, days=5, draw=draw)
        if not done:
            held += 1
            continue
        found = forecast([pace(done, done + 20, days=5)], at=NOW)
        assert found is not None
        truth = sum(draw.expovariate(rate) for _sheet in range(20))
        held += days_of(found.early) <= truth <= days_of(found.late)

    assert 0.75 <= held / 400 <= 0.86


def _submitted(*, rate: float, days: float, draw: random.Random) -> int:
    count, clock = 0, draw.expovariate(rate)
    while clock <= days:
        count, clock = count + 1, clock + draw.expovariate(rate)
    return count


@pytest.mark.parametrize(
    ("done", "owed", "left_days", "late"),
    [
        (50, 60, 10, False),
        (10, 60, 10, True),
        (60, 60, 10, False),
        (0, 1, 10, False),
        (0, 60, 10, True),
        (59, 60, -1, True),
    ],
)
def test_behind_is_who_will_rather_not_be_done(
    done: int, owed: int, left_days: float, *, late: bool
) -> None:
    mine = work(done, owed, days=9)
    end = NOW + left_days * DAY

    found = is_behind(mine, pace_of(mine, at=NOW), since=NOW - 9 * DAY, at=NOW, end=end)

    assert found is late


def halfway() -> tuple[City, datetime]:
    """Of three judges one is done, one has begun and one has not; one day before the end."""
    made = opened(judges=3, entries=4)
    for number in range(4):
        made.score(made.judges[0], number, "80", "80")
    made.score(made.judges[1], 0, "80", "80")
    return made, make.NOON + 9 * DAY + timedelta(hours=12)


@pytest.mark.django_db
def test_chase_list_holds_who_is_behind() -> None:
    made, now = halfway()

    found = forecast_of(made.stage, at=now)

    assert [(judge.name, judge.is_behind) for judge in found.judges] == [
        ("Juri 2", True), ("Juri 1", True), ("Juri 0", False),
    ]  # fmt: skip
    assert found.silent == 1
    assert found.judges[1].pace is not None
    assert found.judges[1].work.daily == [1, *[0] * 10]


@pytest.mark.django_db
def test_one_press_chases_everybody_behind_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made, now = halfway()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    made.judges[2].phone = "081234567890"
    made.judges[2].save(update_fields=["phone"])
    client = signed_in(made.organizer)

    page = client.get(at(made, "forecast")).content.decode()
    pressed = [client.post(at(made, "chase-all")).status_code for _press in range(2)]
    after = client.get(at(made, "forecast")).content.decode()

    links = re.findall(r'href="(https://wa\.me/[^"]*)"', page)
    assert len(links) == 2
    assert urlsplit(links[0]).path == "/6281234567890"
    text = parse_qs(urlsplit(unescape(links[0])).query)["text"][0]
    assert "4 scorecards are still open" in text
    assert f"/juri/tahap/{made.stage.pk}/" in text
    assert pressed == [302, 302]
    told = Message.objects.filter(kind="judging_sheets_open").values_list("recipient", flat=True)
    assert sorted(told) == sorted([made.judges[1].pk, made.judges[2].pk])
    assert "Remind 2 judges who are behind" in page
    assert "who are behind" not in after
    assert after.count("Reminded within the last day") == 2
