"""What follows when released results come out: the register, the mails, the end of the stage.

The pages themselves ask the clock. This may come moments later, and never earlier.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from judging.models import Publication
from judging.services.locks import lock_stage
from judging.services.telling import tell_entrants
from judging.workflow import STAGE_FLOW, StageMove
from proposals.services import Past, keep_awards


def unveil_due(*, at: datetime) -> int:
    """Everything whose embargo is over; two sweeps at once do each of them once."""
    due = Publication.objects.current(at=at).filter(unveiled_at=None)
    return sum(unveil(publication, by=None, at=at) for publication in due.order_by("pk"))


@transaction.atomic
def unveil(publication: Publication, *, by: User | None, at: datetime) -> int:
    """1 if this call did it; 0 if it was done, or withdrawn, meanwhile."""
    stage = lock_stage(publication.ranking.stage)
    due = Publication.objects.current(at=at).filter(pk=publication.pk, unveiled_at=None)
    if not due.update(unveiled_at=at):
        return 0
    publication.unveiled_at = at
    STAGE_FLOW.advance(stage, StageMove.PUBLISH)
    _enter_into_register(publication)
    tell_entrants(publication, at=at)
    record(by, "publication.unveiled", publication, at=at, number=publication.number)
    return 1


def _enter_into_register(publication: Publication) -> None:
    """Every tier reached, so that next year's rules find the win under any of their names."""
    competition = publication.competition
    names = dict(competition.tiers.values_list("key", "name"))
    awarded = publication.ranking.standings.exclude(tiers=[]).select_related("entry__proposal")
    keep_awards(
        {
            standing.entry.proposal.innovation_id: [
                Past(
                    competition.name,
                    competition.host.level,
                    competition.year,
                    names[key],
                    standing.entry.submission_id,
                )
                for key in standing.tiers
                if key in names
            ]
            for standing in awarded
        }
    )
