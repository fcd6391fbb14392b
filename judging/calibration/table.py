from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from judging.assigning.overlap import islands, ties_between

Cells = Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Values by entry and judge, not all of them there; names sorted, so that order is nothing."""

    entries: tuple[str, ...]
    judges: tuple[str, ...]
    rows: tuple[tuple[int, int, float], ...]

    @property
    def by_entry(self) -> list[list[tuple[int, float]]]:
        """For each entry its judges and their values."""
        found: list[list[tuple[int, float]]] = [[] for _entry in self.entries]
        for entry, judge, value in self.rows:
            found[entry].append((judge, value))
        return found


def table_of(cells: Cells) -> Table:
    entries = tuple(sorted({entry for entry, _judge in cells}))
    judges = tuple(sorted({judge for _entry, judge in cells}))
    places = {name: place for place, name in enumerate(entries)}
    seats = {name: place for place, name in enumerate(judges)}
    return Table(
        entries=entries,
        judges=judges,
        rows=tuple(
            (places[entry], seats[judge], value) for (entry, judge), value in sorted(cells.items())
        ),
    )


def parts_of(table: Table) -> int:
    """How many groups of judges share no entry with one another; 1 means connected."""
    pairs = ((table.judges[judge], table.entries[entry]) for entry, judge, _value in table.rows)
    return len(islands(ties_between(table.judges, pairs)))


def readings_per_judge(table: Table) -> list[int]:
    counts = [0] * len(table.judges)
    for _entry, judge, _value in table.rows:
        counts[judge] += 1
    return counts
