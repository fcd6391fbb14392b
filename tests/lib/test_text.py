from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from kipp.lib.text import check_nip, clean_text, digits_only, word_count

CASES = json.loads((Path(__file__).parent / "word_count_cases.json").read_text())
ANY_TEXT = st.text(st.characters(exclude_characters="\0"))


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_word_count_follows_the_shared_table(case: dict[str, Any]) -> None:
    assert word_count(case["text"]) == case["words"]


@given(ANY_TEXT)
def test_cleaning_changes_no_count_and_nothing_twice(text: str) -> None:
    cleaned = clean_text(text)

    assert clean_text(cleaned) == cleaned
    assert word_count(cleaned) == word_count(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    cleaned.encode()


@given(ANY_TEXT, ANY_TEXT)
def test_word_count_adds_up_across_lines(first: str, second: str) -> None:
    assert word_count(f"{first}\n{second}") == word_count(first) + word_count(second)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sepasar Pedas", "Sepasar Pedas"),
        ("baris\r\nkedua\rketiga\u2028keempat", "baris\nkedua\nketiga\nkeempat"),
        ("kolom\tkedua", "kolom\tkedua"),
        ("satu\u00a0dua\u3000tiga", "satu dua tiga"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("e\u200b\u0301", "\u00e9"),
        ("\u202eterbalik\u202c", "terbalik"),
        ("\u2066a\u2069\u200f\u061c", "a"),
        ("\ufeffawal\u200b\u200d", "awal"),
        ("bel\x07 hapus\x7f \x1b[31m", "bel hapus [31m"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("\ud800setengah", "setengah"),
        ("", ""),
    ],
)
def test_clean_text_keeps_what_people_see(text: str, expected: str) -> None:
    assert clean_text(text) == expected


def test_nul_is_refused() -> None:
    with pytest.raises(ValidationError) as caught:
        clean_text("a\0b")

    assert caught.value.code == "nul"


@pytest.mark.parametrize(
    "text",
    [
        "199608182022041001",
        "19960818 202204 1 001",
        "19960818.202204.1.001",
        "19960818-202204\u20131\u2212001",
        "\u200b19960818\u00a0202204\u202f1\u2003001\ufeff",
        " 19960818\t202204\n1 001 ",
    ],
)
def test_nip_tolerates_how_people_write_it(text: str) -> None:
    assert check_nip(text) == "199608182022041001"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "nip_length"),
        ("19960818202204100", "nip_length"),
        ("1996081820220410011", "nip_length"),
        ("19960818202204100A", "nip_length"),
        ("\u0661\u0669\u0669\u0666\u0660\u0668\u0661\u0668202204\u06610\u0660\u0661", "nip_length"),
        ("19960818/202204/1/001", "nip_length"),
        ("1.99608182022041E+17", "nip_length"),
        ("199613182022041001", "nip_birth"),
        ("199602302022041001", "nip_birth"),
        ("000000002022041001", "nip_birth"),
        ("199608182022131001", "nip_appointment"),
        ("199608182022001001", "nip_appointment"),
        ("199608181990041001", "nip_appointment"),
        ("199608182022043001", "nip_sex"),
        ("199608182022040001", "nip_sex"),
    ],
)
def test_nip_that_cannot_be_is_refused_with_a_sentence(text: str, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        check_nip(text)

    assert caught.value.code == code
    assert caught.value.messages[0].endswith(".")


@given(st.dates(), st.dates(), st.sampled_from("12"), st.integers(0, 999))
def test_every_real_nip_passes_with_any_separators(
    born: object, appointed: object, sex: str, serial: int
) -> None:
    parts = [f"{born:%Y%m%d}", f"{appointed:%Y%m}", sex, f"{serial:03}"]
    nip = "".join(part.zfill(width) for part, width in zip(parts, (8, 6, 1, 3), strict=True))

    if nip[8:14] > nip[:6]:
        assert check_nip(" - ".join([nip[:8], nip[8:14], nip[14:15], nip[15:]])) == nip


@given(ANY_TEXT)
def test_digits_only_is_stable(text: str) -> None:
    assert digits_only(digits_only(text)) == digits_only(text)
