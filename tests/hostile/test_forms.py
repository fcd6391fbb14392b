"""Every form of every page, sent as nobody should send it: a sentence, what was typed, no error."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from html import unescape
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection, models, transaction
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from accounts.models import User
from kipp import urls
from tests import small_year
from tests.competitions.world import close_file
from tests.hostile.found import MARKUP, Data, Form, forms_in
from tests.hostile.walks import WALKS
from tests.test_urls import APPS, FOREIGN, patterns

pytestmark = [pytest.mark.long, pytest.mark.django_db]

# One button and no field, not even a hidden one; the tables of addresses press it.
BUTTONS = {
    "accounts:deputy-revoke",
    "accounts:invitation-join",
    "competitions:attendee-unmark",
    "judging:absence-remove",
    "judging:appearance-wish-remove",
    "judging:competition-publish",
    "judging:draft-adjust",
    "judging:feedback-release",
    "judging:matrix-sheet",
    "judging:panel-remove",
    "judging:plenary-convene",
    "judging:results-csv",
    "judging:results-xlsx",
    "judging:visit-photo-remove",
    "judging:wish-remove",
    "proposals:authorisation-revoke",
    "proposals:board-csv",
    "proposals:board-xlsx",
    "proposals:proposal-dossier",
    "proposals:proposal-list-file",
    "proposals:upload-drop",
}
# Sent by scripts, with a file (test_corpus.py, tests/proposals/test_uploading.py).
SCRIPTS = {"proposals:upload-begin", "proposals:upload-finish"}
# The page's script keeps what was typed, and a save is a 200.
AUTOSAVE = "-autosave"
# They answer with a page: what keeps nothing, one button, and forms that are not ours.
PAGES = (
    *("judging:practice", "judging:round-extend-preview"),
    *("accounts:session-left", "accounts:unsubscribe", "account_", "mfa_"),
)
REFUSALS = {400, 403, 404, 405, 409, 413, 422, 429}
ENDLESS, URLENCODED = b"x=" + b"panjang " * 1_310_720, "application/x-www-form-urlencoded"
MARKS = "[\u0007\u200b\u2028\u202e\ufeff]"
SECRETS = "password"


@pytest.fixture(autouse=True)
def unlogged() -> Iterator[None]:
    """A line of the log holds its request until the test ends: ten megabytes each, gigabytes."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


def test_form_survives_what_nobody_should_send(subtests: pytest.Subtests) -> None:
    tried: set[str] = set()
    for walk in WALKS:
        with subtests.test(walk.__name__), transaction.atomic():
            found = {
                f"{name}: {label}": fault
                for name, label, fault in faults_of(walk(), tried=tried)
                if fault
            }
            transaction.set_rollback(True)
            assert found == {}
    with subtests.test("every address that takes a form"):
        assert sorted(names_that_take_a_form() - tried) == sorted(BUTTONS | SCRIPTS)


def faults_of(
    walk: Iterator[tuple[User | None, list[str]]], *, tried: set[str]
) -> Iterator[tuple[str, str, str]]:
    """Each form once, as the first who meets it."""
    for person, pages in walk:
        client = Client(raise_request_exception=False)
        if person:
            client.force_login(person)
        for url in pages:
            for name, form in new_forms(client, url, tried=tried):
                yield from ((name, *fault) for fault in attacked(client, form, name=name))


def new_forms(client: Client, url: str, *, tried: set[str]) -> Iterator[tuple[str, Form]]:
    answer = client.get(url)
    close_file(answer)
    if answer.streaming or not str(answer["Content-Type"]).startswith("text/html"):
        return
    for form in forms_in(answer.content.decode(), url=url):
        name = resolve(form.action.partition("?")[0].partition("#")[0]).view_name
        kind = form.action if name.startswith("competitions:part-") else name
        if kind not in tried:
            tried |= {kind, name}
            yield name, form


def attacked(client: Client, form: Form, *, name: str) -> Iterator[tuple[str, str]]:
    cookies = dict(client.cookies)
    for label, data in form.hostile():
        cache.clear()  # nobody is slowed down for trying
        with transaction.atomic():
            answer = client.post(form.action, {"csrfmiddlewaretoken": "x", **data})
            close_file(answer)
            yield label, fault_in(answer, form, label=label, data=data, name=name)
            transaction.set_rollback(True)
        client.cookies = SimpleCookie({key: morsel.value for key, morsel in cookies.items()})
    if form.inputs:
        answer = client.post(form.action, ENDLESS, content_type=URLENCODED)
        yield "ten megabytes", "" if answer.status_code == 413 else f"status {answer.status_code}"


def fault_in(answer: Any, form: Form, *, label: str, data: Data, name: str) -> str:
    is_script = name.endswith(AUTOSAVE)
    if answer.status_code == (200 if is_script else 302):
        return ", ".join(unclean_columns()) if label == "marks" else ""
    if answer.status_code == 200:
        return "" if name.startswith(PAGES) else "no refusal"
    if answer.status_code not in REFUSALS:
        return f"status {answer.status_code}"
    page = unescape(answer.content.decode())
    kept = [key for key in form.inputs if data.get(key) == MARKUP and is_typed(form, key)]
    if not is_script and answer.status_code in {409, 422} and page.count(MARKUP) < len(kept):
        return f"lost what was typed: {kept}"
    return ""


def is_typed(form: Form, name: str) -> bool:
    return form.inputs[name].kind in {"words", "number", "date"} and SECRETS not in name


def unclean_columns() -> list[str]:
    """Where marks that nobody sees, or letters in pieces, were stored."""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(searches()), {"marks": MARKS})
        return [name for (name,) in cursor.fetchall()]


def searches() -> Iterator[str]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if model._meta.app_label in OURS and type(field) in {
                models.CharField,
                models.TextField,
            }:
                yield (
                    f"(SELECT '{model.__name__}.{field.name}' FROM {model._meta.db_table}"  # noqa: S608
                    f' WHERE "{field.column}" ~ %(marks)s OR "{field.column}" IS NOT NFC NORMALIZED'
                    " LIMIT 1)"
                )


OURS = {"accounts", "competitions", "proposals", "judging"}


def names_that_take_a_form() -> set[str]:
    """By what an address says when it is asked with a method that it does not know."""
    year = small_year.judged(at=timezone.now())
    client = Client()
    client.force_login(year.people["organizer"])
    known = {name: values for app in APPS for name, values in app.arguments(year).items()}
    found = set()
    for name, _pattern in patterns(urls.urlpatterns):
        if not name.startswith(FOREIGN):
            answer = client.generic("PROPFIND", reverse(name, args=known.get(name, [])))
            found |= {name} if "POST" in answer["Allow"] else set()
    return found
