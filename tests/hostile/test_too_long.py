"""Ten megabytes of text at each form: a page that says so, and nothing is written."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from accounts.models import AuditEntry
from tests import make
from tests.hostile.world import CASES

pytestmark = pytest.mark.django_db
LONG = "panjang " * 1_310_720  # 10 MB


@pytest.mark.parametrize("name", CASES)
def test_ten_megabytes_are_refused_whole(name: str) -> None:
    with time_machine.travel(make.NOON):
        person, url, data = CASES[name]()
        client = Client()
        if person:
            client.force_login(person)
        before = AuditEntry.objects.count()
        field = next(iter(data))

        answer = client.post(
            url, f"{field}={LONG}", content_type="application/x-www-form-urlencoded"
        )

    assert answer.status_code == 413
    assert "errors/413.html" in {template.name for template in answer.templates}
    assert AuditEntry.objects.count() == before
