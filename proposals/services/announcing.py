"""Telling everybody who passed the screening."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from competitions.models import Competition
from proposals.models import ScreeningNotice
from proposals.queries.outcome import outcome_of, passed_in


@transaction.atomic
def announce_screening(
    competition: Competition, *, number: str, signer: str, by: User, at: datetime
) -> ScreeningNotice:
    """Publish the list as it stands; code `undecided` while anything waits for a decision."""
    Competition.objects.select_for_update(no_key=True).get(pk=competition.pk)
    outcome = outcome_of(competition)
    if outcome.waiting or not (outcome.passed or outcome.failed):
        raise ValidationError(
            _("Decide every proposal first: %(count)d are still open."),
            code="undecided",
            params={"count": outcome.waiting},
        )
    notice = ScreeningNotice(
        competition=competition,
        number=number,
        signer=signer,
        passed=passed_in(competition),
        failed_count=outcome.failed,
        announced_by=by,
        announced_at=at,
    )
    notice.full_clean()
    notice.save(force_insert=True)
    record(by, "screening.announced", competition, at=at, number=number, passed=outcome.passed)
    return notice
