from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from proposals.eligibility import (
    Facts,
    Finding,
    SectionFact,
    SectionState,
    SlotFact,
    add_months,
    blocking,
    section_state,
)
from proposals.rulebook import find_problems

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
