"""The pages that no walk of tests/look/portal.py meets, as the tables of addresses name them."""

from __future__ import annotations

from collections.abc import Iterator

from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from accounts.models import User
from tests import small_year
from tests.competitions.world import close_file
from tests.look.portal import Portal
from tests.test_urls import APPS, ROLES, rows_of

NOT_OURS = {"admin:index"}
# A role, who it is (nobody: a stranger), and the addresses of its pages.
Walk = tuple[str, User | None, list[str]]


def further_walks(portal: Portal) -> Iterator[Walk]:
    """In the small year after its results, each page once."""
    for role, person, urls in further_addresses(portal):
        if pages := [url for url in urls if is_page(url, person)]:
            yield role, person, pages


def further_addresses(portal: Portal) -> Iterator[Walk]:
    """Pages and files."""
    walked = {name_of(url) for urls in portal.pages.values() for url in urls}
    year = small_year.released(at=timezone.now())
    found: dict[str, list[str]] = {}
    for app in APPS:
        arguments = app.arguments(year)
        for (name, method), statuses in rows_of(app, when={"results", "always"}).items():
            role = first_to_open(statuses, among=year.people)
            if method == "GET" and role and name not in walked | NOT_OURS:
                found.setdefault(role, []).append(reverse(name, args=arguments.get(name, [])))
    for role, urls in found.items():
        yield f"{role}, later", year.people.get(role), urls


def name_of(url: str) -> str:
    return "" if url == "/tidak-ada/" else resolve(url).view_name


def first_to_open(statuses: str, *, among: dict[str, User]) -> str | None:
    found = zip(ROLES, statuses.split(), strict=True)
    return next(
        (role for role, status in found if status == "200" and role in {*among, "anon"}), None
    )


def is_page(url: str, person: User | None) -> bool:
    """Not a file."""
    client = Client()
    if person:
        client.force_login(person)
    answer = client.get(url)
    close_file(answer)
    return str(answer["Content-Type"]).startswith("text/html")
