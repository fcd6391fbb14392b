"""The checker is a second writing of the law: both must agree, and it must name every tampering."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging import services
from judging.bundle import checker_source
from judging.checker import periksa_peringkat as checker
from judging.models import Ranking, Stage
from judging.ranking import (
    Correction,
    Entry,
    Law,
    canonical,
)
from tests import make
from tests.judging.bundles import (
    Files,
    bundle_of,
    changed,
    check,
    differences,
    pack,
    unpack,
    with_hashes,
)
from tests.judging.field import closed, tied
from tests.judging.laws import D, make_law, read_fields
from tests.judging.test_ranking_properties import CRITERIA, SPREADS, fields, laws

EARLIER = st.dictionaries(st.sampled_from(["desk", "wawancara"]), st.integers(0, 100).map(D))


@st.composite
def chained_laws(draw: st.DrawFn) -> Law:
    """A law that also weighs two earlier stages, one of them only to part ties."""
    law = draw(laws())
    plain_fields = {name: getattr(law, name) for name in Law.__dataclass_fields__}
    chain = draw(st.permutations(["stage:desk", "stage:wawancara", "median", "panel"]))
    return make_law(
        **{
            **plain_fields,
            "weights": CRITERIA,
            "stage": "paparan",
            "stage_weights": {"paparan": D("62.5"), "desk": D("37.5"), "wawancara": D(0)},
            "tie_breaks": tuple(chain[: draw(st.integers(0, 4))]),
            "advance": draw(st.none() | st.integers(1, 8)),
        }
    )


@st.composite
def chained_fields(draw: st.DrawFn) -> list[Entry]:
    return [
        Entry(
            key=entry.key,
            scorecards=entry.scorecards,
            panel_vote=entry.panel_vote,
            earlier=draw(EARLIER),
            group=entry.group,
        )
        for entry in draw(fields())
    ]


@settings(max_examples=60)
@given(laws(spreads=SPREADS), fields())
def test_checker_agrees_with_the_portal(law: Law, entries: list[Entry]) -> None:
    assert differences(law, entries) == []


@settings(max_examples=60)
@given(chained_laws(), chained_fields())
def test_checker_agrees_over_several_stages(law: Law, entries: list[Entry]) -> None:
    assert differences(law, entries) == []


@settings(max_examples=25, deadline=None)
@given(read_fields(), st.sampled_from([D("0.01"), D(1)]))
def test_checker_corrects_severity_as_the_portal_does(entries: list[Entry], step: Decimal) -> None:
    law = make_law(correction=Correction.ADDITIVE, step=step, advance=3)

    assert differences(law, entries) == []


def test_checker_needs_nothing_but_an_old_python() -> None:
    tree = ast.parse(checker_source(), feature_version=(3, 9))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert imported - {"__future__"} <= sys.stdlib_module_names


@cache
def first_bundle() -> bytes:
    """Of a real run; its bytes outlive the transaction of the test that asked first."""
    _made, ranking = closed(tie_break=["criterion:kebaruan", "median"])
    return bundle_of(ranking)


@pytest.fixture
def frozen(db: None) -> Files:
    return unpack(first_bundle())


def hash_in(files: Files) -> str:
    return str(json.loads(files["run.json"])["inputs_sha256"])


@pytest.mark.django_db
def test_real_bundle_agrees_also_with_the_signed_hash(tmp_path: Path) -> None:
    _made, ranking = closed(judges=1, entries=2)
    content = bundle_of(ranking)

    answer = check(tmp_path, content, options=("--sidik-jari", ranking.inputs_hash.upper()))

    assert answer == (0, [])
    assert bundle_of(Ranking.objects.get()) == content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "law",
    [
        {"method": "trimmed", "method_parameter": "1", "min_readings": 3},
        {"method": "capped", "method_parameter": "2.5", "rank_style": "dense", "tie_margin": "0.6"},
        {"method": "median", "rounding_step": "0.5", "at_line": "leave"},
    ],
)
def test_every_declared_law_can_be_recomputed(tmp_path: Path, law: dict[str, Any]) -> None:
    _made, ranking = closed(judges=3, entries=4, advance_count=3, **law)

    assert check(tmp_path, bundle_of(ranking)) == (0, [])


@pytest.mark.django_db
def test_vote_of_the_panel_is_part_of_what_is_checked(tmp_path: Path) -> None:
    made, ranking = tied()
    receipts = list(
        ranking.standings.filter(place=2).values_list("entry__submission__receipt", flat=True)
    )
    voted = services.record_panel_vote(
        made.stage,
        orders=[sorted(receipts, reverse=True)],
        reason="Rapat pleno.",
        version=1,
        by=made.chair,
        at=make.NOON,
    )
    files = unpack(bundle_of(voted))

    def forget(inputs: Any) -> None:
        for entry in inputs["entries"]:
            entry["panel_vote"] = None

    forged = with_hashes(changed(files, "inputs.json", forget))

    assert check(tmp_path, pack(files)) == (0, [])
    code, said = check(tmp_path, pack(forged))
    assert code == 1
    assert any("pemutus seri tertulis panel, hitungan ulang unbroken" in line for line in said)


def raise_first(inputs: Any) -> None:
    card = next(iter(inputs["entries"][2]["scorecards"].values()))
    card[-1] = "89"


def test_score_changed_after_packing_breaks_the_manifest(tmp_path: Path, frozen: Files) -> None:
    files = changed(frozen, "inputs.json", raise_first)

    code, said = check(tmp_path, pack(files))

    assert code == 1
    assert said[:2] == [
        "inputs.json tidak cocok dengan MANIFEST.sha256: diubah, ditambah, atau hilang.",
        "inputs.json tidak bersidik jari yang tertulis di run.json.",
    ]


def test_score_changed_with_all_hashes_renewed_contradicts_the_list(
    tmp_path: Path, frozen: Files
) -> None:
    files = changed(frozen, "inputs.json", raise_first)
    key = json.loads(files["inputs.json"])["entries"][2]["key"]

    code, said = check(tmp_path, pack(with_hashes(files)))

    assert code == 1
    assert {line.split(":")[0] for line in said} == {key}
    assert any("nilai tahap tertulis 84, hitungan ulang 84.3000." in line for line in said)


def test_forgery_that_agrees_with_itself_lacks_the_signed_hash(
    tmp_path: Path, frozen: Files
) -> None:
    files = changed(frozen, "inputs.json", raise_first)
    inputs = json.loads(files["inputs.json"])
    lines = checker.rank(checker.read_law(inputs), inputs["entries"])
    forged = with_hashes({**files, "standings.json": canonical([rewritten(x) for x in lines])})

    unaware = check(tmp_path, pack(forged))
    aware = check(tmp_path, pack(forged), options=("--sidik-jari", hash_in(frozen)))

    assert unaware == (0, [])
    assert aware == (1, ["inputs.json tidak bersidik jari yang Anda berikan (--sidik-jari)."])


def rewritten(line: dict[str, Any]) -> dict[str, Any]:
    numbers = {key: str(float(line[key])) for key in checker.NUMBERS}
    totals = {judge: str(float(total)) for judge, total in line["totals"].items()}
    kept = {key: value for key, value in line.items() if key != "chain"}
    return {**kept, **numbers, "totals": totals}


def swap_places(lines: Any) -> None:
    lines[0]["place"], lines[1]["place"] = lines[1]["place"], lines[0]["place"]


def drop_last(lines: Any) -> None:
    lines.pop()


def add_one(lines: Any) -> None:
    lines.append({**lines[0], "key": "TITIPAN"})


def award_last(lines: Any) -> None:
    lines[2]["tiers"], lines[2]["advances"] = ["top2"], True


def reverse(lines: Any) -> None:
    lines.reverse()


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        (
            swap_places,
            [
                "{0}: tempat tertulis 2, hitungan ulang 1.",
                "{1}: tempat tertulis 1, hitungan ulang 2.",
            ],
        ),
        (drop_last, ["{2} tidak ada dalam daftar peringkat."]),
        (add_one, ["TITIPAN terdaftar, tetapi tidak dinilai."]),
        (
            award_last,
            [
                "{2}: lolos tertulis True, hitungan ulang False.",
                "{2}: jenjang tertulis ['top2'], hitungan ulang [].",
            ],
        ),
        (reverse, ["urutan daftar peringkat lain dari hitungan ulang."]),
    ],
)
def test_tampered_list_is_named_line_by_line(
    tmp_path: Path,
    frozen: Files,
    change: Callable[[Any], None],
    sentences: list[str],
) -> None:
    keys = [line["key"] for line in json.loads(frozen["standings.json"])]

    answer = check(tmp_path, pack(with_hashes(changed(frozen, "standings.json", change))))

    assert answer == (1, [sentence.format(*keys) for sentence in sentences])


def set_law(key: str, value: object) -> Callable[[Any], object]:
    return lambda inputs: inputs["law"].__setitem__(key, value)


def set_score(value: object) -> Callable[[Any], object]:
    def change(inputs: Any) -> None:
        next(iter(inputs["entries"][0]["scorecards"].values()))[0] = value

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (set_law("lottery", 2), "aturan peringkat memuat bagian yang tidak dikenal, atau kurang"),
        (set_law("method", "tuah"), "aturan method = tuah tidak dikenal."),
        (set_law("weights", {"kebaruan": "90"}), "bobot (weights) tidak berjumlah 100."),
        (set_law("tie_breaks", ["undian"]), "pemutus seri undian tidak dikenal."),
        (set_law("step", "0"), "susunan paket rusak"),
        (set_law("min_readings", "satu"), "susunan paket rusak"),
        (set_score("NaN"), "'NaN' bukan angka."),
        (set_score("1e400"), "'1e400' bukan angka."),
        (set_score("80,5"), "'80,5' bukan angka."),
        (set_score(80), "80 bukan angka."),
    ],
)
def test_what_cannot_be_computed_is_refused(
    tmp_path: Path, frozen: Files, change: Callable[[Any], None], sentence: str
) -> None:
    code, said = check(tmp_path, pack(with_hashes(changed(frozen, "inputs.json", change))))

    assert code == 2
    assert [line[: len(sentence)] for line in said] == [sentence]


def test_score_beside_the_scale_is_named(tmp_path: Path, frozen: Files) -> None:
    files = changed(frozen, "inputs.json", set_score("101"))

    code, said = check(tmp_path, pack(with_hashes(files)))

    assert code == 1
    assert "di luar skala" in said[0]


@pytest.mark.parametrize("content", [b"", b"bukan zip", pack({"run.json": b"{}"})])
def test_what_is_no_bundle_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    code, said = check(tmp_path, content)

    assert (code, len(said)) == (2, 1)


@pytest.mark.django_db
def test_scores_of_an_earlier_stage_are_checked_against_its_own_bundle(tmp_path: Path) -> None:
    made, desk = closed(advance_count=2)
    weights = {"desk": "40", "final": "60"}
    final = make.stage(made.competition, "final", stage_weights=weights)
    make.criterion(final, "signifikansi")
    services.seat_panelist(final, user=made.judges[0], by=made.chair, at=make.NOON)
    opened = services.open_stage(final, by=made.chair, at=make.NOON, seed=1)
    last = services.close_stage(opened, missing_accepted=2, by=made.chair, at=make.NOON)
    first, second = unpack(bundle_of(desk)), unpack(bundle_of(last))

    def lift(inputs: Any) -> None:
        inputs["entries"][0]["earlier"]["desk"] = "99"

    forged = with_hashes(changed(second, "inputs.json", lift))
    key = json.loads(second["inputs.json"])["entries"][0]["key"]

    assert check(tmp_path, pack(second), pack(first)) == (0, [])
    assert check(tmp_path, pack(forged)) == (0, [])
    assert check(tmp_path, pack(forged), pack(first)) == (
        1,
        [f"{key}: nilai tahap desk adalah 99, tetapi paket tahap itu menulis 86."],
    )
    assert Stage.objects.count() == 2
