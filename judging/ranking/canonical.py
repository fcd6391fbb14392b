"""One spelling for one set of inputs, so that the same inputs give the same hash anywhere.

The canonical form is JSON in UTF-8: keys sorted by code point, no spaces, non-ASCII characters
as themselves; every number that a person wrote is a string without exponent or trailing zeros
("90", "0.5"); counts are JSON integers; absent values are null. It has three keys: `entries`
(sorted by key; each with `earlier`, `group`, `key`, `panel_vote`, `scorecards` by judge, missing
and recused ones left out), `law` (as `law_to_plain` writes it) and `version` (1).
The hash is the SHA-256 of these bytes in hexadecimal.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import TYPE_CHECKING

from judging.ranking.law import Law, law_to_plain
from judging.ranking.numbers import plain
from judging.ranking.scores import CardText

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from judging.ranking.scores import Entry

VERSION = 1


def inputs_hash(law: Law, entries: Iterable[Entry]) -> str:
    return hash_of(canonical_inputs(law, entries))


def hash_of(inputs: bytes) -> str:
    return hashlib.sha256(inputs).hexdigest()


def canonical_inputs(law: Law, entries: Iterable[Entry]) -> bytes:
    """As `canonical` would write it, but scorecards fill one form: they are nearly all there is."""
    form = _Form(law)
    texts = [form.entry_text(entry) for entry in sorted(entries, key=lambda entry: entry.key)]
    rules = _encode(law_to_plain(law))
    return f'{{"entries":[{",".join(texts)}],"law":{rules},"version":{VERSION}}}'.encode()


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical(value: object) -> bytes:
    return _encode(value).encode()


class _Texts(dict["Decimal | str", str]):
    """`spelt`: the texts that came in the one spelling already, as the database writes them."""

    def __init__(self) -> None:
        super().__init__()
        self.spelt: set[Decimal | str] = set()

    def __missing__(self, value: Decimal | str) -> str:
        self[value] = plain(Decimal(value))
        if self[value] == value:
            self.spelt.add(value)
        return self[value]


class _Names(dict[str | None, str]):
    def __missing__(self, name: str | None) -> str:
        self[name] = _encode(name)
        return self[name]


class _Form:
    """A scorecard's text with blanks for its values, and the texts of values that came by."""

    def __init__(self, law: Law) -> None:
        self.codes = tuple(sorted(law.weights))
        names = [_encode(code).replace("%", "%%") for code in self.codes]
        self.card = "{" + ",".join(f'{name}:"%s"' for name in names) + "}"
        self.texts, self.names = _Texts(), _Names()

    def entry_text(self, entry: Entry) -> str:
        vote = "null" if entry.panel_vote is None else f'"{plain(entry.panel_vote)}"'
        given = entry.scorecards
        cards = ",".join(
            [
                f"{self.names[judge]}:{self.card_text(card)}"
                for judge in sorted(given)
                if (card := given[judge]) is not None
            ]
        )
        return (
            f'{{"earlier":{_values(entry.earlier)},"group":{self.names[entry.group]},'
            f'"key":{_encode(entry.key)},'
            f'"panel_vote":{vote},"scorecards":{{{cards}}}}}'
        )

    def card_text(self, card: Mapping[str, Decimal]) -> str:
        """Whoever asks for a card that does not fit the law gets it all the same."""
        if isinstance(card, CardText) and card.codes == self.codes:
            texts = card.texts
            if not self.texts.spelt.issuperset(texts):
                texts = tuple(map(self.texts.__getitem__, texts))
            return self.card % texts
        if len(card) != len(self.codes):
            return _values(card)
        try:
            values = tuple(map(self.texts.__getitem__, map(card.__getitem__, self.codes)))
        except KeyError:
            return _values(card)
        return self.card % values


def _values(values: Mapping[str, Decimal]) -> str:
    return _encode({name: plain(value) for name, value in values.items()}) if values else "{}"
