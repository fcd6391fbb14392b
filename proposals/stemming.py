"""Indonesian words by their roots, and where the words that were asked for stand in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
from Sastrawi.Stemmer.Stemmer import Stemmer
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

WORDS = re.compile(r"[^\W_]+")
# No Indonesian word is longer; what is longer has no root to look for.
LONGEST_WORD = 40
# Words before and after the first match in a snippet.
BEFORE, AFTER = 8, 24


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_match: bool


@cache
def _stemmer() -> Stemmer:
    """Without the library's own cache, which never forgets a word that a stranger sends."""
    return Stemmer(ArrayDictionary(StemmerFactory().get_words()))


@lru_cache(maxsize=20_000)
def root_of(word: str) -> str:
    """`pembelajaran` and `mengajar` both are `ajar`."""
    word = word.casefold()
    return word if len(word) > LONGEST_WORD else str(_stemmer().stem_word(word))


def roots_of(text: str) -> list[str]:
    return [root_of(word) for word in WORDS.findall(text)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The words that were asked for; `inner`: roots without the letter that a prefix may change."""

    asked: frozenset[str] = frozenset()
    roots: frozenset[str] = frozenset()
    inner: tuple[str, ...] = ()


def wanted_in(words: str) -> Wanted:
    roots = frozenset(roots_of(words))
    asked = roots | {word.casefold() for word in WORDS.findall(words)}
    return Wanted(asked, roots, tuple(root[1:] for root in roots if len(root) > 1))


def is_match(word: str, wanted: Wanted) -> bool:
    """Most words hold no root's inside and need not be stemmed."""
    folded = word.casefold()
    if folded in wanted.asked:
        return True
    return any(part in folded for part in wanted.inner) and root_of(folded) in wanted.roots


def mark(text: str, *, wanted: Wanted) -> list[Piece]:
    """The whole text in pieces."""
    pieces, end = list[Piece](), 0
    for found in WORDS.finditer(text) if wanted.asked else ():
        if is_match(found.group(), wanted):
            if found.start() > end:
                pieces.append(Piece(text[end : found.start()], is_match=False))
            pieces.append(Piece(found.group(), is_match=True))
            end = found.end()
    if end < len(text):
        pieces.append(Piece(text[end:], is_match=False))
    return pieces


def snippet(text: str, *, wanted: Wanted) -> list[Piece]:
    """The words around the first match, or the text's beginning."""
    every = WORDS.finditer(text)
    words = list(every if wanted.asked else islice(every, AFTER + 2))
    if not words:
        return []
    hit = next((at for at, found in enumerate(words) if is_match(found.group(), wanted)), 0)
    first, last = max(0, hit - BEFORE), min(len(words) - 1, hit + AFTER)
    start = words[first].start() if first else 0
    end = words[last].end() if last < len(words) - 1 else len(text)
    pieces = mark(text[start:end], wanted=wanted)
    before = [Piece("… ", is_match=False)] if start else []
    return before + pieces + ([Piece(" …", is_match=False)] if end < len(text) else [])
