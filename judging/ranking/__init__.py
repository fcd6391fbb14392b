"""The ranking law: how scorecards become places, cuts and tiers. Pure, exact, declared beforehand.

`rank_entries(law, entries)` is the whole of it. The order of work is fixed:
totals, stage score (rounded once), cumulative score (rounded once), rank, tie-breaks, cuts.
Spread rules ("at most two per agency") will be one more pure step after `judging.ranking.places`.
"""

from __future__ import annotations

from judging.ranking.canonical import canonical, canonical_inputs, inputs_hash
from judging.ranking.errors import InputError, LawError, RuleError
from judging.ranking.law import AtLine, Law, Method, RankStyle, Tier, law_from_plain, law_to_plain
from judging.ranking.lines import Decision, Line, Ranking, rank_entries
from judging.ranking.scores import Entry, Unranked
from judging.ranking.voting import tied_at_cuts, with_votes

__all__ = [
    "AtLine",
    "Decision",
    "Entry",
    "InputError",
    "Law",
    "LawError",
    "Line",
    "Method",
    "RankStyle",
    "Ranking",
    "RuleError",
    "Tier",
    "Unranked",
    "canonical",
    "canonical_inputs",
    "inputs_hash",
    "law_from_plain",
    "law_to_plain",
    "rank_entries",
    "tied_at_cuts",
    "with_votes",
]
