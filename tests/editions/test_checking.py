from __future__ import annotations

import tomllib

import pytest
from django.utils import translation

from kipp.editions.files import EditionError, preset_names, preset_path, read_edition, write_edition

MINIMAL = """
[competition]
slug = "kipp-2026"
name = "KIPP 2026"
year = 2026
host = "Kota Malang"

[[tracks]]
key = "umum"
name = "Umum"

[[tracks.sections]]
key = "ringkasan"
label = "Ringkasan"
word_limit = 200

[[rounds]]
key = "pengajuan"
kind = "submission"
name = "Pengajuan"
starts = "2026-02-01 08:00"
ends = "2026-02-28 24:00"

[[rounds]]
key = "penilaian"
kind = "judging"
name = "Penilaian"
starts = "2026-03-01 00:00"
ends = "2026-03-10 24:00"

[[stages]]
key = "desk"
name = "Desk"
round = "penilaian"
kind = "desk"
advance_count = 10

[[stages.criteria]]
key = "mutu"
label = "Mutu"
weight = 100
"""


def problems_of(content: bytes | str) -> list[str]:
    data = content.encode() if isinstance(content, str) else content
    with translation.override("en"), pytest.raises(EditionError) as caught:
        read_edition(data)
    return [str(problem) for problem in caught.value.problems]


def test_minimal_edition_is_sound_and_gets_the_default_reminders() -> None:
    definition = read_edition(MINIMAL.encode())

    assert [round_["reminders"] for round_ in definition["rounds"]] == [
        [
            {
                "audience": audience,
                "leads": [14400, 4320, 1440, 180],
                "channel": "chosen",
                "subject": "",
                "text": "",
            }
        ]
        for audience in ("authors", "judges")
    ]
    assert tomllib.loads(write_edition(definition))["rounds"][0]["reminders"] == [
        {"audience": "authors", "leads": ["10d", "3d", "1d", "3h"]}
    ]


@pytest.mark.parametrize("name", preset_names())
def test_preset_stands_in_its_canonical_form(name: str) -> None:
    text = preset_path(name).read_text()

    assert write_edition(read_edition(text.encode())) == text


PRESETS = {
    "kipp-kota": (["umum"], [10, 6, 3], ["desk", "presentation"]),
    "kipp-nasional-2023": (["umum"], [99, 45], ["desk", "desk", "presentation"]),
    "kovablik-jatim": (
        ["umum", "replikasi", "khusus"],
        [45, 30],
        ["desk", "presentation", "field"],
    ),
}
# The form of 2023: words at most, and weight in percent.
SECTIONS_2023 = {
    "ringkasan": (200, 0),
    "latar_belakang_tujuan": (300, 10),
    "kebaruan": (200, 15),
    "implementasi": (200, 5),
    "signifikansi": (600, 30),
    "adaptabilitas": (300, 20),
    "sumber_daya": (200, 5),
    "strategi_keberlanjutan": (500, 15),
}


def test_presets_hold_the_tracks_tiers_and_stages_of_their_competitions() -> None:
    editions = {name: read_edition(preset_path(name).read_bytes()) for name in preset_names()}

    assert {
        name: (
            [track["key"] for track in edition["tracks"]],
            [tier["size"] for tier in edition["tiers"]],
            [stage["kind"] for stage in edition["stages"]],
        )
        for name, edition in editions.items()
    } == PRESETS
    (track,) = editions["kipp-nasional-2023"]["tracks"]
    sections = {row["key"]: (row["word_limit"], row["weight"]) for row in track["sections"]}
    assert list(sections.items()) == list(SECTIONS_2023.items())
    (_desk, paparan) = editions["kipp-kota"]["stages"]
    assert len(paparan["timetable"]["days"]) == 2
    kinds = [round_["kind"] for round_ in editions["kipp-kota"]["rounds"]]
    assert kinds[:4] == ["workshop", "submission", "endorsement", "screening"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\xff\xfe", "The file: is no UTF-8 text"),
        (b"x" * 1_000_001, "The file: is larger than 1 MB"),
        (b"a = " + b"[" * 20_000, "The file: is nested too deeply"),
    ],
)
def test_unreadable_file_is_refused(content: bytes, problem: str) -> None:
    assert problems_of(content) == [problem]


def test_text_that_is_no_toml_names_the_line() -> None:
    assert problems_of("a = \n")[0].startswith("The file: is no valid TOML: Invalid value (at line")


def test_empty_file_names_what_is_missing() -> None:
    assert problems_of("") == [
        f"competition.{name}: is missing" for name in ("slug", "name", "year", "host")
    ]


def test_every_problem_is_named_at_once() -> None:
    broken = MINIMAL.replace("year = 2026", "year = 1").replace("weight = 100", "weight = 1")

    assert problems_of(broken.replace('kind = "desk"', 'kind = "x"')) == [
        "competition.year: is a whole number from 2000 to 2100",
        "stages[desk].kind: is one of: desk, presentation, field",
        "stages[desk]: The weights add up to 1; they must add up to 100.",
    ]


def test_second_rounds_stages_and_tiers_are_compared_with_the_first() -> None:
    broken = MINIMAL.replace("[[tracks]]", TIERS + "[[tracks]]", 1)
    broken = broken.replace("[[stages]]", ROUNDS + "[[stages]]", 1) + FINAL

    assert problems_of(broken) == [
        "tiers[top-3].size: is the size of another tier too",
        "tiers[top-drei].size: is the size of another tier too",
        "rounds[pengajuan].kind: is the kind of another round too",
        "rounds[lagi].kind: is the kind of another round too",
        "rounds[sah].ends: lies before the end of the submission",
        "stages[final].round: is the round of another stage too",
        "stages[final].stage_weights: names besok, no earlier stage",
        "stages[final].advance_count: is more than the stage before lets through",
    ]


TIERS = """
[[tiers]]
key = "top-3"
name = "Top 3"
size = 3
[[tiers]]
key = "top-drei"
name = "Top drei"
size = 3
"""
ROUNDS = """
[[rounds]]
key = "lagi"
kind = "submission"
name = "Lagi"
starts = "2026-02-01 08:00"
ends = "2026-02-28 24:00"
[[rounds]]
key = "sah"
kind = "endorsement"
name = "Pengesahan"
starts = "2026-02-01 08:00"
ends = "2026-02-20 24:00"
"""
FINAL = """
[[stages]]
key = "final"
name = "Final"
round = "penilaian"
kind = "presentation"
advance_count = 11
stage_weights = {desk = 40, final = 20, besok = 40}
criteria = [{key = "mutu", label = "Mutu", weight = 100}]
"""


def test_reminder_in_own_words_is_written_again() -> None:
    definition = read_edition(MINIMAL.encode())
    definition["rounds"][0]["reminders"][0] |= {
        "channel": "required",
        "subject": "Kirim: {kompetisi}",
        "text": "Isi.",
    }

    again = read_edition(write_edition(definition).encode())

    assert again == definition


def test_stage_on_paper_has_one_criterion_that_counts() -> None:
    paper = MINIMAL.replace('kind = "desk"', 'kind = "desk"\nscored_on = "paper"')
    second = '\n[[stages.criteria]]\nkey = "lain"\nlabel = "Lain"\nweight = '
    shown = paper + second + "0\n"
    halves = paper.replace("weight = 100", "weight = 50") + second + "50\n"

    assert read_edition(shown.encode())["stages"][0]["scored_on"] == "paper"
    assert problems_of(halves) == [
        "stages[desk]: A stage on paper has one criterion that counts: the judge's total."
    ]
