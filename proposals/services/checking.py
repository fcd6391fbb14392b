"""What people of the committee found of a claim: seen in the field, or contradicted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from kipp.lib.text import clean_text
from proposals.content import Check, FieldReport
from proposals.models import ClaimState, Submission
from proposals.queries.desk import claims_of

FOUND = frozenset({"", ClaimState.SEEN.value, ClaimState.CONTRADICTED.value})
LONGEST_NOTE = 2000


@transaction.atomic
def check_claim(
    submission: Submission,
    *,
    key: int,
    state: str,
    note: str,
    version: int,
    by: User,
    at: datetime,
) -> Check:
    """Record a finding over the version that the person saw, 0 before the first.

    An empty state takes an earlier finding back. What was sealed is not touched.
    """
    held = Submission.objects.select_for_update().get(pk=submission.pk)
    checks: dict[str, Check] = held.claim_checks
    before = checks.get(str(key))
    _require_current(held, key=key, seen=version, stored=before["version"] if before else 0)
    check: Check = {
        "state": _state(state),
        "note": _note(note),
        "by": by.full_name,
        "at": at.isoformat(),
        "version": version + 1,
    }
    submission.claim_checks = {**checks, str(key): check}
    submission.save(update_fields=["claim_checks"])
    record(
        by,
        "proposal.claim_checked",
        held.proposal,
        at=at,
        reason=check["note"],
        receipt=held.receipt,
        claim=key,
        state=check["state"],
    )
    return check


def keep_checks(submission: Submission, *, older: Submission) -> None:
    """Findings on the lines that a completion left as they were."""
    before = {claim["key"]: claim for claim in claims_of(older)}
    kept = [claim for claim in claims_of(submission) if before.get(claim["key"]) == claim]
    checks: Mapping[str, Check] = older.claim_checks
    keys = [str(claim["key"]) for claim in kept if str(claim["key"]) in checks]
    if keys:
        submission.claim_checks = {key: checks[key] for key in keys}
        submission.save(update_fields=["claim_checks"])


@transaction.atomic
def file_field_report(submission: Submission, *, report: FieldReport) -> None:
    """Lay the report beside the sealed content, in place of an older one of the same stage."""
    held = Submission.objects.select_for_update().get(pk=submission.pk)
    others = [each for each in held.field_reports if each["stage"] != report["stage"]]
    held.field_reports = [*others, report]
    held.save(update_fields=["field_reports"])


@transaction.atomic
def withdraw_field_report(submission: Submission, *, stage: str) -> None:
    held = Submission.objects.select_for_update().get(pk=submission.pk)
    held.field_reports = [each for each in held.field_reports if each["stage"] != stage]
    held.save(update_fields=["field_reports"])


def _require_current(submission: Submission, *, key: int, seen: int, stored: int) -> None:
    if submission.superseded_at:
        raise ValidationError(
            _("The unit has sent or withdrawn this meanwhile. Reload the page."), code="stale"
        )
    if all(claim["key"] != key for claim in claims_of(submission)):
        raise ValidationError(_("This claim is not part of the submission."), code="foreign")
    if seen != stored:
        raise ValidationError(
            _("Somebody else recorded a finding on this claim meanwhile. Read it first."),
            code="stale",
        )


def _state(state: str) -> str:
    if state not in FOUND:
        raise ValidationError({"state": _("Choose what was found.")})
    return state


def _note(note: str) -> str:
    cleaned = clean_text(note).strip()
    if not cleaned:
        raise ValidationError({"note": _("Write what was seen, where and when.")})
    if len(cleaned) > LONGEST_NOTE:
        raise ValidationError({"note": _("Cut the note to 2,000 characters.")})
    return cleaned
