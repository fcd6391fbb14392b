"""The canonical content of what a unit sends: everything a later reader may need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Model

from competitions.models import Track
from kipp.lib.numbers import plain_number
from proposals.content import (
    FORMAT,
    Content,
    FrozenClaim,
    FrozenFile,
    FrozenHeader,
    FrozenMember,
    FrozenSection,
    Named,
    digest,
)
from proposals.eligibility import Finding
from proposals.findings import freeze
from proposals.models import Claim, Proposal


def content_of(proposal: Proposal, *, receipt: str, findings: Iterable[Finding] = ()) -> Content:
    """`findings` are what the rules of this moment say; a draft that is only shown has none.

    Read inside the transaction that holds the proposal, so that nothing moves meanwhile.

    After `read_whole`: this asks what it left, and would ask the database for each part else.
    """
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
        "team": _team(proposal),
        "sections": _sections(proposal),
        "claims": [freeze_claim(claim) for claim in proposal.claims.all()],
        "files": _files(proposal),
        "findings": [freeze(finding) for finding in findings],
    }


def form_digest(track: Track) -> str:
    """Which version of the form was answered: the hash of its sections, slots and rules."""
    return digest(
        {
            "track": track.key,
            "sections": [_texts(each, SECTION) for each in track.sections.all()],
            "slots": [_texts(each, SLOT) for each in track.slots.all()],
            "rules": [_texts(each, RULE) for each in track.rules.all()],
        }
    )


SECTION = ("key", "label", "help_text", "word_limit", "weight", "is_required")
SLOT = ("key", "label", "kind", "max_mb", "max_count", "is_required", "section_key", "statement")
RULE = ("kind", "limit", "tiers", "items", "severity", "article")


def _texts(part: Model, names: Sequence[str]) -> list[str]:
    return [str(getattr(part, name)) for name in names]


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
    }


def _sections(proposal: Proposal) -> list[FrozenSection]:
    answers = {answer.section_id: answer for answer in proposal.answers.all()}
    frozen: list[FrozenSection] = []
    for section in proposal.track.sections.all():
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
            "is_statement": bool(attachment.slot.statement),
        }
        for attachment in proposal.attachments.all()
    ]


def freeze_claim(claim: Claim) -> FrozenClaim:
    """As it is sealed, and as every page, document and list shows it."""
    source = claim.source
    return {
        "key": claim.pk,
        "indicator": claim.indicator,
        "before": plain_number(claim.before),
        "after": plain_number(claim.after),
        "measure": claim.measure,
        "better": claim.better,
        "period": claim.period,
        "method": claim.method,
        "source": {"name": source.name, "sha256": source.sha256} if source else None,
    }


def _team(proposal: Proposal) -> list[FrozenMember]:
    """Names and roles only: an NIP is nobody's business after the letters are signed."""
    return [{"name": member.name, "role": member.role} for member in proposal.team.all()]
