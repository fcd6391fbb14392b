"""Names of judges taken out of what judges wrote. Pure: the chair looks over what was marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Titles before and after a name; "S.Kep." and "Ph.D." fall to the dot within.
TITLE = re.compile(r"^(prof|dr|drs|dra|ir|h|hj|kh|ny|bapak|ibu|pak|bu)\.?$", re.IGNORECASE)
# Shorter parts of a name are too often words: they go only with the whole name.
SHORTEST = 4
MASK = "[juri]"


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_name: bool


def mark_names(text: str, *, names: Iterable[str]) -> list[Piece]:
    """The text in pieces; what names somebody stands apart.

    A whole name counts in any case, a part of it only as a name is written: with a capital.
    """
    pattern = _pattern(names)
    if pattern is None:
        return [Piece(text, is_name=False)]
    pieces, end = list[Piece](), 0
    for found in pattern.finditer(text):
        if found.start() > end:
            pieces.append(Piece(text[end : found.start()], is_name=False))
        pieces.append(Piece(found[0], is_name=True))
        end = found.end()
    if end < len(text):
        pieces.append(Piece(text[end:], is_name=False))
    return pieces


def cleared(pieces: Sequence[Piece]) -> str:
    return "".join(MASK if piece.is_name else piece.text for piece in pieces)


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    whole: set[str] = set()
    parts: set[str] = set()
    for name in names:
        words = words_of(name)
        if words:
            whole.add(r"\s+".join(re.escape(word) for word in words))
        parts.update(re.escape(word) for word in words if len(word) >= SHORTEST)
    # Longest first, so that a whole name is one mark and not several.
    tried = [f"(?i:{each})" for each in sorted(whole, key=len, reverse=True)]
    tried += [_capital(each) for each in sorted(parts, key=len, reverse=True)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(tried)})(?!\w)") if tried else None


def _capital(part: str) -> str:
    """As on the list of names, or all in capitals."""
    return f"{part}|{part.upper()}"


def words_of(name: str) -> list[str]:
    """The words of a name without titles: degrees stand after the first comma."""
    words = name.split(",", maxsplit=1)[0].split()
    return [word for word in words if not TITLE.match(word) and "." not in word.rstrip(".")]
