"""What a save of one section reads, in one query: it happens every few seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef

from accounts.models import Deputy, Membership, User
from competitions.models import Section
from competitions.roles import Actor
from proposals.models import Proposal


@dataclass(frozen=True, slots=True)
class Desk:
    """One section of one proposal, and the person with the roles that matter for writing there."""

    proposal: Proposal
    section: Section
    time_zone: str
    actor: Actor


def desk_of(user: User, *, proposal_id: int, key: str) -> Desk | None:
    """None when there is no such section; whether the person may write says `permissions`."""
    held = Membership.objects.current().filter(user=user)
    author = held.filter(unit=OuterRef("unit"), role=Membership.Role.AUTHOR)
    endorser = held.filter(unit=OuterRef("endorsing_unit"), role=Membership.Role.ENDORSER)
    deputy = Deputy.objects.acting().filter(user=user, unit=OuterRef("endorsing_unit"))
    sections = Proposal.objects.filter(pk=proposal_id, track__sections__key=key).order_by()
    found = sections.values(
        "track_id",
        "unit_id",
        "endorsing_unit_id",
        section_id=F("track__sections"),
        time_zone=F("competition__time_zone"),
        is_author=Exists(author),
        is_endorser=Exists(endorser) | Exists(deputy),
    )[:1]
    return next((_desk(row, user=user, proposal_id=proposal_id, key=key) for row in found), None)


def _desk(row: Mapping[str, Any], *, user: User, proposal_id: int, key: str) -> Desk:
    unit, endorsing_unit = row["unit_id"], row["endorsing_unit_id"]
    return Desk(
        proposal=Proposal(
            pk=proposal_id,
            track_id=row["track_id"],
            unit_id=unit,
            endorsing_unit_id=endorsing_unit,
        ),
        section=Section(pk=row["section_id"], track_id=row["track_id"], key=key),
        time_zone=row["time_zone"],
        actor=Actor(
            user=user,
            author_of={unit: ""} if row["is_author"] else {},
            endorser_of={endorsing_unit: ""} if row["is_endorser"] else {},
        ),
    )
