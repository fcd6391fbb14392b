"""One spelling for one set of inputs, so that the same inputs give the same hash anywhere.

The canonical form is JSON in UTF-8: keys sorted by code point, no spaces, non-ASCII characters
as themselves; every number that a person wrote is a string without exponent or trailing zeros
("90", "0.5"); counts are JSON integers; absent values are null. It has three keys: `entries`
(sorted by key; each with `earlier`, `group`, `key`, `panel_vote` and `scorecards`: by judge, the
values in the order of the law's weights, missing and recused ones left out), `law` (as
`law_to_plain` writes it) and `version` (2).
The hash is the SHA-256 of these bytes in hexadecimal.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING

from judging.ranking.law import Law, law_to_plain
from judging.ranking.numbers import KEPT, plain
from judging.ranking.scores import CardText

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from judging.ranking.scores import Entry

VERSION = 2


def inputs_hash(law: Law, entries: Iterable[Entry]) -> str:
    return hash_of(canonical_inputs(law, entries))


def hash_of(inputs: bytes) -> str:
    return hashlib.sha256(inputs).hexdigest()


def canonical_inputs(law: Law, entries: Iterable[Entry]) -> bytes:
    """As `canonical` would write it; by hand, since scorecards are nearly all there is.

    Raises `KeyError` for a scorecard that does not fit the law; `rank_entries` refuses it before.
    """
    codes = tuple(sorted(law.weights))
    texts = [_entry_text(entry, codes) for entry in sorted(entries, key=attrgetter("key"))]
    rules = _encode(law_to_plain(law))
    return f'{{"entries":[{",".join(texts)}],"law":{rules},"version":{VERSION}}}'.encode()


def _entry_text(entry: Entry, codes: tuple[str, ...]) -> str:
    vote = "null" if entry.panel_vote is None else f'"{plain(entry.panel_vote)}"'
    given = entry.scorecards
    cards = ",".join(
        [
            f'{_name(judge)}:["{_card_text(card, codes)}"]'
            for judge in sorted(given)
            if (card := given[judge]) is not None
        ]
    )
    return (
        f'{{"earlier":{_values(entry.earlier)},"group":{_name(entry.group)},'
        f'"key":{_encode(entry.key)},"panel_vote":{vote},"scorecards":{{{cards}}}}}'
    )


def _card_text(card: Mapping[str, Decimal], codes: tuple[str, ...]) -> str:
    """The values between the first quotation mark and the last."""
    if isinstance(card, CardText) and card.codes == codes:
        return card.text.replace("\t", '","')
    return '","'.join([plain(card[code]) for code in codes])


def _values(values: Mapping[str, Decimal]) -> str:
    return _encode({name: plain(value) for name, value in values.items()}) if values else "{}"


def canonical(value: object) -> bytes:
    return _encode(value).encode()


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
# Judges and groups come again and again.
_name = lru_cache(maxsize=KEPT)(_encode)
