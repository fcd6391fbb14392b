from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from proposals.eligibility import (
    EarlierTier,
    Facts,
    Finding,
    RuleFact,
    SectionFact,
    SectionState,
    Severity,
    SlotFact,
    add_months,
    blocking,
    find_problems,
    section_state,
    youtube_id,
)

SUMMARY = SectionFact("ringkasan", "Ringkasan", word_limit=200, word_count=150)
PHOTO = SlotFact("foto", "Foto", file_count=1, is_required=True)
FACTS = Facts(
    title="BREXIT",
    closes_on=date(2020, 2, 29),
    sections=(SUMMARY,),
    slots=(PHOTO,),
    started_on=date(2019, 2, 28),
    video_url="https://youtu.be/abcdefghijk",
)


def rule(kind: str, *, limit: int = 0, tiers: tuple[str, ...] = ()) -> RuleFact:
    return RuleFact(kind, "Pasal 6 huruf b", limit=limit, tiers=tiers)


def codes(facts: Facts) -> list[str]:
    return [finding.code for finding in find_problems(facts)]


def test_complete_proposal_has_no_problem() -> None:
    rules = (rule("min_age", limit=12), rule("video"), rule("unique_title"), rule("quota", limit=3))

    assert find_problems(replace(FACTS, rules=rules)) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"title": "  "}, ["title_missing"]),
        ({"has_category": False}, ["category_missing"]),
        ({"sections": (replace(SUMMARY, word_count=0),)}, ["section_empty"]),
        ({"sections": (replace(SUMMARY, word_count=0, is_required=False),)}, []),
        ({"sections": (replace(SUMMARY, word_count=200),)}, []),
        ({"sections": (replace(SUMMARY, word_count=201),)}, ["section_too_long"]),
        (
            {"sections": (replace(SUMMARY, word_count=201, is_required=False),)},
            ["section_too_long"],
        ),
        ({"slots": (replace(PHOTO, file_count=0),)}, ["file_missing"]),
        ({"slots": (replace(PHOTO, file_count=0, is_required=False),)}, []),
    ],
)
def test_completeness_blocks(change: dict[str, Any], expected: list[str]) -> None:
    found = find_problems(replace(FACTS, **change))

    assert [finding.code for finding in found] == expected
    assert blocking(found) == found


def test_too_long_names_the_number_of_words_to_cut() -> None:
    section = replace(SUMMARY, word_count=217)

    assert find_problems(replace(FACTS, sections=(section,))) == [
        Finding(
            "section_too_long",
            "section:ringkasan",
            params={"label": "Ringkasan", "over": 17, "limit": 200},
        )
    ]


@pytest.mark.parametrize(
    ("started_on", "expected"),
    [
        (None, ["started_on_missing"]),
        (date(2019, 2, 28), []),
        (date(2019, 3, 1), ["too_young"]),
        (date(2018, 1, 1), []),
    ],
)
def test_age_is_counted_back_from_the_close(started_on: date | None, expected: list[str]) -> None:
    facts = replace(FACTS, started_on=started_on, rules=(rule("min_age", limit=12),))

    assert codes(facts) == expected


def test_age_at_the_last_day_of_a_longer_month() -> None:
    facts = replace(
        FACTS,
        closes_on=date(2021, 2, 28),
        started_on=date(2020, 2, 29),
        rules=(rule("min_age", limit=12),),
    )

    assert codes(facts) == []


def test_too_young_cites_the_article_and_can_be_sent() -> None:
    facts = replace(FACTS, started_on=date(2019, 12, 1), rules=(rule("min_age", limit=12),))

    [finding] = find_problems(facts)

    assert finding.article == "Pasal 6 huruf b"
    assert finding.severity is Severity.REFUSES
    assert blocking([finding]) == []
    assert finding.params["latest"] == date(2019, 2, 28)


@pytest.mark.parametrize(
    ("tier", "expected"),
    [("Top 45", ["earlier_winner"]), ("TOP  45", ["earlier_winner"]), ("Top 99", [])],
)
def test_earlier_tier_bars(tier: str, expected: list[str]) -> None:
    facts = replace(
        FACTS,
        earlier_tiers=(EarlierTier("KIPP", tier, 2019),),
        rules=(rule("no_earlier_tier", tiers=("Top 45", "Top 30")),),
    )

    assert codes(facts) == expected


@pytest.mark.parametrize(("count", "expected"), [(2, []), (3, ["over_quota"]), (4, ["over_quota"])])
def test_quota_counts_what_came_before(count: int, expected: list[str]) -> None:
    facts = replace(FACTS, agency_count=count, rules=(rule("quota", limit=3),))

    assert codes(facts) == expected


def test_shared_title_names_the_other_units() -> None:
    facts = replace(FACTS, title_twins=("Dinas A", "Dinas B"), rules=(rule("unique_title"),))

    assert [finding.params for finding in find_problems(facts)] == [{"units": "Dinas A, Dinas B"}]


@pytest.mark.parametrize(
    ("url", "expected"),
    [("", ["video_missing"]), ("https://vimeo.com/1", ["video_malformed"])],
)
def test_video_blocks_where_it_is_asked_for(url: str, expected: list[str]) -> None:
    facts = replace(FACTS, video_url=url, rules=(rule("video"),))

    assert codes(facts) == expected
    assert len(blocking(find_problems(facts))) == 1


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://www.youtube.com/watch?v=abcdefghijk", "abcdefghijk"),
        ("https://youtube.com/watch/?t=3&v=abc-efgh_jk", "abc-efgh_jk"),
        ("http://m.youtube.com/watch?v=abcdefghijk&feature=share", "abcdefghijk"),
        ("https://youtu.be/abcdefghijk?si=x", "abcdefghijk"),
        ("https://www.youtube.com/shorts/abcdefghijk", "abcdefghijk"),
        ("  https://youtu.be/abcdefghijk ", "abcdefghijk"),
        ("https://youtu.be/abcdefghij", ""),
        ("https://youtu.be/", ""),
        ("https://www.youtube.com/watch", ""),
        ("https://www.youtube.com/@kota", ""),
        ("https://youtube.com.evil.example/watch?v=abcdefghijk", ""),
        ("javascript://youtu.be/abcdefghijk", ""),
        ("https://[::1/watch?v=abcdefghijk", ""),
        ("abcdefghijk", ""),
    ],
)
def test_youtube_addresses(url: str, found: str) -> None:
    assert youtube_id(url) == found


@pytest.mark.parametrize(
    ("words", "has_note", "state"),
    [
        (0, False, SectionState.EMPTY),
        (39, False, SectionState.STARTED),
        (40, False, SectionState.COMPLETE),
        (200, False, SectionState.COMPLETE),
        (201, False, SectionState.PROBLEM),
        (150, True, SectionState.PROBLEM),
        (0, True, SectionState.PROBLEM),
    ],
)
def test_section_states(words: int, state: SectionState, *, has_note: bool) -> None:
    assert section_state(replace(SUMMARY, word_count=words), has_note=has_note) is state


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2020, 1, 31), 1, date(2020, 2, 29)),
        (date(2020, 2, 29), 12, date(2021, 2, 28)),
        (date(2020, 12, 15), 1, date(2021, 1, 15)),
        (date(2020, 1, 15), -1, date(2019, 12, 15)),
        (date(2020, 3, 31), -13, date(2019, 2, 28)),
    ],
)
def test_months_stay_inside_the_month(day: date, months: int, found: date) -> None:
    assert add_months(day, months) == found
