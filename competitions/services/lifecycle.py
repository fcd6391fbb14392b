"""From draft to published to archived, and what the committee tells the public in between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.models import User
from competitions import queries
from competitions.models import Announcement, Competition
from competitions.services.setup import STALE, hold_for_setup
from competitions.workflow import COMPETITION_FLOW, CompetitionMove
from kipp.lib.twins import refuse_twin


@transaction.atomic
def publish_competition(
    competition: Competition, *, by: User, at: datetime, also_missing: Sequence[str] = ()
) -> None:
    """Show it to everybody. Raises ValidationError(code="not_ready") with all that is missing.

    `also_missing` is what the floors above miss, such as the stages of the judging.
    """
    hold_for_setup(competition)
    COMPETITION_FLOW.check(competition.status, CompetitionMove.PUBLISH)
    missing = [*queries.missing_for_publication(competition), *also_missing]
    if missing:
        raise ValidationError([ValidationError(text, code="not_ready") for text in missing])
    COMPETITION_FLOW.advance(competition, CompetitionMove.PUBLISH)
    audit.record(by, "competition.published", competition, at=at)


@transaction.atomic
def archive_competition(competition: Competition, *, by: User, at: datetime) -> None:
    """Close the book: it stays readable and nothing in it changes any more."""
    COMPETITION_FLOW.advance(competition, CompetitionMove.ARCHIVE)
    audit.record(by, "competition.archived", competition, at=at)


@transaction.atomic
def announce(
    competition: Competition, *, by: User, at: datetime, title: str, body: str
) -> Announcement:
    held = hold_for_setup(competition)
    announcement = Announcement(
        competition=held, title=title, body=body, published_at=at, published_by=by
    )
    announcement.full_clean()
    refuse_twin(
        announcement,
        among=held.announcements.all(),
        apart_from={"published_at", "published_by", "version"},
    )
    announcement.save(force_insert=True)
    audit.record(by, "competition.announced", held, at=at, title=title)
    return announcement


@transaction.atomic
def change_announcement(
    announcement: Announcement, *, by: User, at: datetime, version: int, title: str, body: str
) -> None:
    held = hold_for_setup(announcement.competition)
    announcement.title, announcement.body = title, body
    announcement.full_clean()
    rows = Announcement.objects.filter(pk=announcement.pk, version=version)
    if not rows.update(title=title, body=body, version=F("version") + 1):
        raise ValidationError(STALE, code="stale")
    audit.record(by, "competition.announcement_changed", held, at=at, title=title)


@transaction.atomic
def remove_announcement(announcement: Announcement, *, by: User, at: datetime) -> None:
    held = hold_for_setup(announcement.competition)
    deleted, _rows = Announcement.objects.filter(pk=announcement.pk).delete()
    if not deleted:
        raise ValidationError(STALE, code="stale")
    audit.record(by, "competition.announcement_removed", held, at=at, title=announcement.title)
