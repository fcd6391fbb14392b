"""Objections: made while their round is open, answered by somebody who had no hand in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts import mail
from accounts.audit import record
from accounts.models import Message, User
from competitions.models import CommitteeSeat, Competition, ObjectionReason, Round
from competitions.queries import hold_round
from judging.models import Objection, Publication
from judging.queries.objections import bars_of, window_from
from judging.services.publishing import new_code
from judging.workflow import OBJECTION_FLOW, ObjectionMove, ObjectionStatus
from kipp.lib import clock
from kipp.lib.files import Stream, keep_file, store_file
from kipp.lib.uploads import Checked, Kind, check_upload
from kipp.lib.workflow import stale
from proposals.models import Proposal

EVIDENCE_MAX_BYTES = 5 * 1024 * 1024
# More from one address on one list is no objection any more.
MOST_OPEN = 5
Role = CommitteeSeat.Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Objector:
    """Somebody with an account, or a name and an address."""

    user: User | None
    name: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A file as it came."""

    file: Stream
    name: str


def make_objection(
    publication: Publication,
    *,
    reason: ObjectionReason,
    text: str,
    proposal: Proposal | None,
    evidence: Evidence | None,
    objector: Objector,
    at: datetime,
) -> Objection:
    """Take it down with its evidence; what is late or there already is refused in words."""
    _require_open(publication.competition, at=at)
    checked = None
    if evidence is not None:
        checked = check_upload(
            evidence.file, name=evidence.name, kind=Kind.ANY, max_bytes=EVIDENCE_MAX_BYTES
        )
    objection = Objection(
        publication=publication,
        code=new_code(),
        proposal=proposal,
        reason_key=reason.key,
        reason_label=reason.label,
        reason_article=reason.article,
        text=text.strip(),
        made_by=objector.user,
        name=objector.name,
        contact=objector.contact.strip().lower(),
        received_at=at,
        due_at=_due(publication.competition, at=at),
    )
    if checked is not None:
        objection.evidence_sha256 = store_file(BytesIO(checked.content)).sha256
        objection.evidence_name = checked.name
        objection.evidence_type = checked.media_type
    return _keep(objection, checked=checked, at=at)


@transaction.atomic
def _keep(objection: Objection, *, checked: Checked | None, at: datetime) -> Objection:
    """Under the round's lock, as everything that an end decides, so that numbers are whole too."""
    competition = objection.publication.competition
    window = _objection_round(competition)
    if window is not None:
        hold_round(window.pk)
    _require_open(competition, at=at)
    if checked is not None:
        keep_file(BytesIO(checked.content), sha256=objection.evidence_sha256)
    same = Objection.objects.filter(publication=objection.publication)
    waiting = same.filter(contact=objection.contact, status=ObjectionStatus.OPEN)
    if waiting.count() >= MOST_OPEN:
        raise ValidationError(
            _("%(count)d objections of yours wait for their answers. Add to one of them by mail.")
            % {"count": MOST_OPEN},
            code="too_many",
        )
    objection.number = (same.aggregate(last=Max("number"))["last"] or 0) + 1
    objection.full_clean()
    objection.save(force_insert=True)
    _tell_received(objection, at=at)
    record(objection.made_by, "objection.made", objection, at=at, number=objection.number)
    return objection


def _objection_round(competition: Competition) -> Round | None:
    rounds = competition.rounds.filter(kind=Round.Kind.OBJECTION)
    return rounds.prefetch_related("extensions__unit").first()


def _require_open(competition: Competition, *, at: datetime) -> None:
    round_ = _objection_round(competition)
    if round_ is None:
        raise ValidationError(_("This competition takes no objections."), code="closed")
    window = window_from(round_)
    if window.is_open(at):
        return
    zone = competition.time_zone
    if at < window.starts_at:
        sentence = _("Objections are taken from %(start)s on.")
    else:
        sentence = _("Objections were taken until %(end)s. Write to the committee instead.")
    told = {
        "start": clock.show_moment(window.starts_at, zone=zone),
        "end": clock.show_end(window.ends_at, zone=zone),
    }
    raise ValidationError(sentence % told, code="closed")


def _due(competition: Competition, *, at: datetime) -> datetime:
    zone = competition.time_zone
    last = at.astimezone(ZoneInfo(zone)).date() + timedelta(days=competition.objection_days)
    return clock.end_of_day(last, zone=zone)


@transaction.atomic
def appoint_officer(objection: Objection, *, officer: User, by: User, at: datetime) -> Objection:
    """Give it to somebody of the committee who had no hand in the results."""
    held = _hold(objection)
    if held.status != ObjectionStatus.OPEN:
        raise ValidationError(_("This objection is answered already."), code="not_now")
    seats = CommitteeSeat.objects.filter(competition=held.publication.competition_id, user=officer)
    if not seats.exists():
        raise ValidationError(_("Only a person of the committee answers objections."), code="seat")
    _refuse_involved(officer, held)
    held.officer, held.appointed_at = officer, at
    held.version += 1
    held.save(update_fields=["officer", "appointed_at", "version"])
    mail.withdraw(held, kind="objection_due")
    _tell(held, "objection_appointed", officer, at=at, key=f"{officer.pk}:{held.version}")
    record(by, "objection.appointed", held, at=at, name=officer.full_name, officer=officer.pk)
    return held


@transaction.atomic
def decide_objection(
    objection: Objection,
    *,
    move: ObjectionMove,
    decision: str,
    version: int,
    by: User,
    at: datetime,
) -> Objection:
    """The officer's answer, with its reason; whoever objected gets it by mail."""
    if not decision.strip():
        raise ValidationError(_("Write the reason of your answer."), code="reason")
    held = _hold(objection)
    if held.officer_id != by.pk:
        raise ValidationError(_("Another person answers this objection by now."), code="stale")
    if held.version != version and held.status == ObjectionStatus.OPEN:
        raise stale()
    _refuse_involved(by, held)
    OBJECTION_FLOW.advance(held, move, decision=decision.strip(), decided_at=at)
    mail.withdraw(held, kind="objection_due")
    _tell(held, "objection_answered", held.made_by or held.contact, at=at)
    record(by, f"objection.{held.status}", held, at=at, reason=held.decision)
    return held


def _refuse_involved(officer: User, objection: Objection) -> None:
    bars = list(bars_of(officer, objection))
    if bars:
        raise ValidationError(
            _("%(name)s cannot answer this objection: %(bars)s.")
            % {"name": officer.full_name, "bars": ", ".join(bars)},
            code="involved",
        )


def _hold(objection: Objection) -> Objection:
    rows = Objection.objects.select_for_update(of=["self"])
    return rows.select_related("publication__competition", "proposal__unit").get(pk=objection.pk)


def remind_of_objections(*, at: datetime) -> int:
    """Once a day before the limit and once after it, to the officer; to the chairs without one."""
    waiting = Objection.objects.filter(
        status=ObjectionStatus.OPEN, due_at__lte=at + timedelta(days=1)
    ).select_related("publication__competition", "officer", "made_by", "proposal")
    return sum(_remind(objection, at=at) for objection in waiting)


@transaction.atomic
def _remind(objection: Objection, *, at: datetime) -> int:
    when = "late" if at >= objection.due_at else "soon"
    people = [objection.officer] if objection.officer else _seated(objection, Role.CHAIR)
    if when == "late":
        people = [*people, *_seated(objection, Role.CHAIR)]
    keys = {f"{person.pk}:{when}": person for person in people}
    told = [f"objection_due:{objection.pk}:{key}" for key in keys]
    known = set(Message.objects.filter(dedupe_key__in=told).values_list("dedupe_key", flat=True))
    fresh = {
        key: person
        for key, person in keys.items()
        if f"objection_due:{objection.pk}:{key}" not in known
    }
    for key, person in fresh.items():
        _tell(objection, "objection_due", person, at=at, key=key)
    return len(fresh)


def _seated(objection: Objection, *roles: str) -> list[User]:
    seats = CommitteeSeat.objects.filter(
        competition=objection.publication.competition_id, role__in=roles
    )
    return list(User.objects.filter(pk__in=seats.values("user"), is_active=True))


def _tell_received(objection: Objection, *, at: datetime) -> None:
    _tell(objection, "objection_received", objection.made_by or objection.contact, at=at)
    for person in _seated(objection, Role.CHAIR, Role.ORGANIZER):
        _tell(objection, "objection_made", person, at=at, key=str(person.pk))


def _tell(objection: Objection, kind: str, to: User | str, *, at: datetime, key: str = "") -> None:
    competition = objection.publication.competition
    mail.send_later(
        kind,
        to,
        dedupe_key=f"{kind}:{objection.pk}:{key}" if key else f"{kind}:{objection.pk}",
        at=at,
        about=objection,
        context={
            "objection": objection,
            "competition": competition,
            "due": clock.show_end(objection.due_at, zone=competition.time_zone),
        },
    )
