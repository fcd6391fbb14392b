"""Setting a competition up in the browser: its facts and the parts of its definition."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, ProtectedError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from competitions import queries
from competitions.models import (
    AttachmentSlot,
    Category,
    Competition,
    EligibilityRule,
    ObjectionReason,
    ReminderRule,
    Round,
    Section,
    Tier,
    Track,
    Workshop,
)
from competitions.workflow import CompetitionStatus
from kipp.lib.twins import refuse_twin

Part = (
    Category
    | ObjectionReason
    | Tier
    | Track
    | Section
    | AttachmentSlot
    | EligibilityRule
    | Round
    | ReminderRule
    | Workshop
)

FORM_PARTS = (Track, Section, AttachmentSlot)
STALE = _("Somebody else changed this meanwhile. Compare with the present state and save again.")


@transaction.atomic
def change_facts(
    competition: Competition, *, by: User, at: datetime, version: int, facts: dict[str, Any]
) -> None:
    """Name, theme, guidelines, contact. Raises ValidationError(code="stale") for an old form."""
    held = hold_for_setup(competition)
    for name, value in facts.items():
        setattr(competition, name, value)
    competition.full_clean()
    _update(competition, before=held, version=version, by=by, at=at, about=held)


@transaction.atomic
def add_part(part: Part, *, by: User, at: datetime, reason: str = "") -> None:
    """Put a new part at the end of its list; its key is made from its name.

    `reason`: why a rule of entry comes or changes after the submission has begun.
    """
    held = hold_for_setup(queries.competition_of(part))
    check_editable(part, before=None, competition=held, at=at)
    _require_reason(part, competition=held, reason=reason, at=at)
    _complete(part)
    part.full_clean()
    refuse_twin(part, among=queries.siblings_of(part), apart_from={"key", "order", "version"})
    part.save(force_insert=True)
    _record("added", part, by=by, at=at, about=held, reason=reason)


@transaction.atomic
def change_part(part: Part, *, by: User, at: datetime, version: int, reason: str = "") -> None:
    """Save the changed part if nobody changed it since `version` was shown."""
    held = hold_for_setup(queries.competition_of(part))
    before = type(part)._default_manager.filter(pk=part.pk).first()
    if before is None:
        raise ValidationError(STALE, code="stale")
    check_editable(part, before=before, competition=held, at=at)
    _require_reason(part, competition=held, reason=reason, at=at)
    part.full_clean()
    _update(part, before=before, version=version, by=by, at=at, about=held, reason=reason)


@transaction.atomic
def remove_part(part: Part, *, by: User, at: datetime, version: int) -> None:
    """Take a part out of the definition, unless something refers to it."""
    held = hold_for_setup(queries.competition_of(part))
    check_editable(part, before=part, competition=held, at=at)
    _check_removable(part, competition=held, at=at)
    _record("removed", part, by=by, at=at, about=held)
    if isinstance(part, Section):
        part.track.slots.filter(section_key=part.key).update(section_key="")
    try:
        deleted, _rows = type(part)._default_manager.filter(pk=part.pk, version=version).delete()
    except ProtectedError as error:
        raise ValidationError(
            _("This cannot be removed: something refers to it."), code="in_use"
        ) from error
    if not deleted:
        raise ValidationError(STALE, code="stale")


def hold_for_setup(competition: Competition) -> Competition:
    """The competition's lock: those who set it up go one after the other.

    Without the key, so that a proposal that starts meanwhile does not wait.
    """
    held = Competition.objects.select_for_update(no_key=True).get(pk=competition.pk)
    if held.status == CompetitionStatus.ARCHIVED:
        raise ValidationError(_("An archived competition stays as it is."), code="archived")
    return held


def fix_tiers(competition: Competition, *, at: datetime) -> None:
    """Judges score by them now: no tier comes, goes or is cut elsewhere. Hold the competition."""
    Competition.objects.filter(pk=competition.pk, tiers_fixed_at=None).update(tiers_fixed_at=at)


def check_editable(
    part: Part, *, before: models.Model | None, competition: Competition, at: datetime
) -> None:
    """What the calendar forbids: the form after the submission began, dates of a begun round."""
    if isinstance(part, Tier) and not (isinstance(before, Tier) and before.size == part.size):
        _require_free_tiers(competition)
    if isinstance(part, FORM_PARTS) and queries.is_form_locked(competition, at=at):
        raise ValidationError(
            _(
                "The submission has begun: the form stays as it is, so that every proposal"
                " answers the same questions."
            ),
            code="locked",
        )
    if isinstance(part, Round):
        _check_dates(part, before=before, competition=competition, at=at)
    if isinstance(part, Workshop) and before:
        _check_seats(part)


def _check_seats(workshop: Workshop) -> None:
    """A sign-up waits meanwhile."""
    held = Workshop.objects.select_for_update(of=["self"]).get(pk=workshop.pk)
    taken = held.attendees.count()
    if workshop.seats < taken:
        few = _("%(count)s people are signed up already. Give at least as many seats.")
        raise ValidationError({"seats": few % {"count": taken}}, code="taken")


def _check_dates(
    round_: Round, *, before: models.Model | None, competition: Competition, at: datetime
) -> None:
    published = competition.status == CompetitionStatus.PUBLISHED
    if isinstance(before, Round) and published and before.starts_at <= at:
        moved = (before.starts_at, before.ends_at) != (round_.starts_at, round_.ends_at)
        if moved or before.kind != round_.kind:
            raise ValidationError(
                _("This round has begun: its end moves by an extension only."), code="begun"
            )
    ends = dict(competition.rounds.exclude(pk=round_.pk).values_list("kind", "ends_at"))
    ends[round_.kind] = round_.ends_at
    submission, endorsement = ends.get("submission"), ends.get("endorsement")
    if submission and endorsement and endorsement < submission:
        raise ValidationError(
            {"ends_at": _("The endorsement cannot end before the submission.")},
        )


def _require_free_tiers(competition: Competition) -> None:
    if competition.tiers_fixed_at is not None:
        raise ValidationError(
            _(
                "The last stage is open: its tiers are part of the law and stay. Their names may"
                " still be changed."
            ),
            code="locked",
        )


def _check_removable(part: Part, *, competition: Competition, at: datetime) -> None:
    if isinstance(part, Tier):
        _require_free_tiers(competition)
    if isinstance(part, EligibilityRule) and queries.is_form_locked(competition, at=at):
        raise ValidationError(
            _("The submission has begun: a rule stays. It can be made a mere note."), code="locked"
        )
    begun = isinstance(part, Round) and part.starts_at <= at
    if begun and competition.status == CompetitionStatus.PUBLISHED:
        raise ValidationError(_("A round that has begun stays."), code="begun")
    if isinstance(part, Round | Workshop) and queries.is_workshop_used(part):
        raise ValidationError(_("People are signed up for this workshop already."), code="in_use")


def _require_reason(part: Part, *, competition: Competition, reason: str, at: datetime) -> None:
    """Units have written under the rules of entry: whoever changes them says why, for the trail."""
    is_late = isinstance(part, EligibilityRule) and queries.is_form_locked(competition, at=at)
    if is_late and not reason.strip():
        raise ValidationError(
            {"reason": _("The submission has begun: write why the rule changes, with the letter.")}
        )


def _complete(part: Part) -> None:
    siblings = queries.siblings_of(part)
    if hasattr(part, "order"):
        last = siblings.aggregate(last=models.Max("order"))["last"]
        part.order = (last or 0) + 1
    if hasattr(part, "key") and not part.key:
        part.key = free_key(str(part), taken=set(siblings.values_list("key", flat=True)))


def free_key(name: str, *, taken: set[str]) -> str:
    """A key from the name that none of the others has."""
    base = slugify(name)[:36].strip("-_") or "x"
    number = 1
    key = base
    while key in taken:
        number += 1
        key = f"{base}-{number}"
    return key


def _update(
    row: Part | Competition,
    *,
    before: models.Model,
    version: int,
    by: User,
    at: datetime,
    about: Competition,
    reason: str = "",
) -> None:
    changes = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if getattr(before, field.attname) != getattr(row, field.attname) and field.name != "version"
    }
    rows = type(row)._default_manager.filter(pk=row.pk, version=version)
    if not rows.update(**changes, version=F("version") + 1):
        raise ValidationError(STALE, code="stale")
    row.version = version + 1
    if changes:
        _record(
            "changed",
            row,
            by=by,
            at=at,
            about=about,
            fields=sorted(changes),
            before=str(before)[:300] if isinstance(row, EligibilityRule) else "",
            reason=reason,
        )


def _record(
    what: str,
    row: Part | Competition,
    *,
    by: User,
    at: datetime,
    about: Competition,
    fields: list[str] | None = None,
    before: str = "",
    reason: str = "",
) -> None:
    more = {"before": before} if before else {}
    audit.record(
        by,
        f"competition.part_{what}",
        about,
        at=at,
        part=audit.type_of(row),
        name=str(row)[:200],
        fields=fields or [],
        reason=reason,
        **more,
    )
