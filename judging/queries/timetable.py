"""The timetable as pages and the generator read it; names are those of the frozen copies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from competitions.roles import Actor
from judging.models import Absence, Assignment, Entry, Panelist, Slot, Stage, Timetable, Wish
from judging.scheduling import Absence as Away
from judging.scheduling import Place, Span, Team, Unmet, Want, clashes_of, unmet_at
from judging.scheduling import Wish as Asked
from judging.workflow import SLOT_FLOW, SLOT_TONES, AssignmentStatus, SlotStatus, StageStatus
from kipp.lib import clock
from kipp.lib.together import ask_together
from proposals.models import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A slot with its team's names, and what it fails to give."""

    slot: Slot
    title: str
    unit: str
    time: str
    unmet: Sequence[str] = ()

    @property
    def moves(self) -> frozenset[str]:
        """What could happen next on the day itself."""
        return SLOT_FLOW.actions_from(self.slot.status) if self.slot.entry_id else frozenset()

    @property
    def tone(self) -> str:
        return SLOT_TONES[self.slot.status]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomDay:
    """One sheet of paper at one door."""

    day: date
    room: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Of one stage: who is wanted where, and who cannot."""

    teams: Mapping[int, Team]
    titles: Mapping[int, str]
    absences: Sequence[Away]
    judges: Mapping[str, str]
    zone: ZoneInfo

    def unmet(self, slot: Slot, entry: int | None) -> list[str]:
        """What the slot would not give to this team, in words."""
        if entry is None:
            return []
        span = _span(slot.starts_at, slot.ends_at, self.zone)
        broken = unmet_at(self.teams[entry], span, absences=self.absences)
        return [sentence(each, judges=self.judges) for each in broken]

    def broken_in(self, *placings: tuple[Slot, int | None]) -> set[str]:
        return {
            f"{self.titles[entry]}: {words}"
            for slot, entry in placings
            if entry
            for words in self.unmet(slot, entry)
        }

    def clashes(self, slots: Sequence[Slot], changed: Mapping[int, int | None]) -> list[str]:
        """Judges who would sit in two rooms if these slots had these teams."""
        placed = [
            (self.teams[entry], Place(_span(slot.starts_at, slot.ends_at, self.zone), slot.room))
            for slot in slots
            if (entry := changed.get(slot.pk, slot.entry_id))
        ]
        moved = {self.teams[entry].key for entry in changed.values() if entry}
        return [
            _("%(judges)s would have to sit in two rooms at once.")
            % {"judges": ", ".join(sorted(self.judges[judge] for judge in shared))}
            for team, other, shared in clashes_of(placed)
            if {team.key, other.key} & moved
        ]


def known_of(stage: Stage) -> Known:
    titles = stage.entries.values_list("pk", "submission__title")
    *teams, absences, judges, titled = ask_together(
        *_of_teams(stage), _absent(stage), _names(stage), titles
    )
    return Known(
        teams=_teams(*teams),
        titles=dict(titled),
        absences=_away(absences, zone=zone_of(stage)),
        judges={str(pk): name for pk, name in judges},
        zone=zone_of(stage),
    )


@dataclass(frozen=True, slots=True)
class Effect:
    """What a swap would break and mend; with a refusal it cannot be done."""

    broken: Sequence[str]
    mended: Sequence[str]
    refusals: Sequence[str]


def zone_of(stage: Stage) -> ZoneInfo:
    return ZoneInfo(stage.competition.time_zone)


def spans_of(timetable: Timetable) -> list[Span]:
    zone = zone_of(timetable.stage)
    return [_span(day.starts_at, day.ends_at, zone) for day in timetable.days.all()]


def _span(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> Span:
    return Span(starts_at.astimezone(zone), ends_at.astimezone(zone))


def teams_of(stage: Stage) -> dict[int, Team]:
    """By the entry's number; the receipt is the key, so that the draw does not hang on numbers."""
    return _teams(*ask_together(*_of_teams(stage)))


def _of_teams(stage: Stage) -> tuple[QuerySet[Any, Any], ...]:
    sheets = Assignment.objects.filter(entry__stage=stage).exclude(status=AssignmentStatus.RECUSED)
    entries = stage.entries.order_by("pk").values_list("pk", "submission__receipt")
    wishes = Wish.objects.filter(entry__stage=stage)
    return entries, sheets.values_list("entry_id", "panelist_id"), wishes


def _teams(
    entries: Iterable[Any], sheets: Iterable[Any], wishes: Iterable[Wish]
) -> dict[int, Team]:
    judges: dict[int, set[str]] = defaultdict(set)
    for entry, panelist in sheets:
        judges[entry].add(str(panelist))
    asked: dict[int, list[Asked]] = defaultdict(list)
    for wish in wishes:
        asked[wish.entry_id].append(Asked(Want(wish.want), wish.day, wish.clock))
    return {pk: Team(receipt, frozenset(judges[pk]), tuple(asked[pk])) for pk, receipt in entries}


def absences_of(stage: Stage) -> list[Away]:
    return _away(_absent(stage), zone=zone_of(stage))


def _absent(stage: Stage) -> QuerySet[Absence]:
    return Absence.objects.filter(panelist__stage=stage)


def _away(rows: Iterable[Absence], *, zone: ZoneInfo) -> list[Away]:
    return [Away(str(row.panelist_id), _span(row.starts_at, row.ends_at, zone)) for row in rows]


def slots_of(timetable: Timetable) -> QuerySet[Slot]:
    return (
        Slot.objects.filter(timetable=timetable)
        .select_related("entry")
        .annotate(title=F("entry__submission__title"), unit=F("entry__submission__unit_name"))
        .order_by("starts_at", "room")
    )


def lines_of(timetable: Timetable) -> list[Line]:
    """Without what is unmet: for whoever only reads where and when."""
    zone = timetable.stage.competition.time_zone
    return [_line(slot, zone=zone) for slot in slots_of(timetable)]


def judged_lines_of(timetable: Timetable) -> list[Line]:
    """With the wishes and absences that the slot does not respect, in words."""
    known, zone = known_of(timetable.stage), timetable.stage.competition.time_zone
    return [
        _line(slot, zone=zone, unmet=known.unmet(slot, slot.entry_id))
        for slot in slots_of(timetable)
    ]


def _line(slot: Slot, *, zone: str, unmet: Sequence[str] = ()) -> Line:
    starts, ends = (each.astimezone(ZoneInfo(zone)) for each in (slot.starts_at, slot.ends_at))
    return Line(
        slot=slot,
        title=getattr(slot, "title", None) or "",
        unit=getattr(slot, "unit", None) or "",
        time=f"{starts:%H.%M}\u2013{ends:%H.%M}",
        unmet=unmet,
    )


def by_room_and_day(lines: Iterable[Line], *, zone: str) -> list[RoomDay]:
    doors: dict[tuple[date, str], list[Line]] = defaultdict(list)
    for line in lines:
        day = line.slot.starts_at.astimezone(ZoneInfo(zone)).date()
        doors[day, line.slot.room].append(line)
    return [RoomDay(day=day, room=room, lines=doors[day, room]) for day, room in sorted(doors)]


def left_over(timetable: Timetable) -> QuerySet[Entry]:
    """Teams of the stage without a slot."""
    return timetable.stage.entries.filter(slot=None).select_related("proposal__unit")


def _names(stage: Stage) -> QuerySet[Panelist, Any]:
    return Panelist.objects.filter(stage=stage).values_list("pk", "user__full_name")


def sentence(unmet: Unmet, *, judges: Mapping[str, str]) -> str:
    if unmet.want is Want.JUDGE:
        return _("%(judge)s cannot be there.") % {"judge": judges.get(unmet.judge, "?")}
    if unmet.want is Want.NOT_ON and unmet.day:
        return _("Asked not to come on %(day)s.") % {"day": clock.show_date(unmet.day)}
    hour = f"{unmet.clock:%H.%M}"
    if unmet.want is Want.NOT_BEFORE:
        return _("Asked not to come before %(hour)s.") % {"hour": hour}
    return _("Asked to be done by %(hour)s.") % {"hour": hour}


def wish_sentence(wish: Wish) -> str:
    return sentence(Unmet("", Want(wish.want), wish.day, wish.clock), judges={})


def swap_effect(timetable: Timetable, first: Slot, second: Slot) -> Effect:
    """Of changing the teams of two slots, one of which may be free."""
    known = known_of(timetable.stage)
    slots = list(slots_of(timetable))
    changed = {first.pk: second.entry_id, second.pk: first.entry_id}
    before = known.broken_in((first, first.entry_id), (second, second.entry_id))
    after = known.broken_in((first, second.entry_id), (second, first.entry_id))
    return Effect(
        broken=sorted(after - before),
        mended=sorted(before - after),
        refusals=known.clashes(slots, changed),
    )


def now_and_next(lines: Sequence[Line]) -> dict[str, tuple[Line | None, Line | None]]:
    """Per room: who presents, and who comes then."""
    found: dict[str, tuple[Line | None, Line | None]] = {}
    for room in sorted({line.slot.room for line in lines}):
        own = [line for line in lines if line.slot.room == room and line.slot.entry_id]
        running = next((line for line in own if line.slot.status == SlotStatus.NOW), None)
        coming = next((line for line in own if line.slot.status == SlotStatus.WAITING), None)
        found[room] = (running, coming)
    return found


def own_lines(actor: Actor, stage: Stage) -> list[Line]:
    """When a judge hears whom, once the timetable is released: of sheets that the judge has."""
    timetable = Timetable.objects.filter(stage=stage, released_at__isnull=False).first()
    if timetable is None:
        return []
    own = Assignment.objects.visible_to(actor).filter(entry__stage=stage)
    heard = own.exclude(status=AssignmentStatus.RECUSED).values("entry")
    zone = stage.competition.time_zone
    return [_line(slot, zone=zone) for slot in slots_of(timetable).filter(entry__in=heard)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """A proposal in one presentation stage; the slot is shown once it is released."""

    entry: Entry
    timetable: Timetable
    line: Line | None
    wishes: Sequence[tuple[int, str]]

    @property
    def takes_wishes(self) -> bool:
        is_open = self.timetable.stage.status == StageStatus.OPEN
        return is_open and not self.timetable.is_released


def appearances_of(proposal: Proposal) -> list[Appearance]:
    entries = Entry.objects.filter(proposal=proposal, stage__timetable__isnull=False)
    rows = entries.select_related("stage__timetable__stage__competition").order_by("stage__order")
    return [_appearance(entry) for entry in rows]


def _appearance(entry: Entry) -> Appearance:
    timetable: Timetable = entry.stage.timetable
    slot = slots_of(timetable).filter(entry=entry).first() if timetable.is_released else None
    zone = timetable.stage.competition.time_zone
    return Appearance(
        entry=entry,
        timetable=timetable,
        line=_line(slot, zone=zone) if slot else None,
        wishes=[(wish.pk, wish_sentence(wish)) for wish in entry.wishes.all()],
    )
