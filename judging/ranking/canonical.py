"""One spelling for one set of inputs, so that the same inputs give the same hash anywhere.

The canonical form is JSON in UTF-8: keys sorted by code point, no spaces, non-ASCII characters
as themselves; every number that a person wrote is a string without exponent or trailing zeros
("90", "0.5"); counts are JSON integers; absent values are null. It has three keys: `entries`
(sorted by key; each with `earlier`, `key`, `panel_vote`, `scorecards` by judge, missing and
recused ones left out), `law` (as `law_to_plain` writes it) and `version` (1).
The hash is the SHA-256 of these bytes in hexadecimal.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from judging.ranking.law import Law, law_to_plain
from judging.ranking.numbers import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from judging.ranking.scores import Entry

VERSION = 1


def inputs_hash(law: Law, entries: Iterable[Entry]) -> str:
    return hash_of(canonical_inputs(law, entries))


def hash_of(inputs: bytes) -> str:
    return hashlib.sha256(inputs).hexdigest()


def canonical_inputs(law: Law, entries: Iterable[Entry]) -> bytes:
    document = {
        "version": VERSION,
        "law": law_to_plain(law),
        "entries": [_entry(entry) for entry in sorted(entries, key=lambda entry: entry.key)],
    }
    return canonical(document)


def canonical(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "key": entry.key,
        "scorecards": {
            judge: {code: plain(value) for code, value in card.items()}
            for judge, card in entry.scorecards.items()
            if card is not None
        },
        "earlier": {stage: plain(value) for stage, value in entry.earlier.items()},
        "panel_vote": None if entry.panel_vote is None else plain(entry.panel_vote),
    }
