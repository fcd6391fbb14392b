"""Names leave comments; words that only look like names stay."""

from __future__ import annotations

import pytest

from judging.clearing import cleared, mark_names

NAMES = ["Prof. Dr. Budi Santoso, M.Si.", "Hj. Indah Sri Wahyuni, S.E.", "K7QX2M"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Menurut Budi Santoso ini baik.", "Menurut [juri] ini baik."),
        ("menurut budi  santoso dan SANTOSO", "menurut [juri] dan [juri]"),
        ("Pak Budi setuju; Santosoan tidak.", "Pak [juri] setuju; Santosoan tidak."),
        ("Pemandangan indah, Bu Indah!", "Pemandangan indah, Bu [juri]!"),
        ("Sri terlalu pendek, Wahyuni tidak.", "Sri terlalu pendek, [juri] tidak."),
        ("Juri K7QX2M memberi 80.", "Juri [juri] memberi 80."),
        ("(Budi),Santoso/Budi", "([juri]),[juri]/[juri]"),
        ("Tidak ada nama di sini.", "Tidak ada nama di sini."),
        ("", ""),
    ],
)
def test_names_are_masked(text: str, expected: str) -> None:
    assert cleared(mark_names(text, names=NAMES)) == expected


def test_nothing_is_lost_between_the_marks() -> None:
    text = "Budi Santoso, Indah: (Wahyuni) – Budi?"

    pieces = mark_names(text, names=NAMES)

    assert "".join(piece.text for piece in pieces) == text
    assert mark_names(text, names=[])[0].text == text
    assert mark_names("Dr.", names=["Dr.", " , S.E."])[0].is_name is False
