"""Every form under values that nobody should send: no error of the server, nothing unclean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.test import Client

from kipp.lib.text import clean_text
from tests import make
from tests.hostile.world import CASES, Data

pytestmark = [pytest.mark.long, pytest.mark.django_db]

VALUES: dict[str, object] = {
    "nul": "a\0b",
    "marks": "e\u0301 \u202egnp.exe\u200b\ufeff\x07 \u2028",
    "long": "panjang " * 12_500,
    "markup": "=cmd|'/c calc'!A1 <script>alert(1)</script> ../../etc/passwd",
    "digits": "9" * 40,
    "exponent": "1e400",
    "far": "9999-12-31",
    "twice": ["a", "b"],
}
# What only a number, a date or words can stumble over.
OF_NUMBERS, OF_DATES, OF_WORDS = {"digits", "exponent"}, {"far"}, {"marks"}
# What is right here but comes at the wrong time, or without the file that the browser adds.
REFUSED = {"login": 200, "import": 422, "upload": 422, "endorse": 422}
SCRIPTS = {"autosave": 200, "sheet-autosave": 200}


@pytest.mark.parametrize("name", CASES)
def test_form_survives_hostile_values(name: str) -> None:
    with time_machine.travel(make.NOON):
        person, url, data = CASES[name]()
        client = Client(raise_request_exception=False)
        if person:
            client.force_login(person)

        found = {
            label: fault for label, sent in hostile(data) if (fault := fault_of(client, url, sent))
        }

    assert found == {}


def hostile(data: Data) -> Iterator[tuple[str, Data]]:
    """Nothing at all, and the right data with one value missing or wrong."""
    yield "nothing", {}
    for field in data:
        yield f"{field} missing", {key: data[key] for key in data if key != field}
        for label in VALUES.keys() - beside_the_point(data[field]):
            yield f"{field} {label}", {**data, field: VALUES[label]}


def beside_the_point(right: object) -> set[str]:
    """By what is right in a field; where that is nothing, everything is tried."""
    text = str(right)
    if text.isdecimal():
        return OF_WORDS | OF_DATES
    if text[:4].isdecimal():
        return OF_WORDS | OF_NUMBERS
    return OF_NUMBERS | OF_DATES if text else set()


def fault_of(client: Client, url: str, data: Data) -> object:
    """What is wrong with the answer or with what it left behind; nothing of it stays."""
    mark = transaction.savepoint()
    status = client.post(url, data).status_code
    found: object = status if status >= 500 else None
    if status == 302:
        found = list(unclean_columns())
    transaction.savepoint_rollback(mark)
    return found


def unclean_columns() -> Iterator[str]:
    for model in apps.get_models():
        fields = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, (models.CharField, models.TextField))
        ]
        if model._meta.app_label in OURS and fields:
            for row in model._default_manager.values(*fields):
                yield from (f"{model.__name__}.{key}" for key in row if not is_clean(row[key]))


OURS = {"accounts", "competitions", "proposals", "judging"}


def is_clean(text: Any) -> bool:
    try:
        return not text or clean_text(text) == text
    except ValidationError:
        return False
