"""What a screener hands in: checked as a whole before anything is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kipp.lib.text import clean_text
from proposals.checklist import check_off, still_refused
from proposals.models import ReasonCode, Screening, Submission
from proposals.queries.parts import parts_of
from proposals.queries.preflight import checklist_of

Verdict = Screening.Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    verdict: str
    reasons: Collection[str]
    note: str
    due_at: datetime | None
    unlocked: Collection[str]
    overrides: Mapping[str, str]


def columns_of(judged: Judged, *, submission: Submission, by: User, at: datetime) -> dict[str, Any]:
    """The columns of a `Judgement`; raises what is missing, per field."""
    checklist = check_off(checklist_of(submission), overrides=judged.overrides)
    if judged.verdict == Verdict.PASSED and still_refused(checklist):
        raise ValidationError(
            _("The rules refuse it. Say for each finding why it may pass, or decide otherwise."),
            code="confirmed",
        )
    return {
        "submission": submission,
        "verdict": judged.verdict,
        "reasons": check_reasons(judged.verdict, reasons=judged.reasons, note=judged.note),
        "note": clean_text(judged.note).strip(),
        "completion_due_at": _due(judged, at=at),
        "unlocked": _unlocked(judged, submission=submission),
        "checklist": checklist,
        "decided_by": by,
        "decided_at": at,
    }


def check_reasons(verdict: str, *, reasons: Collection[str], note: str) -> list[str]:
    """The codes in the order of the list; raises what is missing, per field."""
    codes = [str(code) for code in ReasonCode if code in reasons]
    if len(codes) != len(set(reasons)):
        raise ValidationError({"reasons": _("Choose reasons from the list.")})
    if verdict != Verdict.PASSED and not codes:
        raise ValidationError({"reasons": _("Choose at least one reason.")})
    if ReasonCode.OTHER in codes and not clean_text(note).strip():
        raise ValidationError({"note": _("Write the other reason in the note.")})
    return codes


def _due(judged: Judged, *, at: datetime) -> datetime | None:
    if judged.verdict != Verdict.COMPLETION:
        return None
    if judged.due_at is None:
        raise ValidationError({"due_at": _("Give the date by which the unit completes it.")})
    if judged.due_at <= at:
        raise ValidationError({"due_at": _("Choose a date in the future.")})
    return judged.due_at


def _unlocked(judged: Judged, *, submission: Submission) -> list[str]:
    if judged.verdict != Verdict.COMPLETION:
        return []
    known = [target for target in parts_of(submission.proposal) if target in judged.unlocked]
    if not known or len(known) != len(set(judged.unlocked)):
        raise ValidationError({"unlocked": _("Choose what the unit may change.")})
    return known
