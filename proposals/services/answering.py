"""Writing a section: over the version that the person saw, and never without a trace."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from competitions.models import Section
from kipp.lib.prepared import Statement
from kipp.lib.text import clean_text, word_count
from proposals.models import Answer, Proposal, Revision
from proposals.services.locks import require_editable
from proposals.workflow import EDITABLE, ProposalStatus

# Several times the longest section that any form has: more is a mistake, not a text.
LONGEST_TEXT = 60_000

# Many may write at once, but nobody may send the proposal away meanwhile: the row is held, and its
# status read again if it had to be waited for. One statement, so all of it happens or nothing.
_SAVE = Statement("""
WITH held AS MATERIALIZED (
    SELECT id FROM proposals_proposal
    WHERE id = %(proposal)s AND status = ANY(%(editable)s)
        AND (status <> %(completion)s OR %(part)s = ANY(unlocked)) FOR SHARE
), first AS (
    INSERT INTO proposals_answer
        (proposal_id, section_id, text, word_count, version, saved_by_id, saved_at)
    SELECT id, %(section)s, %(text)s, %(words)s, 1, %(by)s, %(at)s FROM held
    WHERE %(version)s = 0
    ON CONFLICT (proposal_id, section_id) DO NOTHING
    RETURNING *
), further AS (
    UPDATE proposals_answer
    SET text = %(text)s, word_count = %(words)s, version = version + 1,
        saved_by_id = %(by)s, saved_at = %(at)s
    WHERE proposal_id = (SELECT id FROM held) AND section_id = %(section)s
        AND version = %(version)s AND text <> %(text)s
    RETURNING *
), saved AS (
    SELECT * FROM first UNION ALL SELECT * FROM further
)
INSERT INTO proposals_revision (answer_id, version, text, word_count, saved_by_id, saved_at)
SELECT id, version, text, word_count, saved_by_id, saved_at FROM saved
RETURNING answer_id
""")


class StaleAnswer(ValidationError):
    """Somebody saved this section first; `theirs` is what stands there now."""

    def __init__(self, theirs: Answer, *, by: User) -> None:
        words = _("%(name)s saved this section before you. Compare both texts.")
        if theirs.saved_by_id == by.pk:
            words = _("You saved this section in another window meanwhile. Compare both texts.")
        super().__init__(words, code="stale", params={"name": theirs.saved_by.full_name})
        self.theirs = theirs


def save_answer(
    proposal: Proposal, *, section: Section, text: str, version: int, by: User, at: datetime
) -> Answer:
    """Save one section's text over the version that the person saw; 0 when it was never saved.

    Every accepted save is a revision; the same text again is none, and no conflict either (a retry
    after a lost answer). Raises `StaleAnswer` when somebody was faster: nothing is overwritten.
    """
    cleaned = clean_text(text)
    if len(cleaned) > LONGEST_TEXT:
        raise ValidationError(
            _("This text is far too long to be saved (%(count)d characters)."),
            code="too_long",
            params={"count": len(cleaned)},
        )
    if section.track_id != proposal.track_id:
        raise ValidationError(_("This section is not part of the form."), code="foreign")
    answer = Answer(
        proposal=proposal,
        section=section,
        text=cleaned,
        word_count=word_count(cleaned),
        version=version + 1,
        saved_by=by,
        saved_at=at,
    )
    return answer if _write(answer, over=version) else _standing(answer)


def restore_revision(revision: Revision, *, version: int, by: User, at: datetime) -> Answer:
    """Put an older text back over the version that the person saw, as a revision of its own."""
    answer = revision.answer
    return save_answer(
        answer.proposal,
        section=answer.section,
        text=revision.text,
        version=version,
        by=by,
        at=at,
    )


def _write(answer: Answer, *, over: int) -> bool:
    """Insert the first version or replace version `over`; false when there is nothing to do so."""
    saved = _SAVE.ask(
        proposal=answer.proposal_id,
        section=answer.section_id,
        text=answer.text,
        words=answer.word_count,
        version=over,
        by=answer.saved_by_id,
        at=answer.saved_at,
        editable=list(EDITABLE),
        completion=ProposalStatus.COMPLETION,
        part=f"section:{answer.section.key}",
    )
    for (pk,) in saved:
        answer.pk = pk
    return bool(saved)


def _standing(mine: Answer) -> Answer:
    """Why nothing was written: the same text stands there, or somebody moved or was faster."""
    proposal = Proposal.objects.only("status", "unlocked").get(pk=mine.proposal_id)
    require_editable(proposal, parts=[f"section:{mine.section.key}"])
    theirs = (
        Answer.objects.select_related("saved_by", "section", "proposal__competition")
        .filter(proposal=mine.proposal_id, section=mine.section_id)
        .first()
    )
    if theirs is None:
        raise ValidationError(
            _("This page is out of date. Copy your text and reload the page."), code="stale"
        )
    if theirs.text != mine.text:
        raise StaleAnswer(theirs, by=mine.saved_by)
    return theirs
