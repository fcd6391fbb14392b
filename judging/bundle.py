"""The verification bundle: a frozen ranking that outsiders recompute with their own Python.

The same ranking gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from functools import cache
from hashlib import sha256
from importlib.resources import files
from zoneinfo import ZoneInfo

from judging import checker
from judging.queries.proof import Proof
from judging.ranking import canonical
from kipp.lib.zips import Entry, stream_zip

FORMAT = 2
CHECKER = "periksa_peringkat.py"
README = "BACA.md"


def bundle_zip(proof: Proof) -> bytes:
    zone = ZoneInfo(proof.ranking.stage.competition.time_zone)
    return b"".join(stream_zip(_entries(proof), at=proof.ranking.frozen_at.astimezone(zone)))


def bundle_name(proof: Proof) -> str:
    ranking = proof.ranking
    return f"bukti-{ranking.stage.competition.slug}-{ranking.stage.key}-v{ranking.version}.zip"


@cache
def checker_source(name: str = CHECKER) -> bytes:
    return files(checker).joinpath(name).read_bytes()


def _entries(proof: Proof) -> Iterator[Entry]:
    standings, reorderings = canonical(proof.standings), canonical(proof.reorderings)
    names: dict[str, object] = {"entries": proof.entries}
    if proof.judges:
        names["judges"] = proof.judges
    yield README, [checker_source(README)]
    yield CHECKER, [checker_source()]
    yield "run.json", [canonical(_run(proof, standings=standings, reorderings=reorderings))]
    yield "inputs.json", [proof.inputs]
    yield "reorderings.json", [reorderings]
    yield "standings.json", [standings]
    yield "names.json", [canonical(names)]


def _run(proof: Proof, *, standings: bytes, reorderings: bytes) -> dict[str, object]:
    ranking, stage = proof.ranking, proof.ranking.stage
    return {
        "format": FORMAT,
        "competition": stage.competition.slug,
        "stage": stage.key,
        "version": ranking.version,
        "frozen_at": ranking.frozen_at.astimezone(UTC).isoformat(timespec="seconds"),
        "seed": stage.seed,
        "code_version": ranking.code_version,
        "inputs_sha256": ranking.inputs_hash,
        "reorderings_sha256": sha256(reorderings).hexdigest(),
        "standings_sha256": sha256(standings).hexdigest(),
    }
