"""The operator's commands that no other test runs as a process, in the order of a first day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Message
from accounts.services import create_unit
from kipp.retention import apply_retention
from tests import make
from tests.kipp.commands import manage


@pytest.mark.django_db(transaction=True)
def test_commands_of_a_first_day_run_as_processes() -> None:
    now = timezone.now()
    create_unit(name="Kota Malang", parent=None, level="government", by=make.user(), at=now)
    old = now - timedelta(days=400)
    Message.objects.create(
        dedupe_key="a", status="sent", text="Isi", created_at=old, due_at=old, sent_at=old
    )

    loaded = manage("load_edition", "kipp-kota", "--slug", "kipp-2026")
    dumped = manage("dump_edition", "kipp-2026")
    swept = manage("sweep_retention")
    files = manage("sweep_storage")
    held = manage("check_invariants")
    chain = manage("verify_audit")

    done = [loaded, dumped, swept, files, held, chain]
    assert [(each.returncode, each.stderr) for each in done] == [(0, "")] * 6
    assert loaded.stdout.startswith("kipp-2026: ")
    assert 'slug = "kipp-2026"' in dumped.stdout
    assert swept.stdout == "1 rows wiped or removed.\n"
    assert Message.objects.get().text == ""
    assert apply_retention(at=timezone.now()) == 0
    assert held.stdout.endswith(" invariants hold.\n")
    assert chain.stdout.startswith("The chain holds.")
