"""What every judge of the demonstration would have said: the same answer on every run."""

from __future__ import annotations

import hashlib
import tomllib
from decimal import Decimal
from functools import cache

from kipp.demo.content import FOLDER, DemoPerson, DemoProposal, load_proposals, people_with

SEED = "kipp-kota-malang-2020"
WEIGHTS = {
    "latar_belakang_tujuan": 10,
    "kebaruan": 15,
    "implementasi": 5,
    "signifikansi": 30,
    "adaptabilitas": 20,
    "sumber_daya": 5,
    "strategi_keberlanjutan": 15,
}
PRESENTATION_LABELS = {
    "penguasaan": "Penguasaan materi",
    "bukti_dampak": "Dampak",
    "komitmen": "Keberlanjutan",
    "penyampaian": "Tanya jawab",
}
# A presentation is judged on what the proposal already promised.
LEAN_OF_PRESENTATION = {
    "penguasaan": "implementasi",
    "bukti_dampak": "signifikansi",
    "komitmen": "strategi_keberlanjutan",
}
BANDS = ((85, "strong"), (72, "good"), (58, "fair"), (0, "weak"))
NOISE = 6
STAGE_SWING = 5


def score_for(judge: str, proposal: str, criterion: str) -> Decimal:
    """Give a whole number from 0 to 100; the arguments are keys of the data files."""
    paper = _proposals()[proposal]
    value = paper.quality + paper.lean.get(LEAN_OF_PRESENTATION.get(criterion, criterion), 0)
    value += _judges()[judge].severity + _between(NOISE, judge, proposal, criterion)
    if criterion in PRESENTATION_LABELS:
        value += _between(STAGE_SWING, "stage", proposal)
    return Decimal(max(0, min(100, value)))


def comment_for(judge: str, proposal: str, criterion: str) -> str:
    """Give the sentence that goes with `score_for`."""
    score = score_for(judge, proposal, criterion)
    band = next(name for floor, name in BANDS if score >= floor)
    phrases = _comments()[criterion][band]
    return phrases[_number("comment", judge, proposal, criterion) % len(phrases)]


def _between(reach: int, *parts: str) -> int:
    """Spread around nought like two dice: the middle is likely, the ends are rare."""
    half = reach + 1
    return _number("a", *parts) % half - _number("b", *parts) % half


def _number(*parts: str) -> int:
    text = "|".join((SEED, *parts))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


@cache
def _proposals() -> dict[str, DemoProposal]:
    return {proposal.key: proposal for proposal in load_proposals()}


@cache
def _judges() -> dict[str, DemoPerson]:
    return {judge.key: judge for judge in people_with("judge")}


@cache
def _comments() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((FOLDER / "comments.toml").read_text(encoding="utf-8"))
