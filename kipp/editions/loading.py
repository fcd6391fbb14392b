"""From a definition to rows: the one place that writes a whole competition."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Unit, User
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
from judging.models import Criterion, Panel, PresentationDay, Question, Stage, Timetable
from judging.workflow import StageStatus
from kipp.editions.shape import Plain

FACTS = (
    "name", "year", "time_zone", "screeners", "theme", "summary", "guidelines",
    "contact_name", "contact_email", "contact_phone", "shows_team",
    "mend_hours", "silence_hours", "objections_public", "objection_days", "feedback_scores",
)  # fmt: skip


# Keys of a stage that are rows of their own.
STAGE_PARTS = frozenset({"round", "criteria", "panels", "timetable", "questions"})


@transaction.atomic
def load_edition(definition: Plain, *, host: Unit, by: User | None, at: datetime) -> Competition:
    """Make the competition of the definition, or replace the definition of an unused one.

    People, announcements and status are not part of a definition and stay as they are.
    """
    facts = {name: definition["competition"][name] for name in FACTS}
    slug = definition["competition"]["slug"]
    competition = Competition.objects.select_for_update(of=["self"]).filter(slug=slug).first()
    if competition is None:
        competition = Competition(slug=slug, host=host, created_at=at, **facts)
        competition.save(force_insert=True)
    else:
        _clear(competition)
        for name, value in {**facts, "host": host, "version": competition.version + 1}.items():
            setattr(competition, name, value)
        competition.save(update_fields=[*facts, "host", "version"])
    write_parts(competition, definition)
    audit.record(by, "competition.loaded", competition, at=at, slug=slug)
    return competition


def write_parts(competition: Competition, definition: Plain) -> None:
    """Everything that hangs on the competition; there must be none of it yet."""
    zone = ZoneInfo(competition.time_zone)
    Category.objects.bulk_create(
        Category(competition=competition, order=order, **row)
        for order, row in enumerate(definition["categories"], start=1)
    )
    Tier.objects.bulk_create(Tier(competition=competition, **row) for row in definition["tiers"])
    ObjectionReason.objects.bulk_create(
        ObjectionReason(competition=competition, **row)
        for row in _ordered(definition["objection_reasons"])
    )
    for order, row in enumerate(definition["tracks"], start=1):
        _write_track(competition, row, order=order)
    rounds = {
        row["key"]: _write_round(competition, row, order=order, zone=zone)
        for order, row in enumerate(definition["rounds"], start=1)
    }
    for order, row in enumerate(definition["stages"], start=1):
        stage = _write_stage(competition, row, order=order, round_=rounds[row["round"]])
        if "timetable" in row:
            _write_timetable(stage, row["timetable"], zone=zone)


def find_host(name: str) -> Unit:
    """The unit of this name that still exists; raises ValidationError if there is not just one."""
    found = list(Unit.objects.filter(name__iexact=name.strip(), ended_on=None)[:2])
    if not found:
        raise ValidationError(
            _("There is no unit named %(name)s.") % {"name": name}, code="no_host"
        )
    if len(found) > 1:
        raise ValidationError(
            _("There are several units named %(name)s.") % {"name": name}, code="many_hosts"
        )
    return found[0]


def _clear(competition: Competition) -> None:
    """Take the old definition away; refuse when something refers to it."""
    uses = [*queries.uses_of(competition), *_judging_uses(competition)]
    if uses:
        raise ValidationError(
            _("The definition of %(slug)s is in use and cannot be replaced: %(uses)s.")
            % {"slug": competition.slug, "uses": ", ".join(uses)},
            code="in_use",
        )
    for rows in ("stages", "rounds", "tracks", "objection_reasons", "tiers", "categories"):
        getattr(competition, rows).all().delete()


def _judging_uses(competition: Competition) -> list[str]:
    uses = []
    if competition.proposals.exists():
        uses.append(_("proposals"))
    stages = competition.stages.exclude(status=StageStatus.SETUP) | competition.stages.filter(
        panel__isnull=False
    )
    if stages.exists():
        uses.append(_("stages with a panel"))
    return uses


def _write_track(competition: Competition, row: Plain, *, order: int) -> None:
    track = Track.objects.create(
        competition=competition,
        key=row["key"],
        name=row["name"],
        description=row["description"],
        order=order,
    )
    Section.objects.bulk_create(Section(track=track, **part) for part in _ordered(row["sections"]))
    AttachmentSlot.objects.bulk_create(
        AttachmentSlot(track=track, **part) for part in _ordered(row["slots"])
    )
    EligibilityRule.objects.bulk_create(
        EligibilityRule(track=track, **part) for part in _ordered(row["rules"])
    )


def _write_round(competition: Competition, row: Plain, *, order: int, zone: ZoneInfo) -> Round:
    round_ = Round.objects.create(
        competition=competition,
        key=row["key"],
        kind=row["kind"],
        name=row["name"],
        starts_at=row["starts"].replace(tzinfo=zone),
        ends_at=row["ends"].replace(tzinfo=zone),
        order=order,
    )
    if "workshop" in row:
        Workshop.objects.create(round=round_, **row["workshop"])
    ReminderRule.objects.bulk_create(
        ReminderRule(round=round_, **rule) for rule in row["reminders"]
    )
    return round_


def _write_stage(competition: Competition, row: Plain, *, order: int, round_: Round) -> Stage:
    law = {name: value for name, value in row.items() if name not in STAGE_PARTS}
    weights = {key: f"{share.normalize():f}" for key, share in row["stage_weights"].items()}
    stage = Stage.objects.create(
        competition=competition, round=round_, order=order, **{**law, "stage_weights": weights}
    )
    Criterion.objects.bulk_create(
        Criterion(stage=stage, **{**part, "levels": _plain_levels(part["levels"])})
        for part in _ordered(row["criteria"])
    )
    Question.objects.bulk_create(
        Question(stage=stage, **part) for part in _ordered(row["questions"])
    )
    Panel.objects.bulk_create(Panel(stage=stage, **part) for part in row["panels"])
    return stage


def _write_timetable(stage: Stage, row: Plain, *, zone: ZoneInfo) -> None:
    frame = {name: value for name, value in row.items() if name != "days"}
    timetable = Timetable.objects.create(stage=stage, **frame)
    PresentationDay.objects.bulk_create(
        PresentationDay(
            timetable=timetable,
            starts_at=day["starts"].replace(tzinfo=zone),
            ends_at=day["ends"].replace(tzinfo=zone),
        )
        for day in row["days"]
    )


def _plain_levels(levels: list[Plain]) -> list[dict[str, str]]:
    return [
        {"value": f"{level['value'].normalize():f}", "label": level["label"]} for level in levels
    ]


def _ordered(rows: list[Plain]) -> list[dict[str, Any]]:
    return [{**row, "order": order} for order, row in enumerate(rows, start=1)]
