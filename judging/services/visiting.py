"""The visit of a field team: the checklist, photos, claims, and the report that others read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from competitions.services.setup import STALE, free_key
from judging.models import Assignment, Question, Stage, Visit, VisitAnswer, VisitPhoto
from judging.services.locks import hold_open, lock_setup
from judging.workflow import VISIT_FLOW, AssignmentStatus, VisitMove, VisitStatus
from kipp.lib.files import Stream, keep_file, store_file
from kipp.lib.text import one_line
from kipp.lib.uploads import Checked, Kind, check_upload
from proposals import services as proposals
from proposals.content import FieldReport

PHOTO_MAX_BYTES = 10 * 1024 * 1024
MOST_PHOTOS = 12
LONGEST_NOTE, LONGEST_SUMMARY = 2_000, 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """By the question's key: a word of `VisitAnswer.Value` or nothing yet, and a note."""

    visited_on: date | None = None
    summary: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def save_visit(
    sheet: Assignment, *, findings: Findings, version: int, by: User, at: datetime
) -> Visit:
    """Keep what is known so far, over the version that the person saw, 0 before the first."""
    visit = _hold(sheet, by=by, at=at, seen=version)
    _write(visit, findings, by=by, at=at)
    return visit


@transaction.atomic
def hand_in_visit(
    sheet: Assignment, *, findings: Findings, version: int, by: User, at: datetime
) -> Visit:
    """Save, check that nothing is missing, and show the report to whoever judges later."""
    visit = _hold(sheet, by=by, at=at, seen=version)
    _write(visit, findings, by=by, at=at)
    _require_whole(visit, at=at)
    VISIT_FLOW.advance(visit, VisitMove.HAND_IN, handed_in_at=at)
    report = _report_of(visit, by=by, at=at)
    proposals.file_field_report(visit.entry.submission, report=report)
    record(by, "visit.handed_in", visit.entry.stage, at=at, entry=visit.entry_id)
    return visit


@transaction.atomic
def take_back_visit(
    sheet: Assignment, *, reason: str, version: int, by: User, at: datetime
) -> Visit:
    """Open a report again while its stage is open; nobody reads it until it is handed in anew."""
    if not reason.strip():
        raise ValidationError(_("Write why the report is changed."), code="reason")
    hold_open(sheet.entry.stage_id)
    visit = _locked(sheet)
    if visit is None or visit.version != version:
        raise _stale()
    VISIT_FLOW.advance(visit, VisitMove.TAKE_BACK, handed_in_at=None)
    proposals.withdraw_field_report(visit.entry.submission, stage=visit.entry.stage.key)
    record(
        by,
        "visit.taken_back",
        visit.entry.stage,
        at=at,
        reason=reason.strip(),
        entry=visit.entry_id,
    )
    return visit


def add_photo(
    sheet: Assignment, *, file: Stream, name: str, caption: str, by: User, at: datetime
) -> VisitPhoto:
    """Keep the rewritten picture under its hash, then the row."""
    checked = check_upload(file, name=name, kind=Kind.IMAGE, max_bytes=PHOTO_MAX_BYTES)
    stored = store_file(BytesIO(checked.content))
    photo = VisitPhoto(
        name=checked.name,
        caption=one_line(caption)[:200],
        sha256=stored.sha256,
        thumbnail_sha256=store_file(BytesIO(checked.thumbnail)).sha256,
        media_type=checked.media_type,
        taken_by=by,
        added_at=at,
    )
    return _record_photo(sheet, photo, checked=checked)


@transaction.atomic
def _record_photo(sheet: Assignment, photo: VisitPhoto, *, checked: Checked) -> VisitPhoto:
    keep_file(BytesIO(checked.content), sha256=photo.sha256)
    keep_file(BytesIO(checked.thumbnail), sha256=photo.thumbnail_sha256)
    photo.visit = _hold(sheet, by=photo.taken_by, at=photo.added_at)
    if photo.visit.photos.count() >= MOST_PHOTOS:
        raise ValidationError(
            _("A visit holds %(most)s photos. Remove one first."),
            code="many",
            params={"most": MOST_PHOTOS},
        )
    photo.validate_constraints()
    photo.save(force_insert=True)
    stage = photo.visit.entry.stage
    record(photo.taken_by, "visit.photo_added", stage, at=photo.added_at, sha256=photo.sha256)
    return photo


@transaction.atomic
def remove_photo(sheet: Assignment, *, photo: VisitPhoto, by: User, at: datetime) -> None:
    visit = _hold(sheet, by=by, at=at)
    record(by, "visit.photo_removed", visit.entry.stage, at=at, sha256=photo.sha256)
    visit.photos.filter(pk=photo.pk).delete()


@transaction.atomic
def check_claim_on_visit(
    sheet: Assignment, *, key: int, state: str, note: str, version: int, by: User, at: datetime
) -> None:
    """What was seen of one claim; the ledger's own service guards its version."""
    _hold(sheet, by=by, at=at)
    proposals.check_claim(
        sheet.entry.submission, key=key, state=state, note=note, version=version, by=by, at=at
    )


def _hold(sheet: Assignment, *, by: User, at: datetime, seen: int | None = None) -> Visit:
    """The entry's visit, made with its first save, held until the transaction ends."""
    hold_open(sheet.entry.stage_id)
    if sheet.declared_at is None or sheet.status == AssignmentStatus.RECUSED:
        raise ValidationError(_("Declare first that you have no conflict."), code="not_declared")
    Visit.objects.bulk_create(
        [Visit(entry=sheet.entry, saved_at=at, saved_by=by, version=0)], ignore_conflicts=True
    )
    visit = _locked(sheet)
    if visit is None or (seen is not None and visit.version != seen):
        raise _stale()
    if visit.status != VisitStatus.DRAFT:
        raise ValidationError(
            _("The report is handed in. Take it back to change it."), code="not_now"
        )
    return visit


def _locked(sheet: Assignment) -> Visit | None:
    rows = Visit.objects.select_for_update(of=["self"]).filter(entry=sheet.entry_id)
    return rows.select_related("entry__stage__competition", "entry__submission").first()


def _stale() -> ValidationError:
    return ValidationError(
        _("Somebody of your team saved meanwhile. Compare with the present state below."),
        code="stale",
    )


def _write(visit: Visit, findings: Findings, *, by: User, at: datetime) -> None:
    visit.visited_on, visit.summary = findings.visited_on, findings.summary.strip()
    visit.saved_by, visit.saved_at = by, at
    visit.version += 1
    visit.save(update_fields=["visited_on", "summary", "saved_by", "saved_at", "version"])
    VisitAnswer.objects.bulk_create(
        [
            VisitAnswer(
                visit=visit,
                question=question,
                value=findings.values.get(question.key, ""),
                note=findings.notes.get(question.key, "").strip(),
            )
            for question in Question.objects.filter(stage=visit.entry.stage)
        ],
        update_conflicts=True,
        unique_fields=["visit", "question"],
        update_fields=["value", "note"],
    )


def _require_whole(visit: Visit, *, at: datetime) -> None:
    if visit.visited_on is None:
        raise ValidationError({"visited_on": _("Give the day of the visit.")})
    zone = ZoneInfo(visit.entry.stage.competition.time_zone)
    if visit.visited_on > at.astimezone(zone).date():
        raise ValidationError({"visited_on": _("The day of the visit lies in the future.")})
    open_ones = visit.answers.filter(value="").select_related("question")
    if open_ones:
        raise ValidationError(
            _("Answer this first: %(question)s"),
            code="open",
            params={"question": open_ones[0].question.label},
        )


def _report_of(visit: Visit, *, by: User, at: datetime) -> FieldReport:
    stage = visit.entry.stage
    sheets = visit.entry.assignments.exclude(status=AssignmentStatus.RECUSED)
    team = stage.panel.filter(pk__in=sheets.values("panelist"))
    answers = visit.answers.select_related("question").order_by("question__order", "question__pk")
    return {
        "stage": stage.key,
        "name": stage.name,
        "order": stage.order,
        "visited_on": str(visit.visited_on),
        "team": [str(each) for each in team.select_related("user")],
        "summary": visit.summary,
        "answers": [
            {"question": each.question.label, "value": each.value, "note": each.note}
            for each in answers
        ],
        "photos": [
            {
                "name": photo.name,
                "caption": photo.caption,
                "sha256": photo.sha256,
                "thumbnail_sha256": photo.thumbnail_sha256,
                "media_type": photo.media_type,
            }
            for photo in visit.photos.all()
        ],
        "by": by.full_name,
        "at": at.isoformat(),
    }


@transaction.atomic
def set_questions(
    stage: Stage, *, labels: Sequence[str], version: int, by: User, at: datetime
) -> None:
    """Write the checklist anew while the stage is being set up."""
    locked = lock_setup(stage)
    if locked.version != version:
        raise ValidationError(STALE, code="stale")
    Question.objects.filter(stage=locked).delete()
    taken: set[str] = set()
    for order, label in enumerate(labels, start=1):
        key = free_key(label, taken=taken)
        taken.add(key)
        Question.objects.create(stage=locked, key=key, label=label, order=order)
    locked.version += 1
    locked.save(update_fields=["version"])
    record(by, "stage.questions_set", locked, at=at, count=len(labels))
