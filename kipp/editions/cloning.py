"""Next year from last year: the same definition with shifted dates, and the same committee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from competitions.models import CommitteeSeat, Competition, Extension
from kipp.editions.dumping import dump_edition
from kipp.editions.loading import load_edition
from kipp.editions.shape import Plain


@dataclass(frozen=True, slots=True)
class MovedRound:
    """Local times of the competition's zone, before and after."""

    name: str
    old_starts: datetime
    new_starts: datetime
    new_ends: datetime

    @property
    def shown_end(self) -> datetime:
        """Midnight is read as 23.59 of the day before."""
        at_midnight = self.new_ends.time() == time.min
        return self.new_ends - timedelta(minutes=1) if at_midnight else self.new_ends


@transaction.atomic
def clone_edition(
    source: Competition,
    *,
    name: str,
    year: int,
    slug: str,
    first_day: date,
    by: User,
    at: datetime,
) -> Competition:
    """A draft with everything of the definition and nobody's proposals."""
    if Competition.objects.filter(slug=slug).exists():
        raise ValidationError(
            {"slug": _("There is a competition with this short address already.")}
        )
    definition = shift_rounds(planned_edition(source), first_day=first_day)
    definition["competition"].update(name=name, year=year, slug=slug)
    competition = load_edition(definition, host=source.host, by=by, at=at)
    Competition.objects.filter(pk=competition.pk).update(cloned_from=source)
    CommitteeSeat.objects.bulk_create(
        CommitteeSeat(competition=competition, user_id=seat.user_id, role=seat.role)
        for seat in source.committee.all()
    )
    audit.record(by, "competition.cloned", competition, at=at, source=source.slug)
    return competition


def planned_edition(source: Competition) -> Plain:
    """The definition with the ends that were planned: last year's extensions are not repeated."""
    zone = ZoneInfo(source.time_zone)
    first = Extension.objects.filter(round__competition=source, unit=None).order_by(
        "round_id", "granted_at", "pk"
    )
    planned = dict(first.distinct("round_id").values_list("round__key", "old_ends_at"))
    definition = dump_edition(source)
    rounds = [
        {**row, "ends": planned[row["key"]].astimezone(zone).replace(tzinfo=None)}
        if row["key"] in planned
        else row
        for row in definition["rounds"]
    ]
    return {**definition, "rounds": rounds}


def shift_rounds(definition: Plain, *, first_day: date) -> Plain:
    """The definition with its first round on `first_day`; times of day stay."""
    rounds = definition["rounds"]
    if not rounds:
        return definition
    by_days = timedelta(days=(first_day - min(row["starts"] for row in rounds).date()).days)
    return move_dates(definition, by=by_days)


def move_dates(definition: Plain, *, by: timedelta) -> Plain:
    """Every date of the definition by whole days of the local calendar."""
    stages = [
        {**stage, "timetable": {**frame, "days": _moved(frame["days"], by=by)}}
        if (frame := stage.get("timetable"))
        else stage
        for stage in definition.get("stages", [])
    ]
    return {**definition, "rounds": _moved(definition["rounds"], by=by), "stages": stages}


def _moved(rows: list[Plain], *, by: timedelta) -> list[Plain]:
    return [{**row, "starts": row["starts"] + by, "ends": row["ends"] + by} for row in rows]


def preview_rounds(source: Competition, *, first_day: date) -> list[MovedRound]:
    old = planned_edition(source)
    new = shift_rounds(old, first_day=first_day)
    return [
        MovedRound(before["name"], before["starts"], after["starts"], after["ends"])
        for before, after in zip(old["rounds"], new["rounds"], strict=True)
    ]
