"""A rehearsal runs the real web processes and leaves no trace; seconds, most of them migrations."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from kipp.sandbox import name_of_sandbox
from tests.kipp.commands import manage


def databases() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_rehearsal_reports_and_leaves_nothing_behind() -> None:
    done = manage("rehearse", "--participants", "6", "--seconds", "1", "--json", DEBUG="1")

    assert done.stdout.startswith("{"), done.stderr
    report = json.loads(done.stdout)
    assert (report["participants"], report["errors"], report["lost"]) == (6, 0, 0)
    assert report["broken"] == []
    assert name_of_sandbox() not in databases()
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_run_left_is_removed_by_one_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name_of_sandbox())}")

    with pytest.raises(CommandError, match="--remove"):
        call_command("rehearse")
    call_command("rehearse", "--remove")
    call_command("rehearse", "--remove")

    said = capsys.readouterr().out.splitlines()
    assert [line.split(" is ")[1] for line in said] == ["dropped.", "not there."]
    assert name_of_sandbox() not in databases()


@pytest.mark.parametrize("count", [0, 5001])
def test_number_of_people_has_limits(count: int) -> None:
    with pytest.raises(CommandError, match="From 1 to 5000"):
        call_command("rehearse", participants=count)
