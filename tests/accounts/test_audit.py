from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.audit import find_breaks, gathering, record, trail_of
from accounts.history import WORDS, Line, as_lines
from accounts.models import AuditEntry, User
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    person = make.user("Siti")
    for reason in ("satu", "dua", "tiga"):
        record(person, "user.deactivated", person, at=make.NOON, reason=reason, count=1)
    return person


def verify() -> str:
    out = StringIO()
    call_command("verify_audit", stdout=out)
    return out.getvalue()


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_record_chains_each_entry_to_the_one_before(person: User) -> None:
    entries = list(AuditEntry.objects.order_by("number"))

    assert [entry.number for entry in entries] == [1, 2, 3]
    assert [entry.previous_hash for entry in entries[1:]] == [entry.hash for entry in entries[:2]]
    assert find_breaks(entries) == []
    assert entries[-1].hash in verify()


@pytest.mark.parametrize(
    ("tamper", "sentences"),
    [
        (
            "UPDATE accounts_auditentry SET reason = 'lain' WHERE number = 2",
            ["Entry 2 was changed after it was written."],
        ),
        (
            "UPDATE accounts_auditentry SET actor_id = NULL WHERE number = 3",
            ["Entry 3 was changed after it was written."],
        ),
        (
            "UPDATE accounts_auditentry SET data = '{\"count\": 2}' WHERE number = 1",
            ["Entry 1 was changed after it was written."],
        ),
        (
            "DELETE FROM accounts_auditentry WHERE number = 2",
            [
                "Entry 2 is missing before entry 3.",
                "Entry 3 does not follow the entry before it.",
            ],
        ),
    ],
)
def test_verify_audit_says_what_was_tampered_with(
    person: User, tamper: str, sentences: list[str]
) -> None:
    execute(tamper)

    with pytest.raises(CommandError) as error:
        verify()

    assert (str(error.value).split("\n"), error.value.returncode) == (sentences, 1)


def test_verify_audit_holds_for_an_empty_chain() -> None:
    assert "empty" in verify()


@pytest.mark.django_db(transaction=True)
def test_record_needs_the_transaction_of_its_move() -> None:
    person = make.user()

    with pytest.raises(RuntimeError):
        record(person, "user.deactivated", person, at=make.NOON)
    with transaction.atomic():
        record(person, "user.deactivated", person, at=make.NOON)

    assert trail_of(person).count() == 1


def test_trail_of_holds_the_named_objects_only(person: User) -> None:
    other, unit = make.user(), make.unit()
    record(None, "unit.changed", unit, at=make.NOON)
    record(None, "user.deactivated", other, at=make.NOON)

    assert [entry.number for entry in trail_of(person, unit)] == [1, 2, 3, 4]
    assert list(trail_of()) == []


def test_gathered_entries_come_at_the_end_in_their_order(person: User) -> None:
    with gathering():
        record(person, "user.deactivated", person, at=make.NOON)
        with gathering():
            record(person, "user.reactivated", person, at=make.NOON)
        assert trail_of(person).count() == 3

    actions = trail_of(person).values_list("number", "action")
    assert list(actions)[3:] == [(4, "user.deactivated"), (5, "user.reactivated")]
    assert find_breaks(AuditEntry.objects.all()) == []


def test_gathered_entries_of_a_failure_are_forgotten(person: User) -> None:
    def fail() -> None:
        with gathering():
            record(person, "user.deactivated", person, at=make.NOON)
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    record(person, "user.reactivated", person, at=make.NOON)
    assert trail_of(person).count() == 4


def test_history_speaks_and_leaves_nothing_out(person: User) -> None:
    record(None, "unknown.move", person, at=make.NOON)

    lines = as_lines(trail_of(person))

    assert lines[0] == Line(
        text=str(WORDS["user.deactivated"]), at=make.NOON, by="Siti", note="satu"
    )
    assert lines[-1] == Line(text="unknown.move", at=make.NOON)
