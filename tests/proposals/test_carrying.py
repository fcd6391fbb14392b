from __future__ import annotations

from dataclasses import dataclass

from proposals.carrying import Carried, carry
from proposals.content import FrozenSection


@dataclass
class Part:
    key: str
    label: str


def sent(key: str, label: str, text: str) -> FrozenSection:
    return {
        "key": key,
        "label": label,
        "word_limit": 200,
        "weight": "10",
        "text": text,
        "words": len(text.split()),
    }


def test_texts_go_by_key_then_by_label_and_each_once() -> None:
    sections = [
        sent("ringkasan", "Ringkasan", "Satu."),
        sent("kebaruan", "Kebaruan/Nilai Tambah", "Dua."),
        sent("lain", "Lain-lain", "Tiga."),
        sent("kosong", "Signifikansi", ""),
    ]
    targets = [
        Part("novelty", "Kebaruan / nilai tambah"),
        Part("second", "KEBARUAN NILAI TAMBAH"),
        Part("ringkasan", "Abstrak"),
        Part("dampak", "Signifikansi"),
    ]

    assert carry(sections, targets=targets) == Carried(
        {"ringkasan": "Satu.", "novelty": "Dua."}, ("Lain-lain",)
    )


def test_a_key_wins_over_a_label() -> None:
    sections = [sent("a", "Dampak", "Dari a."), sent("b", "Sumber daya", "Dari b.")]

    carried = carry(sections, targets=[Part("x", "Dampak"), Part("a", "Sumber daya")])

    assert carried == Carried({"a": "Dari a."}, ("Sumber daya",))
