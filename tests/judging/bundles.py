"""Verification bundles for tests: made, taken apart, forged, and given to the checker."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from judging.bundle import bundle_zip, checker_source
from judging.checker import periksa_peringkat as checker
from judging.models import Ranking
from judging.queries.proof import committee_proof
from judging.ranking import (
    Entry,
    Law,
    Line,
    Move,
    canonical,
    canonical_inputs,
    rank_entries,
    reorder,
)
from judging.ranking.numbers import plain

Files = dict[str, bytes]


def bundle_of(ranking: Ranking) -> bytes:
    return bundle_zip(committee_proof(ranking))


def unpack(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(files: Files) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def with_manifest(files: Files) -> Files:
    sums = [
        f"{hashlib.sha256(content).hexdigest()}  {name}\n"
        for name, content in files.items()
        if name != checker.MANIFEST
    ]
    return {**files, checker.MANIFEST: "".join(sums).encode()}


def with_hashes(files: Files) -> Files:
    """What a forger renews who knows the format: everything but what was signed."""
    run = json.loads(files["run.json"])
    for name in checker.PARTS:
        run[f"{name}_sha256"] = hashlib.sha256(files[f"{name}.json"]).hexdigest()
    return with_manifest({**files, "run.json": canonical(run)})


def changed(files: Files, name: str, change: Callable[[Any], object]) -> Files:
    document = json.loads(files[name])
    change(document)
    return {**files, name: canonical(document)}


def check(tmp_path: Path, *bundles: bytes, options: tuple[str, ...] = ()) -> tuple[int, list[str]]:
    """Run the checker of the first bundle, away from our code, and read its complaints."""
    paths = []
    for number, content in enumerate(bundles):
        paths.append(tmp_path / f"{number}.zip")
        paths[-1].write_bytes(content)
    script = tmp_path / "periksa.py"
    script.write_bytes(checker_source())
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(script), *map(str, paths), *options],
        capture_output=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.stderr == b""
    lines = done.stdout.decode().splitlines()
    said = ("TIDAK COCOK: ", "TIDAK TERBACA: ")
    return done.returncode, [
        line.removeprefix(said[0]).removeprefix(said[1]) for line in lines if line.startswith(said)
    ]


def plain_of(line: Line) -> dict[str, Any]:
    """As a bundle writes it."""
    return {
        "key": line.key,
        "rank": line.rank,
        "place": line.place,
        "law_place": line.law_place,
        "stage_score": number_text(line.stage_score),
        "score": number_text(line.cumulative),
        "totals": {judge: plain(total) for judge, total in line.totals},
        "advances": line.advances,
        "tiers": list(line.tiers),
        "tie": line.tie or "",
        "decision": line.decision.value,
        "unranked": line.unranked.value if line.unranked else "",
    }


def number_text(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def differences(law: Law, entries: list[Entry], *, moves: Sequence[Move] = ()) -> list[str]:
    inputs = json.loads(canonical_inputs(law, entries))
    read = checker.read_law(inputs)
    lines = reorder(law, rank_entries(law, entries).lines, entries=entries, moves=moves)
    ranked = checker.rank(read, inputs["entries"])
    computed, problems = checker.reorder(read, ranked, [asdict(move) for move in moves])
    return problems + checker.compare(computed, [plain_of(line) for line in lines])
