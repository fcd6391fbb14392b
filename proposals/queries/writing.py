"""What a save of one section reads, and a send before its locks: one query each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, Exists, F, Func, OuterRef

from accounts.models import Deputy, Membership, User
from competitions.models import Section
from competitions.roles import Actor
from kipp.lib.prepared import Prepared, given
from proposals.models import Proposal

CLOCK = Func(function="clock_timestamp", output_field=DateTimeField())


@dataclass(frozen=True, slots=True)
class Desk:
    """One section of one proposal, and the person with the roles that matter for writing there."""

    proposal: Proposal
    section: Section
    time_zone: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class Sender:
    """A proposal with its units alone, the person's roles there, and the database's clock."""

    proposal: Proposal
    actor: Actor
    now: datetime


def _roles_there() -> dict[str, Any]:
    """At the proposal that is asked for, of the person who asks."""
    held = Membership.objects.current().filter(user=given("user"))
    author = held.filter(unit=OuterRef("unit"), role=Membership.Role.AUTHOR)
    endorser = held.filter(unit=OuterRef("endorsing_unit"), role=Membership.Role.ENDORSER)
    deputy = Deputy.objects.acting().filter(user=given("user"), unit=OuterRef("endorsing_unit"))
    return {"is_author": Exists(author), "is_endorser": Exists(endorser) | Exists(deputy)}


SENDER = Prepared(
    lambda: (
        Proposal.objects.filter(pk=given("proposal"))
        .only("competition_id", "unit_id", "endorsing_unit_id")
        .annotate(**_roles_there(), now=CLOCK)
        .order_by()
    )
)
DESK = Prepared(
    lambda: (
        Proposal.objects.filter(pk=given("proposal"), track__sections__key=given("key"))
        .order_by()
        .values(
            "track_id",
            "unit_id",
            "endorsing_unit_id",
            section_id=F("track__sections"),
            time_zone=F("competition__time_zone"),
            **_roles_there(),
        )[:1]
    )
)


def sender_of(user: User, *, proposal_id: int) -> Sender | None:
    """What a send asks before it takes any lock; whether the person may is for `permissions`."""
    proposal: Any = SENDER.first(proposal=proposal_id, user=user.pk)
    if proposal is None:
        return None
    actor = _actor(
        user,
        author_of=proposal.unit_id if proposal.is_author else None,
        endorser_of=proposal.endorsing_unit_id if proposal.is_endorser else None,
    )
    return Sender(proposal, actor, proposal.now)


def desk_of(user: User, *, proposal_id: int, key: str) -> Desk | None:
    """None when there is no such section; whether the person may write says `permissions`."""
    row = DESK.first(proposal=proposal_id, key=key, user=user.pk)
    return _desk(row, user=user, proposal_id=proposal_id, key=key) if row else None


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
        actor=_actor(
            user,
            author_of=unit if row["is_author"] else None,
            endorser_of=endorsing_unit if row["is_endorser"] else None,
        ),
    )


def _actor(user: User, *, author_of: int | None, endorser_of: int | None) -> Actor:
    return Actor(
        user=user,
        author_of={author_of: ""} if author_of else {},
        endorser_of={endorser_of: ""} if endorser_of else {},
    )
