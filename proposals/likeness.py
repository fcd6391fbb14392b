"""How alike two innovations are, by name and by text: values in, values out.

Names are compared as people vary them: letter case, spacing, a year, the order of the words, one
wrong letter, the long form for the short one, English for Indonesian. Words that half of all
innovations share (and names of places) weigh little. Texts are compared by the share of three-word
sequences that they have in common, estimated from a sketch that the database can search.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import nsmallest
from zlib import crc32

from proposals.glossary import DIGITS, ENGLISH, FILLERS, PLACES

# From here on a name or a text is near; docs/performance.md says how well that works.
NEAR_NAME = 0.8
NEAR_TEXT = 0.3
SKETCH_SIZE = 64
SHINGLE = 3
WORDS = re.compile(r"[^\W_]+")
APOSTROPHES = re.compile(r"['’‘`ʼ]")
YEARS = re.compile(r"(?:19|20)\d\d|i{2,3}|jilid|tahun|edisi|versi")
FILLER_WEIGHT, PLACE_WEIGHT = 0.25, 0.5
SHORTEST_FUZZY = 5


class Reason(StrEnum):
    SAME_NAME = "same_name"
    NEAR_NAME = "near_name"
    NEAR_TEXT = "near_text"


@dataclass(frozen=True, slots=True)
class Likeness:
    reason: Reason
    score: float


@dataclass(frozen=True, slots=True)
class Imprint:
    """`names`: title and long form as they were written; `sketch` of the text, if there is one."""

    names: tuple[str, ...]
    sketch: tuple[int, ...] = ()


def likeness(one: Imprint, other: Imprint) -> Likeness | None:
    """Why the two are near, the strongest reason first; None when they are not."""
    by_name = max(
        (name_likeness(mine, theirs) for mine in one.names for theirs in other.names), default=0.0
    )
    if by_name >= NEAR_NAME:
        return Likeness(Reason.SAME_NAME if by_name == 1 else Reason.NEAR_NAME, by_name)
    by_text = text_likeness(one.sketch, other.sketch)
    return Likeness(Reason.NEAR_TEXT, by_text) if by_text >= NEAR_TEXT else None


def name_likeness(one: str, other: str) -> float:
    """0 to 1; 1 for names that differ only in case, spacing, punctuation, order or year."""
    mine, theirs = words_of(one), words_of(other)
    if not mine or not theirs:
        return 0.0
    if "".join(mine) == "".join(theirs) or sorted(mine) == sorted(theirs):
        return 1.0
    if is_one_slip("".join(mine), "".join(theirs)) or _same_core(mine, theirs):
        return 0.95
    return _shared_weight(mine, theirs)


def words_of(name: str) -> list[str]:
    """The words that a name is compared by, in Indonesian, without years."""
    plain = unicodedata.normalize("NFKD", APOSTROPHES.sub("", name)).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    found = [DIGITS.get(word, ENGLISH.get(word, word)) for word in WORDS.findall(plain)]
    return [word for word in found if not YEARS.fullmatch(word)] or found


def core_of(words: Iterable[str]) -> list[str]:
    """Without what says little; what tells an innovation apart from others."""
    return [word for word in words if word not in FILLERS and word not in PLACES]


def weight(word: str) -> float:
    if word in FILLERS:
        return FILLER_WEIGHT
    return PLACE_WEIGHT if word in PLACES else 1.0


def _same_core(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """The same telling words, and not two places; a single common word tells nothing."""
    cores = set(core_of(mine)), set(core_of(theirs))
    if not cores[0] or cores[0] != cores[1]:
        return False
    places = set(mine) & PLACES, set(theirs) & PLACES
    if places[0] and places[1] and places[0] != places[1]:
        return False
    return len(cores[0]) > 1 or not cores[0] & set(ENGLISH.values())


def _shared_weight(mine: Sequence[str], theirs: Sequence[str]) -> float:
    """What the two share of both; or of the shorter one, if that holds two telling words."""
    left = list(theirs)
    shared = telling = 0.0
    for word in mine:
        match = next((other for other in left if is_same_word(word, other)), None)
        if match is not None:
            left.remove(match)
            shared += weight(word)
            telling += weight(word) == 1
    totals = sorted((sum(map(weight, mine)), sum(map(weight, theirs))))
    whole = 2 * shared / sum(totals)
    contained = shared / totals[0] if telling > 1 else 0.0
    return max(whole, 0.9 * contained if contained > NEAR_NAME else 0.0)


def is_same_word(one: str, other: str) -> bool:
    return one == other or is_one_slip(one, other)


def is_one_slip(one: str, other: str) -> bool:
    """One letter more, less, other or swapped with its neighbour; not in short words."""
    if min(len(one), len(other)) < SHORTEST_FUZZY or abs(len(one) - len(other)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return True
    mine, theirs = one[start:], other[start:]
    return (
        mine[1:] == theirs[1:]
        or mine[1:] == theirs
        or mine == theirs[1:]
        or (mine[:2] == theirs[1::-1] and mine[2:] == theirs[2:])
    )


def sketch_of(texts: Iterable[str]) -> tuple[int, ...]:
    """The smallest hashes of the texts' three-word sequences, sorted; empty for a short text."""
    hashes: set[int] = set()
    for text in texts:
        words = WORDS.findall(text.casefold())
        shingles = zip(*(words[n:] for n in range(SHINGLE)), strict=False)
        hashes.update(map(crc32, map(str.encode, map(" ".join, shingles))))
    if len(hashes) < SKETCH_SIZE:
        return ()
    # The database's integers have a sign.
    return tuple(number - 2**31 for number in nsmallest(SKETCH_SIZE, hashes))


def text_likeness(one: Collection[int], other: Collection[int]) -> float:
    """The share of sequences that both hold, among those that either does."""
    if not one or not other:
        return 0.0
    either = nsmallest(SKETCH_SIZE, set(one) | set(other))
    both = set(one) & set(other)
    return sum(number in both for number in either) / len(either)
