"""The ranking law: how scorecards become places, cuts and tiers. Pure, exact, declared beforehand.

`rank_entries(law, entries)` is the whole of it. The order of work is fixed:
totals, stage score (rounded once), cumulative score (rounded once), rank, tie-breaks, cuts.
A spread rule ("at most two per agency") moves seats at the cuts, never places. What a plenary moves
comes after all of it (`reorder`), one entry and one written reason at a time.
"""

from __future__ import annotations

from judging.ranking.canonical import canonical, canonical_inputs, inputs_hash
from judging.ranking.errors import InputError, LawError, RuleError
from judging.ranking.law import (
    AtLine,
    Correction,
    Law,
    Method,
    RankStyle,
    SpreadBy,
    Tier,
    law_from_plain,
    law_to_plain,
)
from judging.ranking.lines import Decision, Line, Ranking, rank_entries
from judging.ranking.plenary import Move, moves_from_plain, reorder
from judging.ranking.scores import CardText, Entry, Unranked, gate_of
from judging.ranking.severity import Refusal, Severities
from judging.ranking.spread import Price, price_of, without_spread
from judging.ranking.voting import tied_at_cuts, with_votes

__all__ = [
    "AtLine",
    "CardText",
    "Correction",
    "Decision",
    "Entry",
    "InputError",
    "Law",
    "LawError",
    "Line",
    "Method",
    "Move",
    "Price",
    "RankStyle",
    "Ranking",
    "Refusal",
    "RuleError",
    "Severities",
    "SpreadBy",
    "Tier",
    "Unranked",
    "canonical",
    "canonical_inputs",
    "gate_of",
    "inputs_hash",
    "law_from_plain",
    "law_to_plain",
    "moves_from_plain",
    "price_of",
    "rank_entries",
    "reorder",
    "tied_at_cuts",
    "with_votes",
    "without_spread",
]
