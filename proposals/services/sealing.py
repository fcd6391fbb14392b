"""The last step of every send: frozen, numbered, signed, told and recorded, or nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from secrets import token_hex
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.mail import promise
from accounts.models import Message, User
from proposals.content import digest, receipt_number
from proposals.eligibility import Finding
from proposals.models import Proposal, Submission
from proposals.queries.freezing import content_of
from proposals.receipts import GENESIS, seal
from proposals.services.fingerprints import imprint_submission
from proposals.services.letters import write_of_move

# Serialises the counting of one competition's receipts; beside it stands the competition's id.
RECEIPT_LOCK = 0x52435054
# Stand in a letter for what is known only under the lock; nobody can guess and write them.
BLANKS = {name: f"{name}{token_hex(8)}" for name in ("receipt", "sha256", "signature", "key_id")}
PLACE = """
SELECT pg_advisory_xact_lock(%(lock)s, %(competition)s);
SELECT greatest(clock_timestamp(), last.judged_at), coalesce(last.number, 0) + 1, last.link
FROM (SELECT) AS always LEFT JOIN LATERAL (
    SELECT number, link, judged_at FROM proposals_submission
    WHERE competition_id = %(competition)s ORDER BY number DESC LIMIT 1
) AS last ON true
"""


def receive(
    proposal: Proposal,
    findings: Iterable[Finding],
    told: Iterable[User],
    *,
    move: str,
    token: UUID,
    by: User,
    at: datetime,
) -> Submission:
    """Make the receipt of what stands in the proposal now.

    Everybody who sends in this competition waits for the receipts' lock, so whatever takes time,
    reading the content and composing the letters, is done before it is taken.
    """
    submission = Submission(
        proposal=proposal,
        competition=proposal.competition,
        token=token,
        content=content_of(proposal, receipt="", findings=findings),
        received_at=at,
        submitted_by=by,
        **BLANKS,
    )
    imprint_submission(submission)
    letters = write_of_move(
        told, f"proposal_{move}", proposal, at=at, context={"submission": submission}
    )
    _seal_in_place(submission)
    promise(_fill_in(letters, submission))
    record(
        by,
        f"proposal.{move}",
        proposal,
        at=at,
        receipt=submission.receipt,
        sha256=submission.sha256,
        link=submission.link,
        judged_at=submission.judged_at.isoformat(),
    )
    return submission


def token_is_taken() -> ValidationError:
    return ValidationError(
        _("This form was already used for another proposal. Reload the page."), code="token"
    )


def _seal_in_place(submission: Submission) -> None:
    """Without gaps: the place is given back if the transaction fails. Its clock never runs back."""
    competition = submission.competition
    with connection.cursor() as cursor:
        cursor.execute(PLACE, {"lock": RECEIPT_LOCK, "competition": competition.pk})
        submission.judged_at, submission.number, link = cursor.fetchone()
    submission.receipt = receipt_number(competition.slug, number=submission.number)
    submission.content["receipt"] = submission.receipt
    submission.sha256 = digest(submission.content)
    seal(submission, previous=link or GENESIS)
    try:
        submission.save(force_insert=True)
    except IntegrityError as error:
        if "token" in str(error):
            raise token_is_taken() from error
        raise


def _fill_in(letters: Iterable[Message], submission: Submission) -> Iterator[Message]:
    for letter in letters:
        for name, blank in BLANKS.items():
            value = getattr(submission, name)
            letter.subject = letter.subject.replace(blank, value)
            letter.text = letter.text.replace(blank, value)
            letter.html = letter.html.replace(blank, value)
        yield letter
