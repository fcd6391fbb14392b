"""Who hears by mail that results are proposed, out, or taken back."""

from __future__ import annotations

from datetime import datetime

from accounts import mail
from accounts.models import User
from competitions.models import CommitteeSeat
from judging.models import Publication
from judging.queries.publishing import people_told


def tell_releasers(publication: Publication, *, at: datetime) -> None:
    seats = CommitteeSeat.objects.filter(
        competition_id=publication.competition_id,
        role__in=[CommitteeSeat.Role.CHAIR, CommitteeSeat.Role.ORGANIZER],
    ).exclude(user_id=publication.proposed_by_id)
    for user in User.objects.filter(pk__in=seats.values("user_id")):
        _tell("results_proposed", user, publication, at=at)


def tell_entrants(publication: Publication, *, at: datetime) -> None:
    awards = {award.proposal_id: award for award in publication.awards.all()}
    told = people_told(publication.competition)
    for user, proposals in told.items():
        own = [(proposal, awards.get(proposal.pk)) for proposal in proposals]
        _tell("results_released", user, publication, at=at, proposals=own)


def tell_withdrawal(publication: Publication, *, at: datetime) -> None:
    for user in people_told(publication.competition):
        _tell("results_withdrawn", user, publication, at=at)


def _tell(
    kind: str, user: User, publication: Publication, *, at: datetime, **context: object
) -> None:
    mail.send_later(
        kind,
        user,
        dedupe_key=f"{kind}:{publication.pk}:{user.pk}",
        at=at,
        context={"publication": publication, "competition": publication.competition, **context},
        about=publication,
    )
