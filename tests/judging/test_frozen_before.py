"""What an earlier version of the law froze comes out the same today, byte for byte.

`data/frozen_before.json` holds, for each law below, the hash of the inputs and the hash of the
lines over the same field, as the version of 23 November wrote them. A change of the law's
*meaning* writes the file anew, on purpose; a change for speed never does.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest

from judging.ranking import (
    AtLine,
    CardText,
    Correction,
    Entry,
    Line,
    Method,
    RankStyle,
    SpreadBy,
    Tier,
    canonical,
    rank_entries,
)
from judging.ranking.numbers import plain
from tests.judging.laws import D, make_law

BEFORE = json.loads((Path(__file__).parent / "data" / "frozen_before.json").read_text())
WEIGHTS = {"signifikansi": D("39.5"), "kebaruan": D("30.25"), "adaptasi": D("30.25")}
JUDGES = 6
CHAIN = ("criterion:kebaruan", "median", "stage:desk", "panel")
EARLIER: dict[str, Any] = {"stage": "paparan", "stage_weights": {"desk": D(70), "paparan": D(30)}}
LAWS: dict[str, dict[str, Any]] = {
    "mean": {},
    "whole": {"step": D(1), "tie_breaks": CHAIN, **EARLIER},
    "odd step": {"step": D("0.075"), "tie_breaks": ("median",)},
    "median": {"method": Method.MEDIAN, "at_line": AtLine.LEAVE},
    "trimmed": {"method": Method.TRIMMED, "trim": 1, "min_readings": 3},
    "capped": {"method": Method.CAPPED, "cap": D("7.5"), "tie_breaks": ("criterion:adaptasi",)},
    "capped, rounded": {"method": Method.CAPPED, "cap": D("0.5"), "cap_rounds": True},
    "corrected": {"correction": Correction.ADDITIVE, "tie_breaks": CHAIN, **EARLIER},
    "dense": {"style": RankStyle.DENSE, "tie_margin": D("0.35"), "min_readings": 2},
    "spread": {"spread_by": SpreadBy.AGENCY, "spread": 2, "tie_breaks": CHAIN, **EARLIER},
}


def field_of(random: Random, *, has_earlier: bool) -> list[Entry]:
    """Sixty entries: whole tens and odd hundredths, missing readings, some as texts."""
    return [
        Entry(
            key=f"KIPP-{number:03}",
            scorecards={
                f"J{judge}": card_of(random) for judge in range(JUDGES) if random.random() > 0.2
            },
            earlier={"desk": D(random.randint(0, 10_000)) / 100}
            if has_earlier and number % 9
            else {},
            panel_vote=D(random.randint(1, 3)) if number % 2 else None,
            group=f"K{number % 7}",
        )
        for number in range(60)
    ]


def card_of(random: Random) -> dict[str, Any] | CardText | None:
    if random.random() < 0.1:
        return None
    tens = random.random() < 0.7
    card = {
        code: D(10 * random.randint(0, 10)) if tens else D(random.randint(0, 10_000)) / 100
        for code in WEIGHTS
    }
    if random.random() < 0.5:
        codes = tuple(sorted(card))
        return CardText(codes, "\t".join(plain(card[code]) for code in codes))
    return card


def frozen_by(name: str) -> list[str]:
    random = Random(f"kipp {name}")
    law = make_law(
        weights=WEIGHTS, advance=20, tiers=(Tier("top-9", 9), Tier("top-3", 3)), **LAWS[name]
    )
    entries = field_of(random, has_earlier="stage_weights" in LAWS[name])
    ranking = rank_entries(law, entries)
    lines = canonical([as_plain(line) for line in ranking.lines])
    return [ranking.inputs_hash, sha256(lines).hexdigest()]


def as_plain(line: Line) -> list[object]:
    numbers = (line.stage_score, line.cumulative)
    return [
        line.key,
        {judge: plain(total) for judge, total in line.totals},
        [None if number is None else plain(number) for number in numbers],
        [line.rank, line.place, line.tie, line.advances, line.decision, list(line.tiers)],
        [line.unranked, line.seats and list(line.seats)],
    ]


@pytest.mark.parametrize("name", LAWS)
def test_same_inputs_give_the_same_bytes_as_before(name: str) -> None:
    assert frozen_by(name) == BEFORE[name]
