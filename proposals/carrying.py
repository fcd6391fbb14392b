"""Which text of one form answers which section of another. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from proposals.content import FrozenSection

WORDS = re.compile(r"[^\W_]+")


class Target(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Carried:
    """`texts` by the key of the new form's section; `left`: labels that have no place there."""

    texts: dict[str, str]
    left: tuple[str, ...]


def carry(sections: Sequence[FrozenSection], *, targets: Sequence[Target]) -> Carried:
    """By the same key; what then is left, by the same words in the label. Each text goes once."""
    waiting = {section["key"]: section for section in sections if section["text"]}
    texts = {
        target.key: waiting.pop(target.key)["text"] for target in targets if target.key in waiting
    }
    by_label = {name_of(section["label"]): section["key"] for section in waiting.values()}
    for target in targets:
        key = by_label.get(name_of(target.label))
        if target.key not in texts and key in waiting:
            texts[target.key] = waiting.pop(key)["text"]
    return Carried(texts, tuple(section["label"] for section in waiting.values()))


def name_of(label: str) -> str:
    return " ".join(WORDS.findall(label.casefold()))
