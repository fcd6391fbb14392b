"""The history of a section: who wrote when, what changed, and what two texts have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from competitions.models import Section
from kipp.lib.differences import Merged, Piece, differences, merge
from proposals.models import Answer, Proposal, Revision

# Saves of one person with shorter pauses are one sitting: a line of the history.
PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Save:
    version: int
    word_count: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sitting:
    """Saves by one person without a long pause, oldest first."""

    saves: tuple[Save, ...]

    @property
    def last(self) -> Save:
        return self.saves[-1]

    @property
    def seen_before(self) -> int:
        """The version that the person began with; 0 for an empty page."""
        return self.saves[0].version - 1


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two texts for one section: how they differ, and both in one."""

    pieces: list[Piece]
    joined: Merged


def sittings_of(proposal: Proposal, *, section: Section) -> list[Sitting]:
    """Newest first."""
    found = Revision.objects.filter(answer__proposal=proposal, answer__section=section)
    rows = found.order_by("version").values_list(
        "version", "word_count", F("saved_by__full_name"), "saved_at"
    )
    return group_saves(Save(*row) for row in rows)[::-1]


def group_saves(saves: Iterable[Save]) -> list[Sitting]:
    groups: list[list[Save]] = []
    for save in saves:
        last = groups[-1][-1] if groups else None
        if last and last.by == save.by and save.at - last.at < PAUSE:
            groups[-1].append(save)
        else:
            groups.append([save])
    return [Sitting(tuple(group)) for group in groups]


def find_sitting(sittings: Sequence[Sitting], *, version: int) -> Sitting | None:
    """The one that holds the version."""
    return next((s for s in sittings if s.seen_before < version <= s.last.version), None)


def find_revision(proposal: Proposal, *, section: Section, version: int) -> Revision | None:
    found = Revision.objects.filter(
        answer__proposal=proposal, answer__section=section, version=version
    )
    return found.select_related("saved_by", "answer__proposal", "answer__section").first()


def changes_of(revision: Revision, *, since: int) -> list[Piece]:
    """What the text has become since an earlier version of it."""
    before = Revision.objects.filter(answer=revision.answer_id, version=since).first()
    return differences(before.text if before else "", revision.text)


def meeting_of(theirs: Answer, *, mine: str, version: int) -> Meeting:
    """`mine` was written over `version`, while the section went on to what stands there now."""
    base = Revision.objects.filter(answer=theirs, version=version).first()
    return Meeting(
        pieces=differences(theirs.text, mine),
        joined=merge(base.text if base else "", mine=mine, theirs=theirs.text),
    )
