"""What changed between two texts, word by word, and how two changes of one text go together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

_WORDS_AND_SPACES = re.compile(r"\s+|\S+")
# Pairs of equal words to look at: natural texts have some thousands; hostile ones would take hours.
_MOST_PAIRS = 300_000


class Kind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Merged:
    """`conflicts` counts the places where both changed the same paragraph; both stand there."""

    text: str
    conflicts: int


@dataclass(frozen=True, slots=True)
class Run:
    """As many equal items from here in the one list and from there in the other."""

    before: int
    after: int
    length: int


def differences(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in order; without those of one kind they are one of the texts."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    pieces: list[Piece] = []
    for gap, run in _gaps(_equal_runs(old, new), old, new):
        pieces += _word_differences("".join(gap[0]), "".join(gap[1]))
        pieces.append(Piece(Kind.SAME, "".join(old[run.before : run.before + run.length])))
    return _joined(pieces)


def _word_differences(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORDS_AND_SPACES.findall(before), _WORDS_AND_SPACES.findall(after)
    removed = added = ""
    for gap, run in _gaps(_equal_runs(old, new), old, new):
        removed, added = removed + "".join(gap[0]), added + "".join(gap[1])
        same = "".join(old[run.before : run.before + run.length])
        if same == " " and (removed or added):
            # One space between two changes: a phrase is read at once, not word by word.
            removed, added = removed + same, added + same
            continue
        yield Piece(Kind.REMOVED, removed)
        yield Piece(Kind.ADDED, added)
        yield Piece(Kind.SAME, same)
        removed = added = ""


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Without empty pieces, and neighbours of one kind as one."""
    found: list[Piece] = []
    for piece in pieces:
        if found and found[-1].kind == piece.kind:
            found[-1] = Piece(piece.kind, found[-1].text + piece.text)
        elif piece.text:
            found.append(piece)
    return found


def merge(base: str, *, mine: str, theirs: str) -> Merged:
    """Both changes of `base` in one text, paragraph by paragraph; what both changed, twice."""
    origin, left, right = base.split("\n"), mine.split("\n"), theirs.split("\n")
    lines: list[str] = []
    conflicts = 0
    ours, others = _equal_runs(origin, left), _equal_runs(origin, right)
    start = (0, 0, 0)
    for at, there, elsewhere, length in _kept_by_both(ours, others):
        chunk = (origin[start[0] : at], left[start[1] : there], right[start[2] : elsewhere])
        merged, count = _merge_chunk(*chunk)
        lines += [*merged, *origin[at : at + length]]
        conflicts += count
        start = (at + length, there + length, elsewhere + length)
    return Merged("\n".join(lines), conflicts)


def _kept_by_both(
    ours: Sequence[Run], others: Sequence[Run]
) -> Iterator[tuple[int, int, int, int]]:
    """Where base, mine and theirs go on together and how long; last of all their ends."""
    i = j = 0
    while i < len(ours) and j < len(others):
        one, other = ours[i], others[j]
        start = max(one.before, other.before)
        ends = one.before + one.length, other.before + other.length
        is_last = not one.length and not other.length
        if start < min(ends) or is_last:
            length = min(ends) - start
            yield start, one.after + start - one.before, other.after + start - other.before, length
        i, j = (i + 1, j) if ends[0] < ends[1] or not other.length else (i, j + 1)


def _merge_chunk(base: list[str], mine: list[str], theirs: list[str]) -> tuple[list[str], int]:
    if theirs in (mine, base):
        return mine, 0
    if mine == base:
        return theirs, 0
    if len(base) == len(mine) == len(theirs) > 1:
        singles = [_merge_chunk([a], [b], [c]) for a, b, c in zip(base, mine, theirs, strict=True)]
        return [line for lines, _count in singles for line in lines], sum(n for _, n in singles)
    if not mine or not theirs:
        return mine or theirs, 1
    blank = [""] if mine[-1] and theirs[0] else []
    return [*mine, *blank, *theirs], 1


def _gaps(
    runs: Sequence[Run], before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[tuple[Sequence[str], Sequence[str]], Run]]:
    """Each run with what differs ahead of it."""
    for last, run in pairwise([Run(0, 0, 0), *runs]):
        yield (
            (
                before[last.before + last.length : run.before],
                after[last.after + last.length : run.after],
            ),
            run,
        )


def _equal_runs(before: Sequence[str], after: Sequence[str]) -> list[Run]:
    """Longest first among what is worth its time; the last run is empty and stands at both ends."""
    shorter = min(len(before), len(after))
    head = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    tail = next(
        (n for n in range(shorter - head) if before[-1 - n] != after[-1 - n]), shorter - head
    )
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    middle: list[Run] = []
    if _is_affordable(old, new):
        matcher = SequenceMatcher(str.isspace, old, new, autojunk=False)
        middle = [
            Run(head + match.a, head + match.b, match.size)
            for match in matcher.get_matching_blocks()
            if match.size
        ]
    ends = Run(len(before) - tail, len(after) - tail, tail)
    runs = [Run(0, 0, head), *middle, ends]
    return [*(run for run in runs if run.length), Run(len(before), len(after), 0)]


def _is_affordable(old: Sequence[str], new: Sequence[str]) -> bool:
    there = Counter(new)
    pairs = sum(count * there[word] for word, count in Counter(old).items() if not word.isspace())
    return pairs <= _MOST_PAIRS
