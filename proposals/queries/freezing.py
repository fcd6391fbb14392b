"""The canonical content of what a unit sends: everything a later reader may need."""

from __future__ import annotations

from competitions.models import AttachmentSlot, EligibilityRule, Section, Track
from proposals.content import (
    FORMAT,
    Content,
    FrozenFile,
    FrozenHeader,
    FrozenSection,
    Named,
    digest,
)
from proposals.models import Attachment, Proposal


def content_of(proposal: Proposal, *, receipt: str) -> Content:
    """Read inside the transaction that holds the proposal, so that nothing moves meanwhile."""
    competition = proposal.competition
    return {
        "format": FORMAT,
        "receipt": receipt,
        "competition": {
            "slug": competition.slug,
            "name": competition.name,
            "year": competition.year,
        },
        "form_sha256": form_digest(proposal.track),
        "header": _header(proposal),
        "sections": _sections(proposal),
        "files": _files(proposal),
    }


def form_digest(track: Track) -> str:
    """Which version of the form was answered: the hash of its sections, slots and rules."""
    sections = Section.objects.filter(track=track).values_list(
        "key", "label", "help_text", "word_limit", "weight", "is_required"
    )
    slots = AttachmentSlot.objects.filter(track=track).values_list(
        "key", "label", "kind", "max_mb", "max_count", "is_required"
    )
    rules = EligibilityRule.objects.filter(track=track).values_list(
        "kind", "limit", "tiers", "items", "severity", "article"
    )
    return digest(
        {
            "track": track.key,
            "sections": [[str(value) for value in row] for row in sections],
            "slots": [[str(value) for value in row] for row in slots],
            "rules": [[str(value) for value in row] for row in rules],
        }
    )


def _header(proposal: Proposal) -> FrozenHeader:
    category = proposal.category
    chosen: Named | None = {"key": category.key, "name": category.name} if category else None
    return {
        "title": proposal.title,
        "innovation": proposal.innovation.title,
        "expansion": proposal.innovation.expansion,
        "unit": {
            "id": proposal.unit_id,
            "name": proposal.unit.name,
            "agency": proposal.endorsing_unit.name,
        },
        "track": {"key": proposal.track.key, "name": proposal.track.name},
        "category": chosen,
        "sdgs": sorted(proposal.sdgs),
        "started_on": proposal.started_on.isoformat() if proposal.started_on else "",
        "video_url": proposal.video_url,
        "innovator": proposal.innovator,
    }


def _sections(proposal: Proposal) -> list[FrozenSection]:
    answers = {answer.section_id: answer for answer in proposal.answers.all()}
    frozen: list[FrozenSection] = []
    for section in Section.objects.filter(track=proposal.track_id):
        answer = answers.get(section.pk)
        frozen.append(
            {
                "key": section.key,
                "label": section.label,
                "word_limit": section.word_limit,
                "weight": str(section.weight),
                "text": answer.text if answer else "",
                "words": answer.word_count if answer else 0,
            }
        )
    return frozen


def _files(proposal: Proposal) -> list[FrozenFile]:
    attachments = Attachment.objects.filter(proposal=proposal).select_related("slot")
    return [
        {
            "slot": attachment.slot.key,
            "label": attachment.slot.label,
            "name": attachment.name,
            "media_type": attachment.media_type,
            "sha256": attachment.sha256,
            "size": attachment.size,
            "page_count": attachment.page_count,
            "thumbnail_sha256": attachment.thumbnail_sha256,
        }
        for attachment in attachments
    ]
