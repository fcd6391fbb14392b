"""The author's desk: register, start, describe."""

from __future__ import annotations

from copy import copy
from datetime import date, datetime
from typing import TypedDict

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Unit, User
from competitions.models import Category, Track
from competitions.workflow import CompetitionStatus
from kipp.lib.text import one_line
from proposals.models import Innovation, Proposal
from proposals.queries.deadlines import lock_deadlines
from proposals.services.locks import lock_editable, require_editable, require_open
from proposals.services.places import endorsing_unit_of

# Not part of what is sent, so no completion needs to open it.
SIGNER = frozenset({"signer_name", "signer_position", "signer_nip"})


class Header(TypedDict, total=False):
    """The facts above the sections that the unit fills in."""

    title: str
    category: Category | None
    sdgs: list[int]
    started_on: date | None
    video_url: str
    contact_phone: str
    signer_name: str
    signer_position: str
    signer_nip: str


@transaction.atomic
def register_innovation(
    unit: Unit,
    *,
    title: str,
    by: User,
    at: datetime,
    expansion: str = "",
    started_on: date | None = None,
    sector: str = "",
) -> Innovation:
    """Enter a new innovation of the unit into the register."""
    innovation = Innovation(
        unit=unit,
        title=one_line(title),
        expansion=one_line(expansion),
        started_on=started_on,
        sector=one_line(sector),
        created_at=at,
    )
    innovation.full_clean()
    innovation.save(force_insert=True)
    record(by, "innovation.registered", innovation, at=at, unit=unit.pk)
    return innovation


@transaction.atomic
def start_proposal(
    innovation: Innovation, *, track: Track, unit: Unit, by: User, at: datetime
) -> Proposal:
    """Enter the innovation in the competition of the track, once, while submission is open.

    What a unit made that has ended, its successor enters.
    """
    competition = track.competition
    if competition.status != CompetitionStatus.PUBLISHED:
        raise ValidationError(_("This competition does not take proposals."), code="not_published")
    if innovation.carrier != unit:
        raise ValidationError(_("This is not an innovation of the unit."), code="foreign")
    if unit.ended_on:
        raise ValidationError(_("This unit has ended."), code="ended")
    endorsing_unit = endorsing_unit_of(unit, competition=competition)
    require_open(lock_deadlines(competition, unit=unit).sending, at=at)
    proposal = Proposal(
        competition=competition,
        track=track,
        innovation=innovation,
        unit=unit,
        endorsing_unit=endorsing_unit,
        title=innovation.title,
        started_on=innovation.started_on,
        created_by=by,
        created_at=at,
        held_since=at,
    )
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError(
            _("This innovation is in this competition already."), code="exists"
        ) from error
    record(by, "proposal.started", proposal, at=at, competition=competition.slug, track=track.key)
    if innovation.unit and innovation.unit != unit:
        names = {"name": unit.name, "former": innovation.unit.name}
        record(by, "innovation.carried_on", innovation, at=at, unit=unit.pk, **names)
    return proposal


@transaction.atomic
def enter_innovation(
    unit: Unit, *, track: Track, expansion: str, header: Header, by: User, at: datetime
) -> Proposal:
    """A new innovation, its proposal and the facts above the sections: all of it or nothing."""
    innovation = register_innovation(
        unit,
        title=header["title"],
        expansion=expansion,
        started_on=header.get("started_on"),
        by=by,
        at=at,
    )
    proposal = start_proposal(innovation, track=track, unit=unit, by=by, at=at)
    describe_proposal(proposal, header=header, version=proposal.version, by=by, at=at)
    return proposal


@transaction.atomic
def describe_proposal(
    proposal: Proposal, *, header: Header, version: int, by: User, at: datetime
) -> None:
    """Save header facts over the version that the person saw; code `stale` if it has changed."""
    lock_editable(proposal)
    cleaned = {name: _clean(value) for name, value in header.items()}
    changes = {name: value for name, value in cleaned.items() if getattr(proposal, name) != value}
    require_editable(proposal, parts=[f"header:{name}" for name in changes if name not in SIGNER])
    edited = copy(proposal)
    for name, value in changes.items():
        setattr(edited, name, value)
    edited.clean_fields()
    _require_own_category(edited)
    guarded = Proposal.objects.filter(pk=proposal.pk, version=version)
    if not guarded.update(version=F("version") + 1, **changes):
        raise ValidationError(
            _("Somebody else changed these facts meanwhile. Yours are still in the form."),
            code="stale",
        )
    proposal.refresh_from_db()
    record(by, "proposal.described", proposal, at=at, fields=sorted(changes))


def _clean(value: object) -> object:
    return one_line(value) if isinstance(value, str) else value


def _require_own_category(proposal: Proposal) -> None:
    category = proposal.category
    if category and category.competition_id != proposal.competition_id:
        raise ValidationError(
            {"category": _("This category belongs to another competition.")}, code="foreign"
        )
