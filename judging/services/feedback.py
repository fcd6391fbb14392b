"""Feedback to authors: judges' comments without their names, looked over before anybody reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import mail
from accounts.audit import record
from accounts.models import User
from judging.clearing import cleared, mark_names
from judging.models import Assignment, Feedback, FeedbackNote, Publication, Score
from judging.queries.feedback import names_of, stages_behind
from judging.queries.publishing import people_told
from judging.services.locks import lock_stage
from judging.workflow import AssignmentStatus, PublicationStatus


@transaction.atomic
def prepare_feedback(publication: Publication, *, by: User, at: datetime) -> Feedback:
    """Gather every comment that was counted and take the names of judges out; twice is once."""
    lock_stage(publication.ranking.stage)
    known = Feedback.objects.filter(publication=publication).first()
    if known is not None:
        return known
    feedback = Feedback.objects.create(publication=publication, prepared_by=by, prepared_at=at)
    names = names_of(publication)
    FeedbackNote.objects.bulk_create(
        _note(feedback, text, assignment=assignment, score=score, names=names)
        for assignment, score, text in _comments(publication)
    )
    record(by, "feedback.prepared", publication, at=at, notes=feedback.notes.count())
    return feedback


def _comments(publication: Publication) -> Iterator[tuple[int, int | None, str]]:
    sheets = Assignment.objects.filter(
        entry__stage__in=stages_behind(publication), status=AssignmentStatus.SUBMITTED
    )
    for pk, text in sheets.exclude(comment="").values_list("pk", "comment"):
        yield pk, None, text
    scores = Score.objects.filter(assignment__in=sheets).exclude(comment="")
    yield from scores.values_list("assignment_id", "pk", "comment")


def _note(
    feedback: Feedback, text: str, *, assignment: int, score: int | None, names: list[str]
) -> FeedbackNote:
    pieces = mark_names(text, names=names)
    return FeedbackNote(
        feedback=feedback,
        assignment_id=assignment,
        score_id=score,
        text=cleared(pieces),
        is_marked=any(piece.is_name for piece in pieces),
    )


@transaction.atomic
def review_notes(feedback: Feedback, *, texts: Mapping[int, str], by: User, at: datetime) -> int:
    """Keep what the chair made of these notes; an emptied one is not shown to the author."""
    held = Feedback.objects.select_for_update().get(pk=feedback.pk)
    if held.released_at is not None:
        raise ValidationError(_("The feedback is released and stays as it is."), code="not_now")
    notes = list(held.notes.filter(pk__in=texts))
    if all(note.reviewed_at and note.text == texts[note.pk].strip() for note in notes):
        return len(notes)
    for note in notes:
        note.text, note.reviewed_at = texts[note.pk].strip(), at
    FeedbackNote.objects.bulk_update(notes, ["text", "reviewed_at"])
    record(by, "feedback.reviewed", held.publication, at=at, notes=len(notes))
    return len(notes)


@transaction.atomic
def release_feedback(feedback: Feedback, *, by: User, at: datetime) -> Feedback:
    """Show every author the own sheet; only after the results are out and all marks were seen."""
    lock_stage(feedback.publication.ranking.stage)
    held = Feedback.objects.select_for_update().get(pk=feedback.pk)
    publication = Publication.objects.get(pk=held.publication_id)
    if held.released_at is not None:
        raise ValidationError(_("The feedback is released already."), code="not_now")
    if publication.status != PublicationStatus.RELEASED or publication.unveiled_at is None:
        raise ValidationError(_("Feedback follows the results: they are not out."), code="not_now")
    waiting = held.notes.filter(is_marked=True, reviewed_at=None).count()
    if waiting:
        raise ValidationError(
            _("Names were taken out of %(count)d comments that nobody has looked over yet.")
            % {"count": waiting},
            code="unreviewed",
        )
    held.released_by, held.released_at = by, at
    held.save(update_fields=["released_by", "released_at"])
    for user, proposals in people_told(publication.competition).items():
        mail.send_later(
            "feedback_released",
            user,
            dedupe_key=f"feedback_released:{held.pk}:{user.pk}",
            at=at,
            about=publication,
            context={"competition": publication.competition, "proposals": proposals},
        )
    record(by, "feedback.released", publication, at=at)
    return held
