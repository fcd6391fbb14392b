"""The task list: what is to be done, where, and how far it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from proposals.eligibility import SectionState
from proposals.models import Proposal
from proposals.presence import Writer
from proposals.queries.parts import HEADER_PARTS
from proposals.queries.progress import SectionLine, SlotLine

# State: the word and the tone; complete is plain text, so that what is left stands out.
STATES: Mapping[SectionState, tuple[str | Promise, str]] = MappingProxyType(
    {
        SectionState.EMPTY: (gettext_lazy("Not filled in"), "muted"),
        SectionState.STARTED: (gettext_lazy("In progress"), "info"),
        SectionState.COMPLETE: (gettext_lazy("Complete"), ""),
        SectionState.PROBLEM: (gettext_lazy("Has a problem"), "danger"),
    }
)


@dataclass(frozen=True, slots=True)
class Task:
    title: str
    url: str
    label: str
    tone: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    done: int
    total: int
    text: str


def all_tasks(
    proposal: Proposal,
    sections: Sequence[SectionLine],
    slots: Sequence[SlotLine],
    *,
    is_open: bool,
) -> list[Task]:
    """Facts, sections in order, attachments; without links where nothing may change now."""
    tasks = [header_task(proposal, is_open=is_open)]
    tasks += [section_task(proposal, line, is_open=is_open) for line in sections]
    if slots:
        tasks.append(files_task(proposal, slots, is_open=is_open))
    return tasks


def header_task(proposal: Proposal, *, is_open: bool) -> Task:
    needed = [proposal.title, proposal.started_on, proposal.innovator]
    state = SectionState.COMPLETE if all(needed) else SectionState.STARTED
    is_open &= not all(proposal.is_locked_at(target) for target in HEADER_PARTS)
    url = reverse("proposals:header-edit", args=[proposal.pk]) if is_open else ""
    label, tone = STATES[state]
    note = _("Title, category, date, team, video")
    return Task(_("Facts about the innovation"), url, str(label), tone, note)


def section_task(proposal: Proposal, line: SectionLine, *, is_open: bool) -> Task:
    label, tone = STATES[line.state]
    is_open &= not proposal.is_locked_at(f"section:{line.section.key}")
    url = reverse("proposals:section-edit", args=[proposal.pk, line.section.key]) if is_open else ""
    words = _("%(count)d of at most %(limit)d words") % {
        "count": line.word_count,
        "limit": line.section.word_limit,
    }
    note = f"{words} · {_('note of the endorser')}" if line.note else words
    return Task(line.section.shown_label, url, str(label), tone, note)


def files_task(proposal: Proposal, slots: Sequence[SlotLine], *, is_open: bool) -> Task:
    missing = [line for line in slots if line.slot.is_required and not line.files]
    count = sum(len(line.files) for line in slots)
    state = SectionState.EMPTY if missing and not count else SectionState.COMPLETE
    if missing and count:
        state = SectionState.STARTED
    label, tone = STATES[state]
    is_open &= not all(proposal.is_locked_at(line.target) for line in slots)
    url = reverse("proposals:attachment-list", args=[proposal.pk]) if is_open else ""
    note = ngettext("%(count)d file", "%(count)d files", count) % {"count": count}
    return Task(_("Attachments"), url, str(label), tone, note)


def progress_of(sections: Sequence[SectionLine]) -> Progress:
    done = sum(line.state is SectionState.COMPLETE for line in sections)
    text = _("%(done)d of %(total)d sections") % {"done": done, "total": len(sections)}
    return Progress(done, len(sections), text)


def now_writing(writers: Iterable[Writer], *, lines: Sequence[SectionLine]) -> list[str]:
    """Who is at work on which section."""
    labels = {line.section.key: line.section.shown_label for line in lines}
    return [
        _("%(name)s is editing %(label)s.") % {"name": who.name, "label": labels[who.section]}
        for who in writers
        if who.section in labels
    ]
