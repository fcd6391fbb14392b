"""Telling everybody who passed the screening."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from competitions.models import Competition
from competitions.services import announce
from proposals.models import ScreeningNotice
from proposals.queries.outcome import outcome_of, passed_in

# A number such as B/[1] must not end the link's label.
PLAIN = str.maketrans({"[": "(", "]": ")", "\\": "/"})


class News(TypedDict):
    title: str
    body: str


@transaction.atomic
def announce_screening(
    competition: Competition, *, number: str, signer: str, by: User, at: datetime
) -> ScreeningNotice:
    """Publish the list as it stands; code `undecided` while anything waits for a decision.

    The competition's page tells of it like of any announcement, in Indonesian as the list is.
    """
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
    with translation.override("id"):
        announce(competition, by=by, at=at, **_news(notice))
    record(by, "screening.announced", competition, at=at, number=number, passed=outcome.passed)
    return notice


def _news(notice: ScreeningNotice) -> News:
    link = reverse("proposals:screening-notice", args=[notice.competition.slug])
    told = {"number": notice.number, "passed": len(notice.passed), "failed": notice.failed_count}
    counts = gettext("%(passed)s proposals passed, %(failed)s did not.") % told
    label = gettext("Announcement %(number)s: the list of those who passed") % told
    return {
        "title": gettext("Passed the administrative screening"),
        "body": f"{counts}\n\n[{label.translate(PLAIN)}]({link})",
    }
