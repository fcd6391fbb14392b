"""A button that is pressed twice does its work once, also where no script stands in the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from tests.competitions.world import close_file
from tests.hostile.found import Form
from tests.hostile.test_forms import OURS, new_forms, unlogged  # noqa: F401
from tests.hostile.walks import WALKS

pytestmark = [pytest.mark.long, pytest.mark.django_db]

WORDS, EMAIL = "Kalimat dari penulisnya", "orang.baru@kota.example"
# Asked for on purpose, each time.
EACH_TIME = {
    "accounts:invitation-resend",  # a new link; the page says that the old one is dead
}


def test_second_press_adds_nothing(subtests: pytest.Subtests) -> None:
    tried: set[str] = set()
    for walk in WALKS:
        with subtests.test(walk.__name__), transaction.atomic():
            found: dict[str, dict[str, int]] = {}
            for person, pages in walk():
                client = Client()
                if person:
                    client.force_login(person)
                for url in pages:
                    for name, form in new_forms(client, url, tried=tried):
                        found |= {name: more} if (more := added_by_second(client, form)) else {}
            transaction.set_rollback(True)
            assert {name: more for name, more in found.items() if name not in EACH_TIME} == {}


def added_by_second(client: Client, form: Form) -> dict[str, int]:
    """With words wherever they can stand, or with as little as the form asks for."""
    words = {name: EMAIL if "email" in name else WORDS for name in form.written()}
    found: dict[str, int] = {}
    for sent in (form.right() | words, form.right()):
        cache.clear()
        with transaction.atomic():
            press(client, form, sent)
            before = rows()
            press(client, form, sent)
            after = rows()
            transaction.set_rollback(True)
        found |= {name: more for name in after if (more := after[name] - before[name]) > 0}
    return found


def press(client: Client, form: Form, sent: Any) -> None:
    close_file(client.post(form.action, sent))


def rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(counts()))
        return dict(cursor.fetchall())


def counts() -> Iterator[str]:
    for model in apps.get_models():
        if model._meta.app_label in OURS:
            yield f"(SELECT '{model.__name__}', count(*) FROM {model._meta.db_table})"  # noqa: S608
