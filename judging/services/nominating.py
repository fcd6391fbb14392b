from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from competitions.models import Track
from judging.models import Award
from judging.queries.nominating import competitions_above
from judging.workflow import PublicationStatus
from proposals import services as proposals
from proposals.models import Proposal


@transaction.atomic
def nominate_winner(award: Award, *, track: Track, by: User, at: datetime) -> Proposal:
    """Carry an awarded proposal into a competition of a host above this one.

    The unit gets a draft there with the texts that were judged, which the host of this competition
    endorses.
    """
    publication = award.publication
    if publication.status != PublicationStatus.RELEASED or publication.unveiled_at is None:
        raise ValidationError(_("Only a released award can be nominated."), code="not_released")
    if track.competition not in competitions_above(award.publication.competition):
        raise ValidationError(
            _("This competition does not stand above the one that was won."), code="not_above"
        )
    innovation, unit = award.proposal.innovation, award.proposal.unit.carrier
    draft = proposals.start_proposal(innovation, track=track, unit=unit, by=by, at=at)
    standings = award.publication.ranking.standings.select_related("entry__submission")
    judged = standings.get(entry__proposal=award.proposal_id).entry.submission
    proposals.carry_content(draft, source=judged, by=by, at=at)
    record(
        by,
        "award.nominated",
        award.publication,
        at=at,
        name=f"{award.title}: {track.competition}",
        award=award.pk,
        proposal=draft.pk,
    )
    return draft
