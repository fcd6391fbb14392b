"""Typed builders: what a test needs and nothing else. Time is NOON unless it says otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from uuid import uuid4

from accounts.models import Membership, Unit, User
from competitions.models import (
    AttachmentSlot,
    Attendee,
    CommitteeSeat,
    Competition,
    EligibilityRule,
    Extension,
    Round,
    Section,
    Track,
    Workshop,
)
from competitions.workflow import CompetitionStatus
from judging.codes import draw_code
from judging.models import Assignment, Criterion, Entry, Panelist, Stage
from kipp.lib.text import word_count
from proposals.models import Answer, Innovation, Proposal, Revision, Submission
from proposals.receipts import seal
from proposals.workflow import ProposalStatus

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
DAY = timedelta(days=1)
_numbers = count(1)


def user(name: str = "", **fields: object) -> User:
    number = next(_numbers)
    return User.objects.create(
        email=f"person{number}@demo.example",
        full_name=name or f"Person {number}",
        password=str(fields.pop("password", "!")),
        **fields,
    )


def unit(name: str = "", *, parent: Unit | None = None, level: str = "agency") -> Unit:
    made = Unit.objects.create(name=name or f"Unit {next(_numbers)}", parent=parent, level=level)
    made.path = f"{parent.path if parent else '/'}{made.pk}/"
    made.save(update_fields=["path"])
    return made


def membership(person: User, where: Unit, role: str = Membership.Role.AUTHOR) -> Membership:
    return Membership.objects.create(user=person, unit=where, role=role, started_at=NOON)


def competition(*, host: Unit | None = None, **fields: object) -> Competition:
    number = next(_numbers)
    return Competition.objects.create(
        **{
            "slug": f"kipp-{number}",
            "name": f"KIPP {number}",
            "year": 2026,
            "host": host or unit(level="government"),
            "status": CompetitionStatus.PUBLISHED,
            "created_at": NOON,
            **fields,
        }
    )


def seat(
    person: User, where: Competition, role: str = CommitteeSeat.Role.ORGANIZER
) -> CommitteeSeat:
    return CommitteeSeat.objects.create(user=person, competition=where, role=role)


def round_(
    where: Competition,
    kind: str = Round.Kind.SUBMISSION,
    *,
    starts_at: datetime = NOON - 10 * DAY,
    ends_at: datetime = NOON + 10 * DAY,
    key: str = "",
) -> Round:
    return Round.objects.create(
        competition=where,
        kind=kind,
        key=key or kind,
        name=kind,
        starts_at=starts_at,
        ends_at=ends_at,
    )


def track(where: Competition, key: str = "umum") -> Track:
    return Track.objects.create(competition=where, key=key, name=key.title())


def section(where: Track, key: str = "ringkasan", *, word_limit: int = 200) -> Section:
    return Section.objects.create(track=where, key=key, label=key.title(), word_limit=word_limit)


def submission(unit: Unit, where: Track, title: str = "", *, text: str = "") -> Submission:
    """An eligible proposal of the unit with its frozen copy."""
    number = next(_numbers)
    name = title or f"Innovation {number}"
    writer = user()
    proposal = Proposal.objects.create(
        competition=where.competition,
        track=where,
        innovation=Innovation.objects.create(title=name, unit=unit, created_at=NOON),
        unit=unit,
        endorsing_unit=unit,
        title=name,
        status=ProposalStatus.ELIGIBLE,
        created_by=writer,
        created_at=NOON,
        held_since=NOON,
        submitted_at=NOON,
    )
    sent = Submission(
        proposal=proposal,
        competition=where.competition,
        number=number,
        receipt=f"KIPP-{number:05}",
        token=uuid4(),
        content={
            "format": 2,
            "receipt": f"KIPP-{number:05}",
            "competition": {"slug": where.competition.slug},
            "form_sha256": "0" * 64,
            "header": {
                "title": name,
                "expansion": "",
                "unit": {"id": unit.pk, "name": unit.name, "agency": unit.name},
                "track": {"key": where.key, "name": where.name},
                "category": None,
                "started_on": "",
                "video_url": "",
            },
            "team": [],
            "claims": [],
            "sections": [
                {
                    "key": "ringkasan",
                    "label": "Ringkasan",
                    "word_limit": 200,
                    "text": text,
                    "words": word_count(text),
                }
            ],
            "files": [],
            "findings": [],
        },
        sha256="0" * 64,
        received_at=NOON,
        judged_at=NOON,
        submitted_by=writer,
    )
    # Beside the chain that the services make: a link of its own.
    seal(sent, previous=f"{number:064}")
    sent.save()
    return sent


def stage(where: Competition, key: str = "desk", **fields: object) -> Stage:
    order = where.stages.count()
    return Stage.objects.create(
        **{
            "competition": where,
            "round": round_(where, Round.Kind.JUDGING, key=f"judging-{key}"),
            "key": key,
            "name": key.title(),
            "kind": Stage.Kind.DESK,
            "order": order,
            "advance_count": 2,
            **fields,
        }
    )


def criterion(where: Stage, key: str = "mutu", weight: str = "100", **fields: object) -> Criterion:
    order = where.criteria.count()
    return Criterion.objects.create(
        stage=where,
        key=key,
        label=key.title(),
        weight=Decimal(weight),
        order=order,
        **fields,
    )


def panelist(where: Stage, person: User | None = None, **fields: object) -> Panelist:
    fields = {"alias": draw_code(6), **fields}
    return Panelist.objects.create(stage=where, user=person or user(), seated_at=NOON, **fields)


def entry(where: Stage, sent: Submission) -> Entry:
    return Entry.objects.create(stage=where, proposal=sent.proposal, submission=sent)


def assignment(read: Entry, reader: Panelist, **fields: object) -> Assignment:
    return Assignment.objects.create(entry=read, panelist=reader, assigned_at=NOON, **fields)


def workshop(where: Competition, **fields: object) -> Workshop:
    return Workshop.objects.create(
        round=round_(where, Round.Kind.WORKSHOP), **{"seats": 10, "seats_per_unit": 2, **fields}
    )


def innovation(where: Unit, title: str = "", **fields: object) -> Innovation:
    return Innovation.objects.create(
        unit=where, title=title or f"Innovation {next(_numbers)}", created_at=NOON, **fields
    )


def proposal(where: Unit, in_track: Track, title: str = "", **fields: object) -> Proposal:
    """A draft of the unit, endorsed by the unit below the host."""
    name = title or f"Innovation {next(_numbers)}"
    host = in_track.competition.host
    below_host = where.lineage[where.lineage.index(host.pk) + 1]
    return Proposal.objects.create(
        **{
            "competition": in_track.competition,
            "track": in_track,
            "innovation": innovation(where, name),
            "unit": where,
            "endorsing_unit_id": below_host,
            "title": name,
            "created_by": user(),
            "created_at": NOON,
            "held_since": NOON,
            **fields,
        }
    )


def answer(of: Proposal, to: Section, text: str = "satu dua tiga", **fields: object) -> Answer:
    made = Answer.objects.create(
        **{
            "proposal": of,
            "section": to,
            "text": text,
            "word_count": word_count(text),
            "saved_by": of.created_by,
            "saved_at": NOON,
            **fields,
        }
    )
    Revision.objects.create(
        answer=made,
        version=made.version,
        text=made.text,
        word_count=made.word_count,
        saved_by=made.saved_by,
        saved_at=made.saved_at,
    )
    return made


def slot(where: Track, key: str = "foto", **fields: object) -> AttachmentSlot:
    return AttachmentSlot.objects.create(
        **{"track": where, "key": key, "label": key.title(), "kind": "any", **fields}
    )


def rule(where: Track, kind: str, **fields: object) -> EligibilityRule:
    return EligibilityRule.objects.create(
        **{"track": where, "kind": kind, "article": "Pasal 6", **fields}
    )


def extension(where: Round, *, days: int = 1, unit: Unit | None = None) -> Extension:
    return Extension.objects.create(
        round=where,
        unit=unit,
        old_ends_at=where.ends_at,
        new_ends_at=where.ends_at + days * DAY,
        reason="Listrik padam",
        letter_number="005/1/2026",
        granted_by=user(),
        granted_at=NOON,
    )


def attendee(where: Workshop, *, unit: Unit | None = None) -> Attendee:
    number = next(_numbers)
    return Attendee.objects.create(
        workshop=where,
        unit=unit or where.round.competition.host,
        full_name=f"Attendee {number}",
        ticket=f"ticket-{number}",
        signed_up_by=user(),
        signed_up_at=NOON,
    )
