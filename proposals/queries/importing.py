"""What a sheet is held against: the units within reach, the form, what is there already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from accounts.models import Unit
from accounts.queries import carriers_in, successions
from competitions.models import CommitteeSeat, Competition, Track
from competitions.roles import Actor
from proposals.importing import Asked, title_key
from proposals.importing_history import Known, Register, won_key
from proposals.models import EarlierAward, Innovation, Proposal
from proposals.workflow import ProposalStatus

RUNNERS = frozenset({CommitteeSeat.Role.ORGANIZER, CommitteeSeat.Role.CHAIR})


def places_in(competition: Competition, *, paths: Collection[str]) -> QuerySet[Unit]:
    """Units that may take part in it, at or below these paths of the tree."""
    host = competition.host
    below = Unit.objects.filter(ended_on=None, path__startswith=host.path).exclude(pk=host.pk)
    return below.filter(_within(paths))


def asked_of(track: Track, units: Collection[Unit]) -> Asked:
    """Titles of other units' drafts stay unknown: only what these units have is looked at."""
    reach = Unit.objects.filter(pk__in=[unit.pk for unit in units])
    own = Innovation.objects.filter(unit__in=reach.with_former())
    entered = Proposal.objects.filter(competition=track.competition_id, innovation__in=own)
    entered = entered.exclude(status=ProposalStatus.WITHDRAWN)
    video = track.rules.filter(kind="video").first()
    return Asked(
        sections=list(track.sections.all()),
        categories=list(track.competition.categories.all()),
        video_hosts=video.items if video else (),
        known={(unit_id, title): pk for (unit_id, title), pk in _known(own).items() if unit_id},
        entered=frozenset(entered.values_list("innovation", flat=True)),
    )


def may_import_history(actor: Actor) -> bool:
    if not actor.user:
        return False
    may_reach = bool(actor.endorser_of or actor.seats)
    return actor.user.is_staff or (may_reach and history_places(actor).exists())


def history_places(actor: Actor) -> QuerySet[Unit]:
    """Also units that have ended: below a government one endorses for, or whose contest one runs.

    The administrator reaches all of them.
    """
    if actor.user and actor.user.is_staff:
        return Unit.objects.all()
    run = [pk for pk, roles in actor.seats.items() if roles & RUNNERS]
    hosts = Unit.objects.filter(
        Q(competitions__in=run) | Q(pk__in=actor.endorser_of, level=Unit.Level.GOVERNMENT)
    )
    return Unit.objects.filter(_within(hosts.values_list("path", flat=True)))


def register_now() -> Register:
    awards: defaultdict[int, set[tuple[str, int | None, str]]] = defaultdict(set)
    rows = EarlierAward.objects.values_list("innovation", "contest", "year", "tier")
    for pk, contest, year, tier in rows:
        awards[pk].add(won_key(contest, year, tier))
    return Register(
        known=_known(Innovation.objects.all()),
        awards={pk: frozenset(won) for pk, won in awards.items()},
    )


def _known(innovations: QuerySet[Innovation]) -> dict[Known, int]:
    """By unit and title; what an ended unit had made also under its successor, whose own comes
    first."""
    carriers = carriers_in(successions())
    own: dict[Known, int] = {}
    carried: dict[Known, int] = {}
    for pk, unit_id, title in innovations.values_list("pk", "unit_id", "title"):
        own[unit_id, title_key(title)] = pk
        if unit_id in carriers:
            carried[carriers[unit_id][-1], title_key(title)] = pk
    return carried | own


def _within(paths: Iterable[str]) -> Q:
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= Q(path__startswith=path)
    return wanted
