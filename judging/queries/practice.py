"""A made-up proposal in the stage's own form, to try the scorecard with. Nothing here is stored."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from competitions.models import Section
from competitions.roles import Actor
from judging.models import Criterion, Stage
from judging.queries.reading import Reading, ReadSection
from judging.workflow import SeatStatus, StageStatus
from proposals.content import FrozenClaim
from proposals.ledger import ledger_rows

TRYING = (SeatStatus.INVITED, SeatStatus.ACCEPTED, SeatStatus.LEFT)


def practice_stages(actor: Actor) -> QuerySet[Stage]:
    """Stages, also those being set up, that the person runs or judges."""
    seats = Q(competition_id__in=actor.seats)
    return Stage.objects.filter(seats | _own(actor)).distinct()


def coming_stages(actor: Actor) -> QuerySet[Stage]:
    """Stages that have not opened, with the person on the panel."""
    coming = Stage.objects.filter(_own(actor), status=StageStatus.SETUP)
    return coming.select_related("competition", "round").order_by("round__starts_at", "pk")


def _own(actor: Actor) -> Q:
    return Q(panel__user_id=actor.user_id, panel__status__in=TRYING)


def sample_reading(stage: Stage, *, criteria: list[Criterion]) -> Reading:
    """The sections are those of the competition's first form."""
    track = stage.competition.tracks.prefetch_related("sections").first()
    sections = list(track.sections.all()) if track else []
    return Reading(
        title=_("Queue from home (sample)"),
        expansion=_("A made-up proposal, to try the scorecard with"),
        unit=_("Sample health centre"),
        agency=_("Sample health agency"),
        facts=(("track", track.name),) if track else (),
        video_url="",
        sections=tuple(_section(each, criteria=criteria) for each in sections),
        files=(),
        team=(),
        claims=tuple(ledger_rows([_claim()])),
    )


def _section(section: Section, *, criteria: list[Criterion]) -> ReadSection:
    text = _(
        "Here stands what the unit wrote under “%(label)s”, at most %(limit)s words. In this sample"
        " people take a number from home and come when it is their turn, so that nobody waits in"
        " the corridor."
    )
    return ReadSection(
        key=section.key,
        label=str(section),
        text=text % {"label": section.label, "limit": section.word_limit},
        criteria=tuple(str(each) for each in criteria if each.section_key == section.key),
    )


def _claim() -> FrozenClaim:
    return FrozenClaim(
        key=1,
        indicator=_("Waiting time"),
        before="95",
        after="21",
        measure=_("minutes"),
        better="lower",
        period="2018–2019",
        method=_("Record of the counter"),
        source=None,
    )
