"""The command that recomputes what must hold, and one tampering for each promise."""

from __future__ import annotations

import os
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.delivery import deliver_due
from kipp.invariants import INVARIANTS
from kipp.lib.files import store_file
from kipp.reminding import wanted_among
from tests import small_year

pytestmark = pytest.mark.django_db

# What else a tampering breaks: a receipt is signed, a text is its last revision.
ALSO = {
    "sent_before_the_end": {"receipts_are_signed"},
    "receipts_count_without_gaps": {"receipts_are_signed"},
    "text_is_clean": {"revisions_count_up_to_the_text"},
}
# What somebody does to the rows behind the portal's back, and who notices.
TAMPERINGS = {
    "broken_audit_chain": "UPDATE accounts_auditentry SET reason = 'x' WHERE number = 3",
    "forgotten_mail": """
        UPDATE accounts_message SET status = 'queued', attempts = 0, sent_at = NULL,
        due_at = due_at - interval '3 hours' WHERE id = (SELECT min(id) FROM accounts_message)
    """,
    "forgotten_jobs": """
        INSERT INTO accounts_job (kind, owner_id, subject, about, status, done, total, asked_at,
            attempts, error, outcome, sha256, size, file_name, media_type)
        SELECT 'letters', id, '{}', '', 'waiting', 0, 0, now() - interval '3 hours', 0, '', '{}',
            '', 0, '', '' FROM accounts_user ORDER BY id LIMIT 1
    """,
    "leftover_secrets": """
        UPDATE accounts_message SET is_secret = true, text = 'token', status = 'sent',
        sent_at = created_at, lease_until = NULL
        WHERE id = (SELECT min(id) FROM accounts_message)
    """,
    "kept_too_long": """
        UPDATE accounts_message SET status = 'sent', sent_at = created_at, lease_until = NULL,
        created_at = created_at - interval '190 days'
        WHERE id = (SELECT min(id) FROM accounts_message)
    """,
    "misplaced_units": "UPDATE accounts_unit SET path = '/9/' WHERE name = 'Pasar Melati'",
    "received_have_one_current_submission": """
        UPDATE proposals_submission SET superseded_at = received_at WHERE number = 1
    """,
    "hashes_recompute": """
        UPDATE proposals_submission SET content = jsonb_set(content, '{header,title}', '"Lain"')
        WHERE number = 1
    """,
    "files_are_there": """
        UPDATE proposals_attachment SET sha256 = repeat('0', 64)
        WHERE id = (SELECT min(id) FROM proposals_attachment)
    """,
    "sent_before_the_end": """
        UPDATE proposals_submission SET received_at = received_at + interval '9 days'
        WHERE number = 1
    """,
    "moves_are_in_the_trail": """
        UPDATE proposals_proposal SET status = 'ineligible' WHERE title = 'Antrean Rumah'
    """,
    "receipts_count_without_gaps": """
        UPDATE proposals_submission SET number = 3 WHERE number = 2
    """,
    "text_is_clean": """
        UPDATE proposals_answer SET text = text || chr(1)
        WHERE id = (SELECT min(id) FROM proposals_answer)
    """,
    "claims_stand_on_own_files": """
        UPDATE proposals_claim SET source_id = (
            SELECT min(id) FROM proposals_attachment file
            WHERE file.proposal_id <> proposals_claim.proposal_id
        )
    """,
    "the_register_says_what_awards_say": "UPDATE proposals_registerentry SET summary = 'Lain'",
    "submitted_sheets_add_up": """
        UPDATE judging_assignment SET total = total + 1
        WHERE id = (SELECT min(id) FROM judging_assignment)
    """,
    "scored_sheets_are_free_of_conflict": """
        INSERT INTO judging_conflict (panelist_id, entry_id, ground, note, noted_at)
        SELECT panelist_id, entry_id, 'declared', '', now() FROM judging_assignment LIMIT 1
    """,
    "sheets_and_values_exist_once": """
        ALTER TABLE judging_score DROP CONSTRAINT score_once;
        INSERT INTO judging_score (assignment_id, criterion_id, value, comment)
        SELECT assignment_id, criterion_id, value, comment FROM judging_score LIMIT 1
    """,
    "rankings_recompute": """
        UPDATE judging_standing SET score = score + 1
        WHERE id = (SELECT min(id) FROM judging_standing)
    """,
    "one_publication_is_current": """
        DROP INDEX publication_current;
        CREATE TEMPORARY TABLE twin ON COMMIT DROP AS SELECT * FROM judging_publication;
        UPDATE twin SET id = id + 1000, number = number + 1;
        INSERT INTO judging_publication SELECT * FROM twin;
        DROP TABLE twin
    """,
    "published_stages_are_locked": """
        UPDATE judging_stage SET status = 'closed' WHERE key = 'paparan'
    """,
    "sheets_belong_to_the_stage": """
        UPDATE judging_assignment SET status = 'recused', submitted_at = NULL, total = NULL
        WHERE id = (SELECT min(id) FROM judging_assignment)
    """,
}
# One change of a value breaks the sheet's total as well.
OFF_SCALE = """
    UPDATE judging_score SET value = 2.5 WHERE id = (SELECT min(id) FROM judging_score)
"""


def complaints() -> list[str]:
    """Who complains in the command's output; none when it ends well."""
    out = StringIO()
    try:
        call_command("check_invariants", stdout=out)
    except SystemExit as stop:
        lines = out.getvalue().splitlines()
        return [line.partition(": ")[0] for line in lines] if stop.code == 1 else ["exit"]
    return [] if out.getvalue() == f"{len(INVARIANTS)} invariants hold.\n" else ["silent"]


def tamper(statements: str) -> list[str]:
    """Complaints after these changes, which are taken back."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for statement in statements.split(";"):
                cursor.execute(statement)
        found = complaints()
        transaction.set_rollback(True)
    return found


def test_every_tampering_is_named_and_a_year_of_services_is_clean() -> None:
    small_year.released(at=timezone.now())
    assert deliver_due(clock=timezone.now, wanted_among=wanted_among) > 0

    found = {name: set(tamper(sql)) for name, sql in TAMPERINGS.items()}

    assert found == {name: {name} | ALSO.get(name, set()) for name in TAMPERINGS}
    assert set(tamper(OFF_SCALE)) == {"values_lie_on_the_scale", "submitted_sheets_add_up"}
    assert complaints() == []


def test_file_without_a_row_is_named_after_two_days() -> None:
    stored = store_file(BytesIO(b"left behind"))
    assert complaints() == []

    before = (timezone.now() - timedelta(hours=49)).timestamp()
    os.utime(default_storage.path(stored.key), (before, before))

    assert complaints() == ["files_belong_to_a_row"]


def test_every_invariant_is_tampered_with() -> None:
    elsewhere = {
        *("values_lie_on_the_scale", "files_belong_to_a_row"),
        # tests/proposals/test_invariants.py
        *("receipts_are_signed", "receipts_form_one_chain", "revisions_count_up_to_the_text"),
        *("what_was_authorised_was_sent", "silence_is_told_once"),
        # tests/judging/test_invariants.py
        *("slots_hold_what_they_promise", "field_reports_are_what_was_handed_in"),
        *("feedback_names_no_judge", "plenaries_are_settled"),
    }

    assert {check.__name__ for check in INVARIANTS} == TAMPERINGS.keys() | elsewhere
