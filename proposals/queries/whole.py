"""A proposal with its form and all that was filled in: one message instead of fifteen."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection
from django.db.models import ForeignKey, Model

from accounts.models import Unit, User
from competitions.models import (
    AttachmentSlot,
    Category,
    Competition,
    EligibilityRule,
    Round,
    Section,
    Track,
)
from competitions.timeline import Shift
from kipp.lib.prepared import Statement, keep
from kipp.lib.together import models_in, rows_in
from proposals.content import FrozenHeader
from proposals.models import (
    Answer,
    Attachment,
    Claim,
    EarlierAward,
    Innovation,
    Proposal,
    TeamMember,
)
from proposals.queries.deadlines import KINDS, Deadlines, deadlines_from, with_grace
from proposals.queries.others import OTHERS, STATUSES, Others, others_in

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Whole:
    """What is read beside the proposal: its ends, the others that rules look at, whom to tell.

    `may_endorse`: whether the person asked for endorses it at this moment.
    """

    deadlines: Deadlines
    others: Others
    members: tuple[User, ...]
    may_endorse: bool


# The rounds are always locked first. Each statement sees what was committed before it began, so the
# reading below sees what the locks waited for. A send may wait for 20 seconds, longer than anything
# else: if it were told to try again, it might come back too late.
HOLD = """
SET LOCAL lock_timeout = '20s';
SELECT FROM competitions_round
WHERE kind = ANY(%(kinds)s) AND competition_id =
      (SELECT competition_id FROM proposals_proposal WHERE id = %(proposal)s)
ORDER BY id FOR SHARE;
SELECT FROM proposals_proposal WHERE id = %(proposal)s FOR UPDATE;
"""
# Each relation comes in the order of its model's `Meta`. Deputies are compared with
# clock_timestamp(), because now() stands still since before the wait for the locks.
WHOLE = f"""
SELECT json_build_array(this)::text,
       (SELECT json_agg(part) FROM competitions_competition AS part
        WHERE part.id = this.competition_id)::text,
       (SELECT json_agg(part) FROM competitions_track AS part WHERE part.id = this.track_id)::text,
       (SELECT json_agg(part) FROM proposals_innovation AS part
        WHERE part.id = this.innovation_id)::text,
       (SELECT json_agg(part) FROM accounts_unit AS part
        WHERE part.id IN (this.unit_id, this.endorsing_unit_id))::text,
       (SELECT json_agg(part ORDER BY part."order", part.id)
        FROM competitions_section AS part WHERE track_id = this.track_id)::text,
       (SELECT json_agg(part ORDER BY part."order", part.id)
        FROM competitions_attachmentslot AS part WHERE track_id = this.track_id)::text,
       (SELECT json_agg(part ORDER BY part."order", part.id)
        FROM competitions_eligibilityrule AS part WHERE track_id = this.track_id)::text,
       (SELECT json_agg(part ORDER BY part."order", part.id)
        FROM competitions_category AS part WHERE competition_id = this.competition_id)::text,
       (SELECT json_agg(part ORDER BY part."order", part.starts_at, part.id)
        FROM competitions_round AS part WHERE competition_id = this.competition_id)::text,
       (SELECT json_agg(part ORDER BY part.year DESC, part.contest)
        FROM proposals_earlieraward AS part WHERE innovation_id = this.innovation_id)::text,
       (SELECT json_agg(part)
        FROM proposals_answer AS part WHERE proposal_id = this.id)::text,
       (SELECT json_agg(part ORDER BY slot."order", part.id)
        FROM proposals_attachment AS part
        JOIN competitions_attachmentslot AS slot ON slot.id = part.slot_id
        WHERE part.proposal_id = this.id)::text,
       (SELECT json_agg(part ORDER BY part."order", part.id)
        FROM proposals_claim AS part WHERE proposal_id = this.id)::text,
       (SELECT json_agg(part ORDER BY part."order", part.id)
        FROM proposals_teammember AS part WHERE proposal_id = this.id)::text,
       (SELECT json_agg(json_build_array(
                   granted.round_id, granted.old_ends_at, granted.new_ends_at, unit.path)
               ORDER BY granted.granted_at, granted.id)
        FROM competitions_extension AS granted
        JOIN competitions_round AS round ON round.id = granted.round_id
        LEFT JOIN accounts_unit AS unit ON unit.id = granted.unit_id
        WHERE round.competition_id = this.competition_id)::text,
       (SELECT json_agg(part ORDER BY part.id) FROM accounts_user AS part
        WHERE part.is_active AND part.id IN (
            SELECT place.user_id FROM accounts_membership AS place
            WHERE place.ended_at IS NULL
              AND ((place.unit_id = this.unit_id AND place.role = 'author')
                   OR (place.unit_id = this.endorsing_unit_id AND place.role = 'endorser'))))::text,
       EXISTS (
            SELECT FROM accounts_membership AS place
            JOIN accounts_user AS person ON person.id = place.user_id
            WHERE place.user_id = %(by)s AND place.unit_id = this.endorsing_unit_id
              AND place.ended_at IS NULL AND person.is_active
              AND (place.role = 'endorser' OR EXISTS (
                   SELECT FROM accounts_deputy AS deputy
                   WHERE deputy.user_id = place.user_id AND deputy.unit_id = place.unit_id
                     AND deputy.revoked_at IS NULL AND deputy.starts_at <= clock_timestamp()
                     AND deputy.ends_at > clock_timestamp()))),
       {OTHERS}
FROM proposals_proposal AS this WHERE this.id = %(proposal)s
"""  # noqa: S608 - constants alone


def hold_whole(proposal: Proposal, *, by: User) -> Whole:
    """Hold the proposal and its rounds until this transaction ends; read them as they then are."""
    asked = _asked(proposal, by=by.pk)
    with connection.cursor() as cursor:
        cursor.execute(HOLD + WHOLE, {**asked, "kinds": list(KINDS)})
        return _keep_all(proposal, cursor.fetchone())


def read_whole(proposal: Proposal, *, sent: FrozenHeader | None = None) -> Whole:
    """From here on `.all()` of these relations answers without a query, for this object only.

    `sent`: compare others with the title and video that were sent, not with the present ones.
    """
    [row] = READING.ask(**_asked(proposal, sent=sent))
    return _keep_all(proposal, row)


READING = Statement(WHOLE)


def _asked(
    proposal: Proposal, *, by: int | None = None, sent: FrozenHeader | None = None
) -> dict[str, Any]:
    looked = {"title": sent and sent["title"], "video": sent and sent["video_url"]}
    return {"proposal": proposal.pk, "by": by, **looked, **STATUSES}


def _keep_all(proposal: Proposal, row: Iterable[Any]) -> Whole:
    found = iter(row)
    _renew(proposal, found)
    _keep_form(proposal, found)
    _keep_content(proposal, found)
    shifts = _shifts_in(next(found))
    members = rows_of(User, next(found))
    may_endorse = next(found)
    rounds = [each for each in proposal.competition.rounds.all() if each.kind in KINDS]
    deadlines = deadlines_from(rounds, shifts=shifts, unit=proposal.unit)
    return Whole(
        deadlines=with_grace(deadlines, proposal),
        others=others_in(found),
        members=tuple(members),
        may_endorse=may_endorse,
    )


def _renew(proposal: Proposal, found: Iterator[str]) -> None:
    """As `refresh_from_db` with everything that `for_page` joins."""
    [fresh] = rows_of(Proposal, next(found))
    vars(proposal).pop("_prefetched_objects_cache", None)
    for field in Proposal._meta.concrete_fields:
        setattr(proposal, field.attname, getattr(fresh, field.attname))
        if isinstance(field, ForeignKey) and field.is_cached(proposal):
            field.delete_cached_value(proposal)
    [proposal.competition] = rows_of(Competition, next(found))
    [proposal.track] = rows_of(Track, next(found))
    [proposal.innovation] = rows_of(Innovation, next(found))
    units = {unit.pk: unit for unit in rows_of(Unit, next(found))}
    proposal.unit = units[proposal.unit_id]
    proposal.endorsing_unit = units[proposal.endorsing_unit_id]


def _keep_form(proposal: Proposal, found: Iterator[str]) -> None:
    track, competition = proposal.track, proposal.competition
    keep(track, "sections", rows_of(Section, next(found)))
    keep(track, "slots", rows_of(AttachmentSlot, next(found)))
    keep(track, "rules", rows_of(EligibilityRule, next(found)))
    for category in keep(competition, "categories", rows_of(Category, next(found))):
        if category.pk == proposal.category_id:
            proposal.category = category
    keep(competition, "rounds", rows_of(Round, next(found)))
    keep(proposal.innovation, "history", rows_of(EarlierAward, next(found)))


def _keep_content(proposal: Proposal, found: Iterator[str]) -> None:
    slots = {slot.pk: slot for slot in proposal.track.slots.all()}
    keep(proposal, "answers", rows_of(Answer, next(found)))
    files = {}
    for file in keep(proposal, "attachments", rows_of(Attachment, next(found))):
        file.slot = slots[file.slot_id]
        files[file.pk] = file
    for claim in keep(proposal, "claims", rows_of(Claim, next(found))):
        claim.source = files.get(claim.source_id) if claim.source_id else None
    keep(proposal, "team", rows_of(TeamMember, next(found)))


def _shifts_in(text: str | None) -> dict[int, list[Shift]]:
    shifts: defaultdict[int, list[Shift]] = defaultdict(list)
    for round_id, old, new, path in json.loads(text or "[]"):
        old_end, new_end = datetime.fromisoformat(old), datetime.fromisoformat(new)
        shifts[round_id].append(Shift(old_end, new_end, path))
    return shifts


def rows_of(model: type[Row], text: str | None) -> list[Row]:
    """What `json_agg` made of the table's rows."""
    columns = [field.column for field in model._meta.concrete_fields]
    return models_in(model, ([row[column] for column in columns] for row in rows_in(text)))
