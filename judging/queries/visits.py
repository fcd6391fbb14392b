"""What a field team sees on the spot, and what of it later judges read."""

from __future__ import annotations

from typing import cast

from django.db.models import Count, F, QuerySet

from judging.models import Assignment, Entry, Stage, Visit
from proposals.content import FieldReport, FrozenPhoto
from proposals.ledger import LedgerRow, ledger_rows


def visit_of(sheet: Assignment) -> Visit | None:
    return Visit.objects.filter(entry=sheet.entry_id).select_related("saved_by").first()


def claims_on_site(sheet: Assignment) -> list[LedgerRow]:
    submission = sheet.entry.submission
    return list(ledger_rows(submission.content["claims"], checks=submission.claim_checks))


def reports_for(sheet: Assignment) -> list[FieldReport]:
    """Handed in for stages before the reader's own; they lie beside the sealed content."""
    reports = cast("list[FieldReport]", sheet.entry.submission.field_reports)
    return [each for each in reports if each["order"] < sheet.entry.stage.order]


def report_photo(sheet: Assignment, sha256: str) -> FrozenPhoto | None:
    photos = (photo for report in reports_for(sheet) for photo in report["photos"])
    return next(
        (each for each in photos if sha256 in (each["sha256"], each["thumbnail_sha256"])), None
    )


def visits_of(stage: Stage) -> QuerySet[Entry]:
    """Every entry with how far its visit is, for the committee."""
    return stage.entries.annotate(
        title=F("submission__title"),
        unit=F("submission__unit_name"),
        photo_count=Count("visit__photos"),
    ).select_related("visit__saved_by")
