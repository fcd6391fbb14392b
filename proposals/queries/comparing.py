"""Two innovations side by side, with what they do not share marked on either side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kipp.lib.differences import Kind, Piece, differences
from proposals.content import Content
from proposals.models import Innovation, Proposal


@dataclass(frozen=True, slots=True)
class Row:
    """One part of both; an empty side does not have it."""

    label: str
    mine: list[Piece]
    theirs: list[Piece]


def compare(parts: Iterable[tuple[str, str, str]]) -> list[Row]:
    """From label, own text and other text."""
    return [_row(label, mine, theirs) for label, mine, theirs in parts if mine or theirs]


def draft_parts(proposal: Proposal, other: Proposal) -> list[tuple[str, str, str]]:
    """Names and sections of two proposals as they stand now, once their answers are loaded."""
    own = {answer.section_id: answer.text for answer in proposal.answers.all()}
    theirs = {answer.section.key: answer.text for answer in other.answers.all()}
    return [
        ("title", proposal.title, other.title),
        ("expansion", proposal.innovation.expansion, other.innovation.expansion),
        *(
            (section.shown_label, own.get(section.pk, ""), theirs.get(section.key, ""))
            for section in proposal.track.sections.all()
        ),
    ]


def public_parts(
    proposal: Proposal, other: Innovation, *, summary: str
) -> list[tuple[str, str, str]]:
    """What the register shows of the other one: names, and the text of its first section."""
    parts = [
        ("title", proposal.title, other.title),
        ("expansion", proposal.innovation.expansion, other.expansion),
    ]
    first = next(iter(proposal.track.sections.all()), None)
    if first and summary:
        own = (each.text for each in proposal.answers.all() if each.section_id == first.pk)
        parts.append((first.shown_label, next(own, ""), summary))
    return parts


def content_parts(mine: Content, theirs: Content) -> list[tuple[str, str, str]]:
    """Names and sections of two submissions, in the order of the first one's form."""
    heads, others = mine["header"], theirs["header"]
    texts = {section["key"]: section["text"] for section in theirs["sections"]}
    return [
        ("title", heads["title"], others["title"]),
        ("expansion", heads["expansion"], others["expansion"]),
        *(
            (section["label"], section["text"], texts.get(section["key"], ""))
            for section in mine["sections"]
        ),
    ]


def _row(label: str, mine: str, theirs: str) -> Row:
    pieces = differences(mine, theirs)
    return Row(
        label,
        [piece for piece in pieces if piece.kind is not Kind.ADDED],
        [piece for piece in pieces if piece.kind is not Kind.REMOVED],
    )
