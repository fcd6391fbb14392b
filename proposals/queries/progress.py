"""How far a proposal is: sections with their states, slots with their files, open notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from accounts.models import User
from competitions.models import AttachmentSlot, Section
from proposals.eligibility import Finding, SectionState, section_state
from proposals.models import Answer, Attachment, Endorsement, Proposal, Upload
from proposals.queries.others import Others
from proposals.queries.preflight import problems_beside, section_fact, slot_fact
from proposals.workflow import ProposalStatus


@dataclass(frozen=True, slots=True)
class SectionLine:
    section: Section
    answer: Answer | None
    state: SectionState
    note: str

    @property
    def word_count(self) -> int:
        return self.answer.word_count if self.answer else 0

    @property
    def text(self) -> str:
        return self.answer.text if self.answer else ""

    @property
    def version(self) -> int:
        return self.answer.version if self.answer else 0


@dataclass(frozen=True, slots=True)
class SlotLine:
    slot: AttachmentSlot
    files: tuple[Attachment, ...]
    unfinished: tuple[Upload, ...] = ()

    @property
    def target(self) -> str:
        return f"slot:{self.slot.key}"

    @property
    def is_missing(self) -> bool:
        return self.slot.is_required and not self.files

    @property
    def is_full(self) -> bool:
        return len(self.files) >= self.slot.max_count

    @property
    def places(self) -> int:
        return self.slot.max_count - len(self.files)

    @property
    def max_bytes(self) -> int:
        return self.slot.max_mb * 1024 * 1024


def section_lines(proposal: Proposal) -> list[SectionLine]:
    answers = {answer.section_id: answer for answer in proposal.answers.all()}
    returned = last_return(proposal)
    sections = proposal.track.sections.all()
    return [_line(section, answers.get(section.pk), returned) for section in sections]


def _line(section: Section, answer: Answer | None, returned: Endorsement | None) -> SectionLine:
    note = returned.section_notes.get(section.key, "") if returned else ""
    is_open = bool(note and returned and (not answer or answer.saved_at <= returned.decided_at))
    fact = section_fact(section, word_count=answer.word_count if answer else 0)
    return SectionLine(section, answer, section_state(fact, has_note=is_open), note)


def last_return(proposal: Proposal) -> Endorsement | None:
    """The endorser's notes, while the author works on them."""
    if proposal.status != ProposalStatus.RETURNED:
        return None
    returned = proposal.endorsements.filter(verdict=Endorsement.Verdict.RETURNED)
    return returned.select_related("decided_by").first()


def slot_lines(proposal: Proposal) -> list[SlotLine]:
    files: dict[int, list[Attachment]] = {}
    for attachment in proposal.attachments.all():
        files.setdefault(attachment.slot_id, []).append(attachment)
    slots = proposal.track.slots.all()
    return [SlotLine(slot, tuple(files.get(slot.pk, ()))) for slot in slots]


def slot_lines_with_uploads(proposal: Proposal, *, person: User) -> list[SlotLine]:
    """The same with what this person has begun to send and not finished."""
    unfinished: dict[int, list[Upload]] = {}
    for upload in Upload.objects.filter(proposal=proposal, begun_by=person, attachment=None):
        unfinished.setdefault(upload.slot_id, []).append(upload)
    lines = slot_lines(proposal)
    return [replace(line, unfinished=tuple(unfinished.get(line.slot.pk, ()))) for line in lines]


def slots_at(proposal: Proposal, section: Section) -> list[SlotLine]:
    """The files that belong to this section."""
    return [line for line in slot_lines(proposal) if line.slot.section_key == section.key]


def problems_among(
    proposal: Proposal,
    sections: Iterable[SectionLine],
    slots: Iterable[SlotLine],
    *,
    others: Others | None = None,
) -> list[Finding]:
    return problems_beside(
        proposal,
        sections=tuple(section_fact(line.section, word_count=line.word_count) for line in sections),
        slots=tuple(slot_fact(line.slot, file_count=len(line.files)) for line in slots),
        others=others,
    )
