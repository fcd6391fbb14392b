"""Tampering with timetables, field reports and feedback is named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from judging import invariants, services
from tests import make
from tests.judging import timetables
from tests.judging.plenaries import confirmed, sitting, wish
from tests.judging.test_feedback import commented
from tests.judging.test_visits import Site, hand_in, site

pytestmark = pytest.mark.django_db
__all__ = ["site"]

SLOTS = {
    "overlaps": "UPDATE judging_slot SET ends_at = ends_at + interval '1 minute'",
    "lies outside": "UPDATE judging_presentationday SET starts_at = starts_at + interval '1 hour'",
    "team of another stage": """
        UPDATE judging_entry SET stage_id = (SELECT max(id) FROM judging_stage)
        WHERE id = (SELECT min(id) FROM judging_entry)
    """,
    "has no slot": """
        UPDATE judging_slot SET entry_id = NULL, status = 'waiting'
        WHERE entry_id = (SELECT min(id) FROM judging_entry)
    """,
}
REPORTS = {
    "is draft": "UPDATE judging_visit SET status = 'draft'",
    "is handed_in": "UPDATE judging_visit SET summary = 'Lain'",
}
PLENARIES = {
    "not closed": "UPDATE judging_plenary SET closed_at = NULL;"
    "UPDATE judging_stage SET status = 'open', closed_at = NULL",
    "waits although": "UPDATE judging_reordering SET status = 'proposed'",
    "no second person confirmed": "UPDATE judging_reordering SET reason = 'Lain'",
}
NOTES = {
    "before the results": """
        UPDATE judging_feedback SET prepared_at = prepared_at - interval '1 day',
        released_at = released_at - interval '1 day'
    """,
    "nobody looked it over": "UPDATE judging_feedbacknote SET reviewed_at = NULL",
    "names a judge": """
        UPDATE judging_feedbacknote SET reviewed_at = NULL, is_marked = false, text = 'Kata Joko'
    """,
}


def said(check: invariants.Check) -> list[str]:
    return list(check(make.NOON))


def after(statement: str, check: invariants.Check) -> list[str]:
    """What the check says once this was done, which is taken back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        found = said(check)
        transaction.set_rollback(True)
    return found


def missed(tamperings: dict[str, str], check: invariants.Check) -> Iterator[str]:
    for words, statement in tamperings.items():
        if not any(words in sentence for sentence in after(statement, check)):
            yield words


def test_slots_that_break_their_promise_are_named() -> None:
    made = timetables.presenting()
    timetables.released(made)
    make.stage(made.competition, key="lain", order=9)
    check = invariants.slots_hold_what_they_promise

    assert said(check) == []
    assert list(missed(SLOTS, check)) == []


def test_report_that_was_not_handed_in_so_is_named(site: Site) -> None:
    hand_in(site)
    check = invariants.field_reports_are_what_was_handed_in

    assert said(check) == []
    assert list(missed(REPORTS, check)) == []


def test_feedback_that_tells_too_much_is_named() -> None:
    made, publication = commented()
    feedback = services.prepare_feedback(publication, by=made.chair, at=make.NOON)
    texts = dict(feedback.notes.values_list("pk", "text"))
    services.review_notes(feedback, texts=texts, by=made.chair, at=make.NOON)
    services.release_feedback(feedback, by=made.chair, at=make.NOON)
    check = invariants.feedback_names_no_judge

    assert said(check) == []
    assert list(missed(NOTES, check)) == []


def test_plenary_that_was_not_settled_is_named() -> None:
    made, plenary = sitting()
    wish(made, plenary, 2, 1)
    confirmed(made, plenary)
    services.end_plenary(plenary, by=made.chair, at=make.NOON)
    check = invariants.plenaries_are_settled

    assert said(check) == []
    assert list(missed(PLENARIES, check)) == []
