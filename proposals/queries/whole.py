"""A proposal with its form and everything that was filled in: one statement instead of a dozen."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar

from django.db import connection
from django.db.models import Model

from competitions.models import AttachmentSlot, Category, EligibilityRule, Round, Section
from proposals.models import Answer, Attachment, Claim, EarlierAward, Proposal, TeamMember

Row = TypeVar("Row", bound=Model)

# Each relation in the order of its model's `Meta`.
WHOLE = """
SELECT (SELECT json_agg(part ORDER BY part."order", part.id)
        FROM competitions_section AS part WHERE track_id = %(track)s)::text,
       (SELECT json_agg(part ORDER BY part."order", part.id)
        FROM competitions_attachmentslot AS part WHERE track_id = %(track)s)::text,
       (SELECT json_agg(part ORDER BY part."order", part.id)
        FROM competitions_eligibilityrule AS part WHERE track_id = %(track)s)::text,
       (SELECT json_agg(part ORDER BY part."order", part.id)
        FROM competitions_category AS part WHERE competition_id = %(competition)s)::text,
       (SELECT json_agg(part ORDER BY part."order", part.starts_at, part.id)
        FROM competitions_round AS part WHERE competition_id = %(competition)s)::text,
       (SELECT json_agg(part ORDER BY part.year DESC, part.contest)
        FROM proposals_earlieraward AS part WHERE innovation_id = %(innovation)s)::text,
       (SELECT json_agg(part)
        FROM proposals_answer AS part WHERE proposal_id = %(proposal)s)::text,
       (SELECT json_agg(part ORDER BY slot."order", part.id)
        FROM proposals_attachment AS part
        JOIN competitions_attachmentslot AS slot ON slot.id = part.slot_id
        WHERE part.proposal_id = %(proposal)s)::text,
       (SELECT json_agg(part ORDER BY part."order", part.id)
        FROM proposals_claim AS part WHERE proposal_id = %(proposal)s)::text,
       (SELECT json_agg(part ORDER BY part."order", part.id)
        FROM proposals_teammember AS part WHERE proposal_id = %(proposal)s)::text
"""


def read_whole(proposal: Proposal) -> None:
    """From here on `.all()` of these relations answers without a query, for this object only."""
    track, competition = proposal.track, proposal.competition
    with connection.cursor() as cursor:
        cursor.execute(
            WHOLE,
            {
                "track": track.pk,
                "competition": competition.pk,
                "innovation": proposal.innovation_id,
                "proposal": proposal.pk,
            },
        )
        found = iter(cursor.fetchone())
    slots: dict[int, AttachmentSlot] = {}
    _keep(track, "sections", rows_of(Section, next(found)))
    for slot in _keep(track, "slots", rows_of(AttachmentSlot, next(found))):
        slots[slot.pk] = slot
    _keep(track, "rules", rows_of(EligibilityRule, next(found)))
    for category in _keep(competition, "categories", rows_of(Category, next(found))):
        if category.pk == proposal.category_id:
            proposal.category = category
    _keep(competition, "rounds", rows_of(Round, next(found)))
    _keep(proposal.innovation, "history", rows_of(EarlierAward, next(found)))
    _keep(proposal, "answers", rows_of(Answer, next(found)))
    files = {}
    for file in _keep(proposal, "attachments", rows_of(Attachment, next(found))):
        file.slot = slots[file.slot_id]
        files[file.pk] = file
    for claim in _keep(proposal, "claims", rows_of(Claim, next(found))):
        claim.source = files.get(claim.source_id) if claim.source_id else None
    _keep(proposal, "team", rows_of(TeamMember, next(found)))


def rows_of(model: type[Row], text: str | None) -> list[Row]:
    """What `json_agg` made of the table's rows. Numbers keep their places."""
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    return [
        model.from_db(
            connection.alias, names, [field.to_python(row[field.column]) for field in fields]
        )
        for row in json.loads(text or "[]", parse_float=Decimal)
    ]


def _keep(owner: Model, relation: str, rows: Iterable[Row]) -> list[Row]:
    """As `prefetch_related_objects` leaves them; it has no door for rows that are here already."""
    fetched = getattr(owner, relation).all()
    kept: list[Row] = list(rows)
    vars(fetched).update(_result_cache=kept, _prefetch_done=True)
    vars(owner).setdefault("_prefetched_objects_cache", {})[relation] = fetched
    return kept
