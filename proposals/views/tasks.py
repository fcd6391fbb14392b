"""The task list: what is to be done, where, and how far it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kipp.lib.web import row_urls
from proposals.eligibility import SectionState
from proposals.ledger import LedgerRow
from proposals.models import Proposal, TeamMember
from proposals.presence import Writer
from proposals.queries.lines import claim_rows, team_of
from proposals.queries.parts import HEADER_PARTS
from proposals.queries.progress import SectionLine, SlotLine, section_lines, slot_lines

IN_PROGRESS = "info"
# State: the word and the tone; complete is plain text, so that what is left stands out.
STATES: Mapping[SectionState, tuple[str | Promise, str]] = MappingProxyType(
    {
        SectionState.EMPTY: (gettext_lazy("Not filled in"), "muted"),
        SectionState.STARTED: (gettext_lazy("In progress"), IN_PROGRESS),
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


@dataclass(frozen=True, slots=True)
class Draft:
    """What the list counts."""

    sections: Sequence[SectionLine]
    slots: Sequence[SlotLine]
    team: Sequence[TeamMember]
    claims: Sequence[LedgerRow]


def read_draft(proposal: Proposal) -> Draft:
    """Of a proposal that was read as a whole: this asks nothing."""
    claims = claim_rows(proposal.claims.all())
    return Draft(section_lines(proposal), slot_lines(proposal), team_of(proposal), claims)


def all_tasks(proposal: Proposal, draft: Draft, *, is_open: bool) -> list[Task]:
    """In the order of the work; without links while the proposal is elsewhere."""
    tasks = [header_task(proposal, is_open=is_open), team_task(proposal, draft, is_open=is_open)]
    section_url = row_urls("proposals:section-edit", proposal.pk)
    for line in draft.sections:
        key = line.section.key
        is_here = is_open and not proposal.is_locked_at(f"section:{key}")
        tasks.append(section_task(line, url=section_url(key) if is_here else ""))
    tasks.append(claims_task(proposal, draft, is_open=is_open))
    letters = [line for line in draft.slots if line.slot.statement]
    files = [line for line in draft.slots if not line.slot.statement]
    if letters:
        tasks.append(letters_task(proposal, letters, is_open=is_open))
    if files:
        tasks.append(files_task(proposal, files, is_open=is_open))
    return tasks if is_open else [as_sent(task) for task in tasks]


def as_sent(task: Task) -> Task:
    """Elsewhere nothing is in progress any more: what there is was handed over."""
    return replace(task, label=_("Filled in"), tone="") if task.tone == IN_PROGRESS else task


def team_task(proposal: Proposal, draft: Draft, *, is_open: bool) -> Task:
    label, tone = STATES[SectionState.COMPLETE if draft.team else SectionState.EMPTY]
    is_open &= not proposal.is_locked_at("list:member")
    url = reverse("proposals:member-list", args=[proposal.pk]) if is_open else ""
    count = len(draft.team)
    note = ngettext("%(count)d person", "%(count)d people", count) % {"count": count}
    return Task(_("Team"), url, str(label), tone, note)


def claims_task(proposal: Proposal, draft: Draft, *, is_open: bool) -> Task:
    """Complete when each claim has its source: a claim without one is only claimed."""
    count, proven = len(draft.claims), sum(bool(row.source) for row in draft.claims)
    state = SectionState.STARTED if count else SectionState.EMPTY
    if count and proven == count:
        state = SectionState.COMPLETE
    label, tone = STATES[state]
    is_open &= not proposal.is_locked_at("list:claim")
    url = reverse("proposals:claim-list", args=[proposal.pk]) if is_open else ""
    note = _("%(count)d claims, %(proven)d with a source") % {"count": count, "proven": proven}
    return Task(_("Impact in figures"), url, str(label), tone, note)


def letters_task(proposal: Proposal, letters: Sequence[SlotLine], *, is_open: bool) -> Task:
    label, tone = STATES[files_state(letters)]
    url = reverse("proposals:letter-list", args=[proposal.pk]) if is_open else ""
    done = sum(bool(line.files) for line in letters)
    note = _("%(done)d of %(total)d signed and sent back") % {"done": done, "total": len(letters)}
    return Task(_("Statement letters"), url, str(label), tone, note)


def header_task(proposal: Proposal, *, is_open: bool) -> Task:
    needed = [proposal.title, proposal.started_on]
    state = SectionState.COMPLETE if all(needed) else SectionState.STARTED
    is_open &= not all(proposal.is_locked_at(target) for target in HEADER_PARTS)
    url = reverse("proposals:header-edit", args=[proposal.pk]) if is_open else ""
    label, tone = STATES[state]
    note = _("Title, category, date, video")
    return Task(_("Facts about the innovation"), url, str(label), tone, note)


def section_task(line: SectionLine, *, url: str) -> Task:
    label, tone = STATES[line.state]
    words = _("%(count)d of at most %(limit)d words") % {
        "count": line.word_count,
        "limit": line.section.word_limit,
    }
    note = f"{words} · {_('note of the endorser')}" if line.note else words
    return Task(line.section.shown_label, url, str(label), tone, note)


def files_task(proposal: Proposal, slots: Sequence[SlotLine], *, is_open: bool) -> Task:
    count = sum(len(line.files) for line in slots)
    label, tone = STATES[files_state(slots)]
    is_open &= not all(proposal.is_locked_at(line.target) for line in slots)
    url = reverse("proposals:attachment-list", args=[proposal.pk]) if is_open else ""
    note = ngettext("%(count)d file", "%(count)d files", count) % {"count": count}
    return Task(_("Attachments"), url, str(label), tone, note)


def files_state(slots: Sequence[SlotLine]) -> SectionState:
    if not any(line.is_missing for line in slots):
        return SectionState.COMPLETE
    return SectionState.STARTED if any(line.files for line in slots) else SectionState.EMPTY


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
