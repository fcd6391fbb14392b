"""One secret score changes no byte of what a unit, another judge or the public is answered.

Twice the same year up to one value that a second judge gives, on the same clock and with the same
keys. Every address that a role may open is asked, while judges score and after the close. Masked is
what each request has of its own: its number, the token of its forms and the cookie behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message
from judging import services as judging
from tests import small_year
from tests.competitions.world import close_file
from tests.judging import url_table as of_judging
from tests.small_year import Year
from tests.test_urls import APPS, ROLES, clients_of, rows_to_ask

pytestmark = [pytest.mark.django_db, pytest.mark.long]

# The public, the unit itself, the rival unit with its endorser, another judge.
CURIOUS = ("anon", "author", "other", "judge")
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+')
OF_EACH_REQUEST = frozenset({"X-Request-ID"})
OF_THE_SERVER = {"health-process", "health-readiness"}  # how it fares, from second to second
LOW, HIGH = Decimal(1), Decimal(4)
Answers = dict[tuple[str, str, str], object]
Addresses = Mapping[str, Mapping[str, list[str]]]


def may_open(role: str, *, apps: Sequence[ModuleType]) -> dict[str, None]:
    """Names of addresses that answer this role with a page while judges score."""
    column = ROLES.index(role)
    return {
        name: None
        for app in apps
        for (name, method), statuses in rows_to_ask(app, state="judging").items()
        if method == "GET" and statuses.split()[column] == "200" and name not in OF_THE_SERVER
    }


def addresses_of(year: Year, *, apps: Sequence[ModuleType]) -> dict[str, list[str]]:
    arguments = {name: given for app in apps for name, given in app.arguments(year).items()}
    return {
        role: [reverse(name, args=arguments.get(name, [])) for name in may_open(role, apps=apps)]
        for role in CURIOUS
    }


def told(answer: Any) -> tuple[object, ...]:
    body = TOKEN.sub(rb"\1", b"".join(answer))
    close_file(answer)
    headers = {name: text for name, text in answer.items() if name not in OF_EACH_REQUEST}
    return answer.status_code, headers, sorted(answer.cookies), body


def crawl(when: str, addresses: Mapping[str, list[str]], known: Mapping[str, Client]) -> Answers:
    """By people whose browsers and servers remember nothing of an earlier crawl."""
    for cache in caches.all():
        cache.clear()
    found: Answers = {}
    for role, urls in addresses.items():
        client = Client()
        client.cookies = deepcopy(known[role].cookies)
        found |= {(when, role, url): told(client.get(url)) for url in urls}
    return found


def mails_to(year: Year, when: str) -> Answers:
    people = [year.people[role] for role in CURIOUS if role in year.people]
    rows = Message.objects.filter(recipient__in=people).order_by("pk")
    return {(when, "mail", str(row.pk)): (row.subject, row.text) for row in rows}


def give(year: Year, value: Decimal) -> None:
    """The second judge's sheets: `value` is the secret, one criterion of the clinic's."""
    for sheet in small_year.sheets_of(year, "desk"):
        criteria = [criterion.key for criterion in sheet.entry.stage.criteria.all()]
        marks = dict.fromkeys(criteria, Decimal(2))
        is_secret = sheet.panelist.user == year.people["judge2"]
        if is_secret and sheet.entry.proposal == year.proposal:
            marks[criteria[0]] = value
        by = sheet.panelist.user
        values = judging.Sheet(values=marks)
        judging.submit_scorecard(sheet, sheet=values, version=sheet.version, by=by, at=year.at)


def answers_with(
    year: Year, value: Decimal, *, known: Mapping[str, Client], addresses: Addresses
) -> Answers:
    """By the moment of the year: while judges score, and after the close."""
    with taken_back():
        give(year, value)
        found = crawl("open", addresses["open"], known)
        judging.close_stage(year.stage("desk"), by=year.people["chair"], at=year.at)
        found |= crawl("closed", addresses["closed"], known) | mails_to(year, "closed")
    return found


@contextmanager
def taken_back() -> Iterator[None]:
    """Rows and what the keys have counted: the next ones are the same again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences")
        counted = cursor.fetchall()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        for name, last in counted:
            cursor.execute("SELECT setval(%s::regclass, %s, %s)", [name, last or 1, bool(last)])


def test_one_secret_score_changes_no_byte_for_those_who_may_not_know_it() -> None:
    with time_machine.travel(timezone.now(), tick=False):
        year = small_year.judged(at=timezone.now())
        known = clients_of(year)
        addresses = {"open": addresses_of(year, apps=[of_judging])}
        addresses |= {"closed": addresses_of(year, apps=APPS)}

        low = answers_with(year, LOW, known=known, addresses=addresses)
        high = answers_with(year, HIGH, known=known, addresses=addresses)

    assert low.keys() == high.keys()
    assert [where for where, answer in low.items() if high[where] != answer] == []
    assert sum(when == "closed" for when, _role, _url in low) > 90


def test_the_crawl_sees_a_score_where_it_may_be_seen() -> None:
    """Whoever sees nothing at all would pass the test above: the judge's own pages do differ."""
    with time_machine.travel(timezone.now(), tick=False):
        year = small_year.judged(at=timezone.now())
        known = clients_of(year)
        known["judge"].force_login(year.people["judge2"])
        own = {"judge": [reverse("judging:own-scores", args=[year.stage("desk").pk])]}
        addresses = {"open": own, "closed": own}

        low = answers_with(year, LOW, known=known, addresses=addresses)
        high = answers_with(year, HIGH, known=known, addresses=addresses)

    pages = [where for where in low if where[1] == "judge"]
    assert [when for when, _role, _url in pages] == ["open", "closed"]
    assert all(high[where] != low[where] for where in pages)
