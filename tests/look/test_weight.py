"""What a first visit to any page sends: counted from its HTML, without a browser."""

from __future__ import annotations

import gzip
import re
import time
from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as METHODS
from django.contrib.staticfiles import finders
from django.test import Client

from accounts.models import User
from tests.look import portal

pytestmark = [pytest.mark.long, pytest.mark.django_db]

NAMED = re.compile(r'<(?:link|script|img|use)[^>]* (?:href|src)="([^"#]+)')
# Bytes as sent with gzip.
FORM_BUDGET, PUBLIC_BUDGET = 60_000, 100_000
IN_CSS = re.compile(r'url\("?([^"#)]+)')


def test_every_page_fits_its_budget_on_a_first_visit() -> None:
    world = portal.build()

    heavy = {
        (role, url): weight
        for role, urls in world.pages.items()
        for client in [visitor(world.people[role])]
        for url in urls
        if (weight := weight_of(client, url)) > budget_of(role)
    }

    assert heavy == {}


def budget_of(role: str) -> int:
    return PUBLIC_BUDGET if role == "visitor" else FORM_BUDGET


def visitor(person: User | None) -> Client:
    client = Client()
    if person:
        client.force_login(person)
        # The pages that ask for the password again have just been given it.
        session = client.session
        session[METHODS] = [{"method": "password", "at": time.time()}]
        session.save()
    return client


def weight_of(client: Client, url: str) -> int:
    """Bytes with gzip: the page, what it names, and what its style sheets name."""
    page = client.get(url)
    if not page["Content-Type"].startswith("text/html"):
        return 0
    named = {name for name in NAMED.findall(page.content.decode()) if name.startswith("/static/")}
    deeper = {each for name in named if name.endswith(".css") for each in inside(name)}
    return len(gzip.compress(page.content)) + sum(map(sent, named | deeper))


@cache
def inside(sheet: str) -> frozenset[str]:
    found = IN_CSS.findall(content_of(sheet).decode())
    return frozenset(urljoin(sheet, name) for name in found if not name.startswith("data:"))


@cache
def sent(name: str) -> int:
    return len(gzip.compress(content_of(name)))


def content_of(name: str) -> bytes:
    path = finders.find(urlsplit(name).path.removeprefix("/static/"))
    assert path, name
    return Path(path).read_bytes()
