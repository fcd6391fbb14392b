from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.models import EligibilityRule
from proposals.eligibility import (
    EarlierTier,
    Facts,
    Finding,
    RuleFact,
    SectionFact,
    Severity,
    SlotFact,
    add_months,
    blocking,
)
from proposals.findings import SENTENCES, lines_of
from proposals.rulebook import CHECKS, find_problems

ARTICLE = "Pasal 6 huruf b"
SUMMARY = SectionFact("ringkasan", "Ringkasan", word_limit=200, word_count=150)
LETTER = SlotFact("surat", "Surat", file_count=1, is_required=True)
FACTS = Facts(
    title="BREXIT",
    closes_on=date(2020, 2, 29),
    sections=(SUMMARY,),
    slots=(LETTER,),
    started_on=date(2019, 2, 28),
    video_url="https://youtu.be/abcdefghijk",
)
YOUTUBE = ("youtube.com", "youtu.be")
WARNS = Severity.WARNS
DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))
TOP_99 = EarlierTier("KIPP", "Top 99", 2018)


def rule(kind: str, **fields: Any) -> RuleFact:
    return RuleFact(kind, ARTICLE, **fields)


def found(change: dict[str, Any], *rules: RuleFact) -> list[tuple[str, str]]:
    problems = find_problems(replace(FACTS, rules=rules, **change))
    return [(finding.code, finding.severity.value) for finding in problems]


def test_every_rule_of_an_edition_has_its_function() -> None:
    assert set(CHECKS) == set(EligibilityRule.Kind.values)


def test_complete_proposal_has_no_problem() -> None:
    rules = (
        rule("min_age", limit=12),
        rule("video", items=YOUTUBE),
        rule("unique_title"),
        rule("quota", limit=3),
        rule("unit_quota", limit=3),
        rule("sections"),
        rule("letters"),
        rule("no_earlier_tier", tiers=("Top 45",)),
        rule("tier_limit", tiers=("Top 99",), limit=2),
    )

    assert found({}, *rules) == []


@pytest.mark.parametrize(
    ("started_on", "expected"),
    [
        (None, [("started_on_missing", "blocks")]),
        (date(2019, 2, 28), []),
        (date(2019, 3, 1), [("too_young", "refuses")]),
        (date(2018, 1, 1), []),
        (date(2020, 3, 1), [("too_young", "refuses")]),
    ],
)
def test_age_is_counted_back_from_the_close(
    started_on: date | None, expected: list[tuple[str, str]]
) -> None:
    assert found({"started_on": started_on}, rule("min_age", limit=12)) == expected


def test_age_at_the_last_day_of_a_longer_month() -> None:
    change = {"closes_on": date(2021, 2, 28), "started_on": date(2020, 2, 29)}

    assert found(change, rule("min_age", limit=12)) == []


@given(started_on=DAYS, months=st.integers(1, 60))
def test_age_turns_at_one_day_and_stays_turned(started_on: date, months: int) -> None:
    """Exactly so many months before the close is old enough; one day less is not."""
    anniversary = add_months(started_on, months)
    age = rule("min_age", limit=months)

    def verdict(closes_on: date) -> list[tuple[str, str]]:
        return found({"started_on": started_on, "closes_on": closes_on}, age)

    assert verdict(anniversary) == []
    assert verdict(anniversary + timedelta(days=40)) == []
    assert verdict(anniversary - timedelta(days=1)) == [("too_young", "refuses")]


def test_too_young_cites_the_article_and_can_be_sent() -> None:
    rules = (rule("min_age", limit=12),)

    [finding] = find_problems(replace(FACTS, started_on=date(2019, 12, 1), rules=rules))

    assert finding.article == ARTICLE
    assert blocking([finding]) == []
    assert finding.params["latest"] == date(2019, 2, 28)


@pytest.mark.parametrize(
    ("tier", "expected"),
    [
        ("Top 45", ["earlier_winner"]),
        ("TOP  45", ["earlier_winner"]),
        ("Top 30 (terbaik 1)", ["earlier_winner"]),
        ("Top 99", []),
        ("Top 4", []),
        ("lolos seleksi administrasi", []),
    ],
)
def test_earlier_tier_bars_and_opens_the_track_of_winners(tier: str, expected: list[str]) -> None:
    won = {"earlier_tiers": (EarlierTier("KIPP", tier, 2019),)}
    tiers = ("Top 45", "Top 30")

    barred = found(won, rule("no_earlier_tier", tiers=tiers))
    asked = found(won, rule("earlier_tier", tiers=tiers))

    assert [code for code, _severity in barred] == expected
    assert asked == ([] if expected else [("never_won", "refuses")])


@pytest.mark.parametrize(
    ("times", "expected"),
    [(0, []), (1, []), (2, [("won_too_often", "refuses")]), (3, [("won_too_often", "refuses")])],
)
def test_twice_in_a_tier(times: int, expected: list[tuple[str, str]]) -> None:
    won = tuple(replace(TOP_99, year=2018 + number) for number in range(times))

    limit = rule("tier_limit", tiers=("Top 99",), limit=2)
    assert found({"earlier_tiers": won}, limit) == expected


@pytest.mark.parametrize(("count", "is_over"), [(0, False), (2, False), (3, True), (4, True)])
@pytest.mark.parametrize(
    ("kind", "field", "code"),
    [("quota", "agency_count", "over_quota"), ("unit_quota", "unit_count", "unit_over_quota")],
)
def test_quota_counts_what_came_before(
    count: int, kind: str, field: str, code: str, *, is_over: bool
) -> None:
    expected = [(code, "refuses")] if is_over else []

    assert found({field: count}, rule(kind, limit=3)) == expected


@pytest.mark.parametrize(
    ("kind", "counted", "levelled"),
    [("quota", "agency_count", "agency_level"), ("unit_quota", "unit_count", "unit_level")],
)
def test_quota_may_differ_by_the_level_of_the_unit(kind: str, counted: str, levelled: str) -> None:
    """East Java 2022: five of an agency of the province, three of a city or regency."""
    quota = rule(kind, limit=3, items=("agency=5",))

    over = {
        (level, count): bool(found({counted: count, levelled: level}, quota))
        for level in ("agency", "government")
        for count in (3, 4, 5)
    }

    assert [each for each, is_over in over.items() if is_over] == [
        ("agency", 5),
        ("government", 3),
        ("government", 4),
        ("government", 5),
    ]


@pytest.mark.parametrize(
    ("is_required", "items", "severity", "expected"),
    [
        (True, (), Severity.REFUSES, [("file_missing", "blocks")]),
        (True, ("surat",), WARNS, [("file_missing", "blocks")]),
        (False, ("surat",), Severity.REFUSES, [("file_missing", "refuses")]),
        (False, ("surat",), WARNS, [("file_missing", "warns")]),
        (False, (), Severity.REFUSES, []),
        (False, ("lain",), Severity.REFUSES, []),
    ],
)
def test_letters_that_the_article_asks_for(
    items: tuple[str, ...],
    severity: Severity,
    expected: list[tuple[str, str]],
    *,
    is_required: bool,
) -> None:
    missing = {"slots": (replace(LETTER, file_count=0, is_required=is_required),)}

    assert found(missing, rule("letters", items=items, severity=severity)) == expected
    assert found({}, rule("letters", items=items, severity=severity)) == []


@pytest.mark.parametrize(
    ("is_required", "words", "items", "expected"),
    [
        (True, 0, (), [("section_empty", "blocks")]),
        (False, 0, (), []),
        (False, 0, ("ringkasan",), [("section_empty", "refuses")]),
        (False, 201, ("ringkasan",), [("section_too_long", "blocks")]),
        (True, 201, (), [("section_too_long", "blocks")]),
        (False, 1, ("ringkasan",), []),
    ],
)
def test_sections_that_the_article_asks_for(
    words: int, items: tuple[str, ...], expected: list[tuple[str, str]], *, is_required: bool
) -> None:
    section = replace(SUMMARY, word_count=words, is_required=is_required)

    assert found({"sections": (section,)}, rule("sections", items=items)) == expected


def test_what_form_and_rule_ask_is_said_once_with_the_article() -> None:
    rules = (rule("sections"), rule("letters"))
    bare = replace(
        FACTS,
        rules=rules,
        sections=(replace(SUMMARY, word_count=0),),
        slots=(replace(LETTER, file_count=0),),
    )

    assert find_problems(bare) == [
        Finding(
            "section_empty", "section:ringkasan", article=ARTICLE, params={"label": "Ringkasan"}
        ),
        Finding("file_missing", "slot:surat", article=ARTICLE, params={"label": "Surat"}),
    ]


def test_shared_title_names_the_other_units() -> None:
    facts = replace(FACTS, title_twins=("Dinas A", "Dinas B"), rules=(rule("unique_title"),))

    assert [finding.params for finding in find_problems(facts)] == [{"units": "Dinas A, Dinas B"}]


@pytest.mark.parametrize(
    ("change", "severity", "expected"),
    [
        ({"video_url": ""}, Severity.REFUSES, [("video_missing", "blocks")]),
        ({"video_url": ""}, WARNS, [("video_missing", "warns")]),
        ({"video_url": "youtu.be/x"}, Severity.REFUSES, [("video_malformed", "blocks")]),
        (
            {"video_url": "https://vimeo.com/1"},
            Severity.REFUSES,
            [("video_foreign_host", "blocks")],
        ),
        ({"video_is_dead": True}, Severity.REFUSES, [("video_dead", "refuses")]),
        ({"video_is_dead": True}, WARNS, [("video_dead", "warns")]),
        ({}, Severity.REFUSES, []),
    ],
)
def test_video(change: dict[str, Any], severity: Severity, expected: list[tuple[str, str]]) -> None:
    assert found(change, rule("video", items=YOUTUBE, severity=severity)) == expected


def test_video_of_any_host_where_the_edition_names_none() -> None:
    assert found({"video_url": "https://video.kota.go.id/1"}, rule("video")) == []


@pytest.mark.parametrize(
    "kind", ["min_age", "no_earlier_tier", "quota", "unit_quota", "unique_title", "tier_limit"]
)
def test_a_rule_that_only_warns_never_blocks_or_refuses(kind: str) -> None:
    warned = rule(kind, limit=1, tiers=("Top 99",), severity=WARNS)
    worst = replace(
        FACTS,
        started_on=None,
        earlier_tiers=(TOP_99,),
        agency_count=9,
        unit_count=9,
        title_twins=("Dinas A",),
        rules=(warned,),
    )

    assert [finding.severity for finding in find_problems(worst)] == [WARNS]


def test_every_finding_has_a_sentence_that_cites_its_article() -> None:
    facts = replace(
        FACTS,
        title="",
        started_on=date(2020, 1, 1),
        earlier_tiers=(TOP_99, TOP_99),
        agency_count=9,
        unit_count=9,
        title_twins=("Dinas A",),
        video_is_dead=True,
        rules=tuple(rule(kind, limit=2, tiers=("Top 99",)) for kind in CHECKS),
    )

    lines = lines_of(find_problems(facts))

    assert {line.code for line in lines} <= set(SENTENCES)
    [young] = [line.text for line in lines if line.code == "too_young"]
    assert young == (
        "Will be refused because the innovation must run for 2 months before 29 Februari 2020,"
        " so since 29 Desember 2019 at the latest."
    )
    assert {line.article for line in lines} == {"", ARTICLE}
