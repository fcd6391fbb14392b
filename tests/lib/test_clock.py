from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kipp.lib import clock

WIB, WITA, WIT = clock.ZONES.values()
CLOSE = datetime(2026, 2, 28, 17, 0, tzinfo=UTC)
MOMENTS = st.integers(-800_000_000, 2_000_000_000).map(lambda s: CLOSE + timedelta(seconds=s))
ZONES = st.sampled_from([WIB, WITA, WIT])


@pytest.fixture(params=["id"], autouse=True)
def language(request: pytest.FixtureRequest) -> Iterator[None]:
    with translation.override(request.param):
        yield


@pytest.mark.parametrize(
    ("zone", "ends_at", "expected"),
    [
        (WIB, CLOSE, "28 Februari 2026 pukul 23.59 WIB (00.59 WITA, 01.59 WIT tanggal 1 Maret)"),
        (
            WITA,
            CLOSE - timedelta(hours=1),
            "28 Februari 2026 pukul 23.59 WITA (22.59 WIB, 00.59 WIT tanggal 1 Maret)",
        ),
        (
            WIT,
            CLOSE - timedelta(hours=2),
            "28 Februari 2026 pukul 23.59 WIT (21.59 WIB, 22.59 WITA)",
        ),
        (
            WIT,
            CLOSE - timedelta(hours=1, minutes=30),
            "1 Maret 2026 pukul 00.30 WIT (22.30 WIB, 23.30 WITA tanggal 28 Februari)",
        ),
        (
            WIT,
            CLOSE - timedelta(minutes=30),
            "1 Maret 2026 pukul 01.30 WIT (23.30 WIB tanggal 28 Februari, 00.30 WITA)",
        ),
        (
            WIB,
            datetime(2026, 2, 28, 9, 0, tzinfo=UTC),
            "28 Februari 2026 pukul 16.00 WIB (17.00 WITA, 18.00 WIT)",
        ),
        (
            WIB,
            datetime(2026, 12, 31, 17, 0, tzinfo=UTC),
            "31 Desember 2026 pukul 23.59 WIB (00.59 WITA, 01.59 WIT tanggal 1 Januari)",
        ),
    ],
)
def test_end_is_shown_in_three_zones(zone: str, ends_at: datetime, expected: str) -> None:
    assert clock.show_end_everywhere(ends_at, zone=zone) == expected
    assert expected.startswith(clock.show_end(ends_at, zone=zone))


@pytest.mark.parametrize(
    ("language", "date", "moment", "everywhere", "left"),
    [
        (
            "id",
            "Sabtu, 28 Februari 2026",
            "1 Maret 2026 pukul 00.00 WIB",
            "28 Februari 2026 pukul 23.59 WIB (00.59 WITA, 01.59 WIT tanggal 1 Maret)",
            ["sudah lewat", "hari ini", "besok", "2 hari lagi", "10 hari lagi"],
        ),
        (
            "en",
            "Saturday, 28 February 2026",
            "1 March 2026 at 00:00 WIB",
            "28 February 2026 at 23:59 WIB (00:59 WITA, 01:59 WIT on 1 March)",
            ["over", "today", "tomorrow", "2 days left", "10 days left"],
        ),
    ],
    indirect=["language"],
)
def test_forms_follow_the_language(
    language: None, date: str, moment: str, everywhere: str, left: list[str]
) -> None:
    noons = [CLOSE, *(CLOSE - timedelta(days=days, hours=12) for days in (0, 1, 2, 10))]

    assert clock.show_weekday(datetime(2026, 2, 28, tzinfo=UTC).date()) == date
    assert clock.show_moment(CLOSE, zone=WIB) == moment
    assert clock.show_end_everywhere(CLOSE, zone=WIB) == everywhere
    assert [clock.show_days_left(CLOSE, at=at, zone=WIB) for at in noons] == left


def test_time_names_its_zone() -> None:
    assert [clock.show_time(CLOSE, zone=zone) for zone in (WIB, WITA, WIT)] == [
        "00.00 WIB",
        "01.00 WITA",
        "02.00 WIT",
    ]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(0), -1),
        (timedelta(microseconds=1), 0),
        (timedelta(hours=24), 0),
        (timedelta(hours=24, microseconds=1), 1),
        (timedelta(days=3), 2),
    ],
)
def test_days_left_counts_local_days(before: timedelta, expected: int) -> None:
    assert clock.days_left(CLOSE, at=CLOSE - before, zone=WIB) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("28-02-2026 23.59", CLOSE),
        ("28/2/2026 23:59", CLOSE),
        ("2026-02-28T23:59", CLOSE),
        ("2026-02-28 23:59:00", CLOSE),
        (" 28 Februari 2026 pukul 23.59 ", CLOSE),
        ("28 february 2026 at 23:59", CLOSE),
        ("28-02-2026", CLOSE),
        ("2026-02-28", CLOSE),
        ("1.3.2026 00.00", CLOSE),
        ("28-02-2026, 16.00", datetime(2026, 2, 28, 9, 0, tzinfo=UTC)),
    ],
)
def test_end_is_read_as_people_write_it(text: str, expected: datetime) -> None:
    assert clock.parse_end(text, zone=WIB) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "besok",
        "30-02-2026 10.00",
        "28-13-2026",
        "28 Smarch 2026",
        "28-02-2026 24.00",
        "28-02-26 10.00",
        "2026-02-28T23:59Z",
        "\u0662\u0668-02-2026",
        "01-01-0001 00.00",
        "28-02-2026 23.59 <script>",
    ],
)
def test_unreadable_moment_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        clock.parse_end(text, zone=WIB)

    assert caught.value.code == "moment_unreadable"


@given(MOMENTS, ZONES, st.sampled_from(["id", "en"]))
def test_what_is_shown_reads_back_to_the_minute(at: datetime, zone: str, name: str) -> None:
    with translation.override(name):
        shown = clock.show_moment(at, zone=zone)

    text = shown.rpartition(" ")[0]
    assert clock.parse_moment(text, zone=zone) == at.replace(second=0, microsecond=0)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), ZONES)
def test_end_of_day_is_midnight_and_shows_as_23_59(day: date, zone: str) -> None:
    end = clock.end_of_day(day, zone=zone)

    assert clock.show_end(end, zone=zone).startswith(f"{clock.show_date(day)} pukul 23.59 ")
    assert end.astimezone(ZoneInfo(zone)).date() == day + timedelta(days=1)
    assert clock.parse_end(f"{day:%d-%m-%Y} 23.59", zone=zone) == end


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 11, 17), date(2026, 11, 17), "17 November 2026"),
        (date(2026, 11, 17), date(2026, 11, 26), "17–26 November 2026"),
        (date(2026, 10, 9), date(2026, 11, 6), "9 Oktober – 6 November 2026"),
        (date(2026, 12, 9), date(2027, 1, 6), "9 Desember 2026 – 6 Januari 2027"),
    ],
)
def test_period_names_month_and_year_once(first: date, last: date, expected: str) -> None:
    assert clock.show_period(first, last) == expected
