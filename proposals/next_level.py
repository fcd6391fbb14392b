"""A proposal in the shape of another form: the same content with its texts under the new sections.

Pure. Texts stay whole: what is over the new limit is counted, what has no place is kept apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kipp.lib.text import word_count
from proposals.carrying import carry
from proposals.content import Content, FrozenSection


@dataclass(frozen=True, slots=True)
class NextSection:
    key: str
    label: str
    word_limit: int


@dataclass(frozen=True, slots=True)
class NextForm:
    """`edition` and `track` are its name in an address."""

    edition: str
    track: str
    name: str
    track_name: str
    sections: Sequence[NextSection]


@dataclass(frozen=True, slots=True)
class Reshaped:
    """`left`: texts that have no place in the new form."""

    form: NextForm
    content: Content
    left: list[FrozenSection]

    @property
    def too_long(self) -> list[tuple[str, int, int]]:
        """Label, words and limit of each text over its limit."""
        return [
            (each["label"], each["words"], each["word_limit"])
            for each in self.content["sections"]
            if each["words"] > each["word_limit"]
        ]

    @property
    def empty(self) -> list[str]:
        return [each["label"] for each in self.content["sections"] if not each["words"]]


def reshape(content: Content, form: NextForm) -> Reshaped:
    carried = carry(content["sections"], targets=form.sections)
    sections = [_filled(each, text=carried.texts.get(each.key, "")) for each in form.sections]
    header, competition = content["header"], content["competition"]
    shaped: Content = {
        **content,
        "receipt": "",
        "competition": {**competition, "slug": form.edition, "name": form.name},
        "header": {**header, "track": {"key": form.track, "name": form.track_name}},
        "sections": sections,
    }
    left = [each for each in content["sections"] if each["text"] and each["label"] in carried.left]
    return Reshaped(form, shaped, left)


def _filled(section: NextSection, *, text: str) -> FrozenSection:
    return {
        "key": section.key,
        "label": section.label,
        "word_limit": section.word_limit,
        "weight": "",
        "text": text,
        "words": word_count(text),
    }
