from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp.demo.content import load_proposals
from proposals.likeness import (
    NEAR_NAME,
    NEAR_TEXT,
    Imprint,
    Reason,
    likeness,
    name_likeness,
    sketch_of,
    text_likeness,
    words_of,
)

LABELLED = Path(__file__).parent / "data" / "near_duplicates.json"
NAMES = st.text("abcdefg HIJ'-_.12", max_size=30)


class Registered(TypedDict):
    title: str
    expansion: str


class Entry(TypedDict):
    """A variant of the entry `of`, or an innovation of its own."""

    kind: str
    title: str
    of: str


def load_labelled() -> tuple[list[Registered], list[Entry]]:
    found = json.loads(LABELLED.read_text())
    return found["register"], found["entries"]


def imprint(row: Registered) -> Imprint:
    return Imprint(tuple(name for name in (row["title"], row["expansion"]) if name))


def measured(entries: list[Entry]) -> tuple[float, float]:
    """Precision and recall of every entry against the whole register."""
    register = {row["title"]: imprint(row) for row in load_labelled()[0]}
    hits = alarms = 0
    for entry in entries:
        near = {
            title
            for title, known in register.items()
            if likeness(Imprint((entry["title"],)), known)
        }
        hits += entry["of"] in near
        alarms += len(near - {entry["of"]})
    return hits / (hits + alarms), hits / sum(bool(entry["of"]) for entry in entries)


def test_precision_and_recall_on_the_labelled_names() -> None:
    """The figures of docs/performance.md: 129 variants and 60 strangers against 77 innovations."""
    precision, recall = measured(load_labelled()[1])

    assert (round(precision, 3), round(recall, 3)) == (0.984, 0.969)


def test_the_register_itself_is_hardly_alike() -> None:
    register = [imprint(row) for row in load_labelled()[0]]

    pairs = [
        (one.names[0], other.names[0])
        for number, one in enumerate(register)
        for other in register[number + 1 :]
        if likeness(one, other)
    ]

    assert [set(pair) for pair in pairs] == [
        {"Kampung Tematik", "Kademangan Bangkit, Terbetik Kampung Tematik"}
    ]


@pytest.mark.parametrize(
    ("one", "other", "is_near"),
    [
        ("Bank Sampah Malang", "BANK  SAMPAH malang 2026", True),
        ("Bank Sampah Malang", "Malang Waste Bank", True),
        ("Bank Sampah Malang", "Bank Sampah Sekolah", False),
        ("Jarik Ma'siti", "Jarik Ma’siti", True),
        ("Samsat Srikandi", "Samsat Drive Thru", False),
        ("Samsat Srikandi", "Samsat", False),
        ("Sistem Informasi Pariwisata Blitar", "Sistem Informasi Pariwisata Batu", False),
        ("SINGO", "Aplikasi SINGO Kota Malang", True),
        ("2026", "2026", True),
        ("2026", "2025", False),
        ("", "", False),
        ("!!!", "???", False),
        ("Sistem Informasi", "Sistem Aplikasi", False),
    ],
)
def test_names(one: str, other: str, *, is_near: bool) -> None:
    assert (name_likeness(one, other) >= NEAR_NAME) is is_near
    assert (name_likeness(other, one) >= NEAR_NAME) is is_near


@given(one=NAMES, other=NAMES)
def test_likeness_of_names_is_a_share_and_whole_for_the_same(one: str, other: str) -> None:
    assert 0 <= name_likeness(one, other) <= 1
    assert name_likeness(one, one) == (1 if words_of(one) else 0)


def demo_texts() -> list[list[str]]:
    """Those that are long enough to have a sketch."""
    texts = [list(paper.sections.values()) for paper in load_proposals()]
    return [text for text in texts if sketch_of(text)]


def reworked(texts: list[str], *, share: float, seed: int) -> list[str]:
    """The same texts with so many of their words replaced, in another order."""
    luck = Random(seed)
    swapped = [
        " ".join("lain" if luck.random() < share else word for word in text.split())
        for text in texts
    ]
    return luck.sample(swapped, len(swapped))


def test_texts_of_the_demo_are_not_alike_and_their_reworkings_are() -> None:
    texts = demo_texts()
    sketches = [sketch_of(text) for text in texts]

    strangers = [
        text_likeness(one, other)
        for number, one in enumerate(sketches)
        for other in sketches[number + 1 :]
    ]
    copies = [
        text_likeness(sketch, sketch_of(reworked(text, share=0.1, seed=number)))
        for number, (sketch, text) in enumerate(zip(sketches, texts, strict=True))
    ]

    assert max(strangers) < NEAR_TEXT <= min(copies)


def test_reason_is_the_name_before_the_text() -> None:
    sketch = sketch_of(demo_texts()[0])

    assert likeness(Imprint(("A Baru",), sketch), Imprint(("Lain",), sketch)) is not None
    found = [
        likeness(Imprint((name,), sketch), Imprint(("Si Apel",), sketch))
        for name in ("SIAPEL", "Siapell", "Jambu")
    ]
    assert [each and each.reason for each in found] == [
        Reason.SAME_NAME,
        Reason.NEAR_NAME,
        Reason.NEAR_TEXT,
    ]


def test_short_text_has_no_sketch() -> None:
    assert sketch_of(["satu dua tiga empat"]) == ()
    assert text_likeness((), ()) == 0
