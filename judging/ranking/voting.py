"""The last link of a chain: the panel parts by hand who is still tied across a line."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from judging.ranking.law import PANEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from judging.ranking.lines import Line, Ranking
    from judging.ranking.scores import Entry


def tied_at_cuts(ranking: Ranking) -> tuple[tuple[Line, ...], ...]:
    """Groups that share a place on both sides of a line, where the law leaves it to the panel.

    A vote that is not the last link would lift its group over others of the same rank.
    """
    law = ranking.law
    if law.tie_breaks[-1:] != (PANEL,):
        return ()
    cuts = [tier.size for tier in law.tiers] + ([] if law.advance is None else [law.advance])
    groups: dict[tuple[int, int], list[Line]] = {}
    for line in ranking.lines:
        if line.seats is not None:
            groups.setdefault(line.seats, []).append(line)
    return tuple(
        tuple(group)
        for (first, last), group in groups.items()
        if any(first <= cut < last for cut in cuts)
    )


def with_votes(entries: Iterable[Entry], *, orders: Iterable[Sequence[str]]) -> list[Entry]:
    """The same inputs with each group's order as votes: the first has the most."""
    votes = {
        key: Decimal(len(order) - position)
        for order in orders
        for position, key in enumerate(order)
    }
    return [each._replace(panel_vote=votes.get(each.key, each.panel_vote)) for each in entries]
