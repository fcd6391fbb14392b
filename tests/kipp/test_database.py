from __future__ import annotations

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import is_psycopg3


def test_driver_is_the_one_of_production() -> None:
    assert is_psycopg3 is False


@pytest.mark.django_db
def test_statements_and_locks_do_not_wait_for_ever_and_plans_are_kept() -> None:
    limits = {}
    with connection.cursor() as cursor:
        for name in (
            "statement_timeout",
            "lock_timeout",
            "idle_in_transaction_session_timeout",
            "plan_cache_mode",
        ):
            cursor.execute(f"SHOW {name}")
            limits[name] = cursor.fetchone()[0]

    assert limits == {
        "statement_timeout": "30s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "1min",
        "plan_cache_mode": "force_generic_plan",
    }
