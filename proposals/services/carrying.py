"""What was sent in one competition as the beginning of a draft in another."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from kipp.lib.text import word_count
from proposals.carrying import carry
from proposals.content import Content
from proposals.models import Proposal, Submission
from proposals.services.answering import save_answer
from proposals.services.drafting import Header, describe_proposal


@transaction.atomic
def carry_content(draft: Proposal, *, source: Submission, by: User, at: datetime) -> None:
    """Fill a draft that nobody has written in; texts stay whole, also beyond the new limits.

    The draft's own check says which are too long. What found no place is named in the record.
    """
    content: Content = source.content
    sections = list(draft.track.sections.all())
    carried = carry(content["sections"], targets=sections)
    filled = [section for section in sections if section.key in carried.texts]
    for section in filled:
        text = carried.texts[section.key]
        save_answer(draft, section=section, text=text, version=0, by=by, at=at)
    describe_proposal(draft, header=header_for(draft, content), version=draft.version, by=by, at=at)
    record(
        by,
        "proposal.carried",
        draft,
        at=at,
        receipt=source.receipt,
        sections=[section.key for section in filled],
        too_long=[
            section.key
            for section in filled
            if word_count(carried.texts[section.key]) > section.word_limit
        ],
        left=list(carried.left),
    )


def header_for(draft: Proposal, content: Content) -> Header:
    """The category only where the new competition has one of the same key."""
    frozen = content["header"]
    header = Header(title=frozen["title"])
    if goals := frozen.get("sdgs"):
        header["sdgs"] = goals
    if day := frozen.get("started_on"):
        header["started_on"] = date.fromisoformat(day)
    if url := frozen.get("video_url"):
        header["video_url"] = url
    if category := frozen.get("category"):
        header["category"] = draft.competition.categories.filter(key=category["key"]).first()
    return header
