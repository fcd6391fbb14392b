"""Objections to released results: who may make one, who may answer it, how many there were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from competitions import timeline
from competitions.models import CommitteeSeat, Competition, Round
from competitions.queries import effective_end
from competitions.roles import Actor
from judging.models import Objection, Panelist, Publication, Ranking
from judging.workflow import ObjectionStatus
from kipp.lib.prepared import Prepared, given
from proposals.models import Opinion, Proposal, Screening


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When objections are taken; `ends_at` is exclusive and counts extensions for all."""

    starts_at: datetime
    ends_at: datetime

    def is_open(self, at: datetime) -> bool:
        return timeline.state_at(self.starts_at, self.ends_at, at=at) is timeline.State.OPEN


@dataclass(frozen=True, slots=True)
class Officer:
    """A person of the committee, and why this one may not answer; nothing: may."""

    user: User
    bars: tuple[str, ...]


def window_of(competition: Competition) -> Window | None:
    """None where the edition has no round for objections."""
    rows = ROUND.ask(competition=competition.pk)
    if not rows:
        return None
    starts_at, ends_at, *_shift = rows[0]
    shifts = [timeline.Shift(old, new, path) for _start, _end, old, new, path in rows if new]
    return Window(starts_at=starts_at, ends_at=timeline.effective_end(ends_at, shifts))


# A competition has at most one; it comes once with each of its extensions, in their order.
ROUND = Prepared(
    lambda: (
        Round.objects.filter(competition=given("competition"), kind=Round.Kind.OBJECTION)
        .order_by("extensions__granted_at", "extensions__pk")
        .values_list(
            "starts_at",
            "ends_at",
            "extensions__old_ends_at",
            "extensions__new_ends_at",
            "extensions__unit__path",
        )
    )
)


def window_from(round_: Round) -> Window:
    return Window(starts_at=round_.starts_at, ends_at=effective_end(round_))


def took_part(actor: Actor, publication: Publication) -> bool:
    """Authors and endorsers of what stood in the ranking."""
    if not actor.is_unit_staff:
        return False
    judged = Proposal.objects.filter(entries__standings__ranking=publication.ranking_id)
    own = Q(unit__in=actor.author_of) | Q(endorsing_unit__in=actor.endorser_of)
    return judged.filter(own).exists()


def counts_of(competition: Competition) -> dict[str, int]:
    """For everybody: how many came and what became of them."""
    counted = dict(COUNTS.ask(competition=competition.pk))
    by_status = {status.value: counted.get(status.value, 0) for status in ObjectionStatus}
    return {"received": sum(by_status.values()), **by_status}


COUNTS = Prepared(
    lambda: (
        Objection.objects.filter(publication__competition=given("competition"))
        .order_by()
        .values_list("status")
        .annotate(Count("pk"))
    )
)


def officers_for(objection: Objection) -> list[Officer]:
    """Everybody of the committee, those who may answer first."""
    seats = CommitteeSeat.objects.filter(competition=objection.publication.competition_id)
    people = User.objects.filter(pk__in=seats.values("user"), is_active=True)
    found = [Officer(user, tuple(bars_of(user, objection))) for user in people]
    return sorted(found, key=lambda officer: (bool(officer.bars), officer.user.full_name))


def bars_of(user: User, objection: Objection) -> Iterator[str]:
    """Each way in which the person had a hand in what is objected to."""
    publication = objection.publication
    judged = Panelist.objects.filter(
        stage__competition=publication.competition_id, user=user
    ).values_list("stage__name", flat=True)
    yield from (_("judged in the stage %(stage)s") % {"stage": stage} for stage in judged)
    if _screened(user, publication.competition_id):
        yield _("screened proposals")
    if publication.proposed_by_id == user.pk:
        yield _("proposed these results")
    if publication.released_by_id == user.pk:
        yield _("released these results")
    if Ranking.objects.filter(
        stage__competition=publication.competition_id, frozen_by=user
    ).exists():
        yield _("closed a stage and froze its ranking")
    if objection.made_by_id == user.pk or objection.contact.casefold() == user.email.casefold():
        yield _("made this objection")
    if objection.proposal is not None and _belongs(user, objection.proposal):
        yield _("belongs to the unit of this proposal, or to one above or below it")


def _screened(user: User, competition_id: int) -> bool:
    of_year = {"submission__proposal__competition": competition_id, "decided_by": user}
    return (
        Screening.objects.filter(**of_year).exists() or Opinion.objects.filter(**of_year).exists()
    )


def _belongs(user: User, proposal: Proposal) -> bool:
    own = Membership.objects.current().filter(user=user).values_list("unit__path", flat=True)
    path = proposal.unit.path
    return any(path.startswith(each) or each.startswith(path) for each in own)
