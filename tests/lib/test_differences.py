from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp.lib.differences import Kind, Merged, differences, merge

PARAGRAPHS = st.lists(st.sampled_from(["satu dua", "tiga", "", "empat lima enam"]), max_size=6)
TEXTS = PARAGRAPHS.map("\n".join)


def shown(before: str, after: str) -> str:
    marks = {Kind.SAME: "{}", Kind.ADDED: "[+{}]", Kind.REMOVED: "[-{}]"}
    return "".join(marks[piece.kind].format(piece.text) for piece in differences(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", ""),
        ("satu dua", "satu dua", "satu dua"),
        ("", "satu", "[+satu]"),
        ("satu dua", "satu dua tiga", "satu dua[+ tiga]"),
        ("satu dua tiga", "satu lima tiga", "satu [-dua][+lima] tiga"),
        ("satu dua tiga empat", "satu lima enam empat", "satu [-dua tiga][+lima enam] empat"),
        ("a\nb\nc", "a\nc", "a\n[-b\n]c"),
        ("a\nsatu dua\nc", "a\nsatu tiga\nc", "a\nsatu [-dua][+tiga]\nc"),
    ],
)
def test_differences_are_words(before: str, after: str, expected: str) -> None:
    assert shown(before, after) == expected


@given(TEXTS, TEXTS)
def test_pieces_hold_both_texts(before: str, after: str) -> None:
    pieces = differences(before, after)

    assert "".join(piece.text for piece in pieces if piece.kind != Kind.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.kind != Kind.REMOVED) == after


def test_hostile_texts_are_compared_in_no_time() -> None:
    before, after = "kata " * 12_000, "a " + "kata\n" * 12_000 + "b"
    began = time.process_time()

    pieces = differences(before, after)
    merged = merge("x\n" * 20_000, mine="\n".join("xy" * 15_000), theirs="y\nx\n" * 15_000)

    assert "".join(piece.text for piece in pieces if piece.kind != Kind.REMOVED) == after
    assert merged.conflicts
    assert time.process_time() - began < 5


BASE = "Latar\n\nMasalah\n\nHasil"


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        (BASE, "Latar\n\nMasalah baru\n\nHasil", Merged("Latar\n\nMasalah baru\n\nHasil", 0)),
        (
            "Latar saya\n\nMasalah\n\nHasil",
            "Latar\n\nMasalah\n\nHasil rekan",
            Merged("Latar saya\n\nMasalah\n\nHasil rekan", 0),
        ),
        (
            "Latar\n\nMasalah saya\n\nHasil",
            "Latar\n\nMasalah rekan\n\nHasil",
            Merged("Latar\n\nMasalah saya\n\nMasalah rekan\n\nHasil", 1),
        ),
        ("Latar\n\nHasil", "Latar\n\nMasalah rekan\n\nHasil", None),
        (f"{BASE}\n\nSaya", f"{BASE}\n\nRekan", Merged(f"{BASE}\n\nSaya\n\nRekan", 1)),
    ],
)
def test_merge_takes_both_changes(mine: str, theirs: str, expected: Merged | None) -> None:
    merged = merge(BASE, mine=mine, theirs=theirs)

    if expected is None:
        assert merged.conflicts == 1
        assert "Masalah rekan" in merged.text
    else:
        assert merged == expected


def test_merge_of_neighbouring_paragraphs_is_no_conflict() -> None:
    assert merge("a\nb", mine="a1\nb", theirs="a\nb1") == Merged("a1\nb1", 0)


@given(TEXTS, TEXTS)
def test_merge_with_what_nobody_else_changed_is_the_change(base: str, text: str) -> None:
    assert merge(base, mine=text, theirs=base) == Merged(text, 0)
    assert merge(base, mine=base, theirs=text) == Merged(text, 0)
    assert merge(base, mine=text, theirs=text) == Merged(text, 0)


@given(TEXTS, TEXTS, TEXTS)
def test_no_new_paragraph_of_either_is_lost(base: str, mine: str, theirs: str) -> None:
    mine, theirs = f"baru dari saya\n{mine}", f"{theirs}\nbaru dari rekan"

    lines = merge(base, mine=mine, theirs=theirs).text.split("\n")

    assert "baru dari saya" in lines
    assert "baru dari rekan" in lines
