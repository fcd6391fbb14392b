"""A city with a stage that is ready to open: shared by the tests of judging."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.urls import reverse

from accounts.audit import trail_of
from accounts.models import AuditEntry, Unit, User
from competitions.models import CommitteeSeat, Competition, Tier
from judging import services
from judging.invariants import INVARIANTS
from judging.models import Assignment, Publication, Ranking, Stage
from judging.services import Sheet
from tests import make
from tests.kept import kept

WEIGHTS = {"signifikansi": "60", "kebaruan": "40"}


@dataclass(frozen=True, slots=True)
class City:
    competition: Competition
    stage: Stage
    chair: User
    organizer: User
    judges: list[User]
    agencies: list[Unit]

    def sheet(self, judge: User, number: int) -> Assignment:
        """The judge's sheet of agency `number`'s proposal."""
        return Assignment.objects.select_related("entry__stage", "panelist").get(
            panelist__user=judge, entry__proposal__unit=self.agencies[number]
        )

    def score(self, judge: User, number: int, *values: str) -> Assignment:
        """Declare, fill in and submit."""
        sheet = self.sheet(judge, number)
        services.declare_no_conflict(sheet, by=judge, at=make.NOON)
        services.submit_scorecard(
            sheet, sheet=marks(*values), version=sheet.version, by=judge, at=make.NOON
        )
        return sheet


def marks(*values: str) -> Sheet:
    return Sheet(values=dict(zip(WEIGHTS, map(Decimal, values), strict=True)))


@kept
def city(
    *, judges: int = 2, entries: int = 3, name: str = "Kota Malang", **stage_fields: Any
) -> City:
    host = make.unit(name, level="government")
    competition = make.competition(host=host)
    Tier.objects.create(competition=competition, key="top2", name="Top 2", size=2)
    Tier.objects.create(competition=competition, key="top1", name="Top 1", size=1)
    chair, organizer = make.user("Ketua"), make.user("Panitia")
    make.seat(chair, competition, CommitteeSeat.Role.CHAIR)
    make.seat(organizer, competition, CommitteeSeat.Role.ORGANIZER)
    track = make.track(competition)
    agencies = [make.unit(f"Dinas {number:02}", parent=host) for number in range(entries)]
    for agency in agencies:
        make.submission(agency, track, f"Inovasi {agency.name}")
    stage = make.stage(competition, **stage_fields)
    for key, weight in WEIGHTS.items():
        make.criterion(stage, key, weight)
    panel = [make.user(f"Juri {number}") for number in range(judges)]
    for judge in panel:
        services.seat_panelist(stage, user=judge, by=chair, at=make.NOON)
    return City(competition, stage, chair, organizer, panel, agencies)


@kept
def opened(**fields: Any) -> City:
    made = city(**fields)
    stage = services.open_stage(made.stage, by=made.chair, at=make.NOON, seed=7)
    return City(made.competition, stage, made.chair, made.organizer, made.judges, made.agencies)


@kept
def closed(**fields: Any) -> tuple[City, Ranking]:
    """Every judge gives agency 0 the most and each next one less."""
    made = opened(**fields)
    for judge in made.judges:
        for number in range(len(made.agencies)):
            made.score(judge, number, str(90 - number), str(80 - number))
    ranking = services.close_stage(made.stage, by=made.chair, at=make.NOON)
    return City(
        made.competition, ranking.stage, made.chair, made.organizer, made.judges, made.agencies
    ), ranking


@kept
def tied(**fields: object) -> tuple[City, Ranking]:
    """Four entries: 1 leads, 0, 2 and 3 share the second place; Top 2 and Top 1 are awarded."""
    made = opened(judges=1, entries=4, **{"tie_break": ["median", "panel"], **fields})
    for number, value in enumerate(("80", "90", "80", "80")):
        made.score(made.judges[0], number, value, value)
    return made, services.close_stage(made.stage, by=made.chair, at=make.NOON)


def find_offenders() -> list[str]:
    return [sentence for check in INVARIANTS for sentence in check(make.NOON)]


def propose(made: City) -> Publication:
    return services.propose_publication(
        made.stage,
        decree_number="188.45/1/2026",
        decree_on=date(2026, 3, 2),
        by=made.organizer,
        at=make.NOON,
    )


def code_of(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return str(error.value.error_list[0].code)


def last_entry(subject: Model) -> AuditEntry:
    entry = trail_of(subject).last()
    assert entry is not None
    return entry


def at(made: City, name: str, *more: object) -> str:
    return reverse(f"judging:{name}", args=[made.competition.slug, made.stage.key, *more])


@kept
def published(*, entries: int = 3) -> tuple[City, Publication]:
    made, _ranking = closed(entries=entries)
    publication = services.propose_publication(
        made.stage,
        decree_number="188.45/1/2026",
        decree_on=date(2026, 3, 2),
        by=made.organizer,
        at=make.NOON,
    )
    services.release_publication(publication, by=made.chair, at=make.NOON)
    return made, publication
