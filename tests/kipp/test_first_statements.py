"""What every page of a person costs before it asks for anything of its own."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.models import User
from tests import make

pytestmark = pytest.mark.django_db
# Draws the whole frame with the menu, and reads nothing but the person.
TABLE = re.compile(r'FROM "?(\w+)')
PAGE = "/akun/profil/"


@pytest.fixture(autouse=True)
def statements_in_words(settings: Settings) -> None:
    """A plan's name says nothing of the tables that it reads."""
    settings.DATABASE_PREPARE = False


def asked_of(person: User) -> list[str]:
    client = Client()
    client.force_login(person)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(PAGE).status_code == 200
    return [
        sql if (of := TABLE.search(sql)) is None else of[1]
        for sql in (each["sql"] for each in captured)
    ]


def test_page_of_an_author_begins_with_session_person_and_roles() -> None:
    author = make.user()
    make.membership(author, make.unit())

    assert asked_of(author) == ["django_session", "accounts_user", "accounts_membership"]


def test_only_who_needs_a_second_factor_is_looked_up_among_the_judges() -> None:
    judge = make.user(must_use_mfa=True)

    assert asked_of(judge)[3:] == ["judging_panelist"]
