"""Every address, in every state of the year, as every role; the tables stand with each app's tests.

A table lists names, several in a group if they behave alike, and below them the status that each
role gets in a state of the year; `always` stands for each that the app can tell apart. A `POST`
line is a POST with nothing in it: 404 or 403 for who may not, else a redirect or a refusal.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone
from pytest_django import Settings

from kipp import urls as kipp_urls
from tests import make, small_year
from tests.accounts import url_table as of_accounts
from tests.competitions import url_table as of_competitions
from tests.competitions.world import close_file
from tests.judging import url_table as of_judging
from tests.kipp import url_table as of_kipp
from tests.proposals import url_table as of_proposals
from tests.small_year import Year

pytestmark = pytest.mark.long

ROLES = (
    "anon",
    "author",
    "other",  # author and endorser of another agency's unit
    "endorser",
    "organizer",
    "chair",
    "auditor",
    "judge",
    "outsider",  # a judge of another competition
    "sysadmin",
)
STATES = {
    "submission": small_year.writing,
    "judging": small_year.judged,
    "results": small_year.released,
}
# An app knows nothing of what stands above it (lint-imports), so these states are all the same to
# it but the ones named here; a line that names another state is asked there all the same.
TOLD_APART = {
    of_kipp: tuple(STATES),
    of_accounts: ("submission",),
    of_competitions: ("submission",),
    of_proposals: ("submission", "judging"),
    of_judging: tuple(STATES),
}
APPS = tuple(TOLD_APART)

# What anybody may open; everything else asks for a login.
PUBLIC = {
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "accounts:invitation-accept",
    "accounts:unsubscribe",
    "competitions:competition-calendar",
    "competitions:competition-page",
    "competitions:material-file",
    "competitions:workshop-page",
    "health-process",
    "health-readiness",
    "home",
    "judging:board",
    "judging:board-calendar",
    "judging:certificate",
    "judging:certificate-pdf",
    "judging:checker",
    "judging:objection-follow",
    "judging:objection-make",
    "judging:public-bundle",
    "judging:public-proof",
    "judging:public-results",
    "judging:public-results-csv",
    "judging:public-results-json",
    "judging:sheet-autosave",  # answers 401 to a script instead of a login page
    "judging:visit-autosave",
    "judging:winner-photo",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "proposals:receipt-ask",
    "proposals:receipt-key",
    "proposals:receipt-keys",
    "proposals:receipt-verify",
    "proposals:register",
    "proposals:register-entry",
    "proposals:register-photo",
    "proposals:screening-notice",
    "proposals:section-autosave",
    "proposals:upload-begin",  # scripts again
    "proposals:upload-finish",
    "proposals:upload-parts",
    "set_language",
    "sso-leave",
    "sso-return",
}
# Views that are not ours.
FOREIGN = ("account_", "admin:", "mfa_", "set_language", "usersessions_")
DEMO = {"demo-enter", "demo-mail", "demo-mails", "styleguide"}


def patterns(
    entries: list[URLPattern | URLResolver], prefix: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every name with its pattern; of the administration only the front page."""
    for entry in entries:
        if isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}", entry
        elif entry.namespace == "admin":
            yield from (("admin:index", each) for each in front_page(entry))
        else:
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from patterns(entry.url_patterns, inner)


def front_page(admin: URLResolver) -> list[URLPattern]:
    own = [each for each in admin.url_patterns if isinstance(each, URLPattern)]
    return [each for each in own if each.name == "index"]


def is_public(pattern: URLPattern) -> bool:
    return not getattr(pattern.callback, "login_required", True)


def rows_to_ask(app: ModuleType, *, state: str) -> dict[tuple[str, str], str]:
    return rows_of(app, when={state, "always"} if state in TOLD_APART[app] else {state})


def rows_of(app: ModuleType, *, when: set[str]) -> dict[tuple[str, str], str]:
    """(name, method) -> the statuses of all roles, from the lines that begin with these words."""
    rows: dict[tuple[str, str], str] = {}
    names: list[str] = []
    is_new = True
    head, *lines = filter(str.strip, app.TABLE.splitlines())
    assert tuple(head.split()) == ROLES
    for line in lines:
        if not line.startswith(" "):
            names = [*([] if is_new else names), line.strip()]
            is_new = False
            continue
        is_new = True
        state, *cells = line.split()
        method = cells.pop(0) if cells[0] == "POST" else "GET"
        if state in when:
            rows |= {(name, method): " ".join(cells) for name in names}
    return rows


def names_of(app: ModuleType, *, state: str) -> set[str]:
    return {name for name, _method in rows_to_ask(app, state=state)}


def visit(clients: dict[str, Client], method: str, url: str) -> str:
    """The statuses of one address, role by role."""
    return " ".join(status_of(client, method, url) for client in clients.values())


def status_of(client: Client, method: str, url: str) -> str:
    """Whatever a POST has done is taken back."""
    if method == "GET":
        answer = client.get(url)
        close_file(answer)
        return str(answer.status_code)
    with transaction.atomic():
        answer = client.post(url)
        transaction.set_rollback(True)
    return str(answer.status_code)


def clients_of(year: Year) -> dict[str, Client]:
    outsider = make.user("Outsider", password=year.people["judge"].password)
    make.panelist(make.stage(make.competition()), outsider)
    clients = {role: Client() for role in ROLES}
    for role, client in clients.items():
        if role != "anon":
            client.force_login({**year.people, "outsider": outsider}[role])
    return clients


@pytest.fixture
def _short_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of all answers here are refusals; tests/look reads their whole pages."""
    monkeypatch.setattr(kipp_urls, "handler403", forbid, raising=False)
    monkeypatch.setattr(kipp_urls, "handler404", miss, raising=False)


def forbid(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(status=403)


def miss(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(status=404)


def test_every_address_has_a_row_in_every_state() -> None:
    known = {name for name, _pattern in patterns(kipp_urls.urlpatterns)}

    listed = {
        name
        for app, states in TOLD_APART.items()
        for name in set.intersection(*(names_of(app, state=state) for state in states))
    }
    assert listed == known


def test_public_addresses_are_these() -> None:
    found = {name for name, pattern in patterns(kipp_urls.urlpatterns) if is_public(pattern)}

    assert found == PUBLIC


def urls_of_demo() -> ModuleType:
    """A second copy of the addresses, as the demonstration has them."""
    assert kipp_urls.__file__
    spec = importlib.util.spec_from_file_location("urls_of_demo", Path(kipp_urls.__file__))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_demo_adds_its_own_public_pages_and_nothing_else(settings: Settings) -> None:
    settings.DEMO = True
    known = dict(patterns(kipp_urls.urlpatterns))

    added = [
        (name, is_public(pattern))
        for name, pattern in patterns(urls_of_demo().urlpatterns)
        if name not in known
    ]

    assert sorted(added) == [(name, True) for name in sorted(DEMO)]


@pytest.mark.django_db
@pytest.mark.usefixtures("_short_refusals")
@pytest.mark.parametrize("state", STATES)
def test_every_role_gets_what_the_table_says(state: str) -> None:
    year = STATES[state](at=timezone.now())
    clients = clients_of(year)
    expected, found = {}, {}

    for app in APPS:
        arguments = app.arguments(year)
        for (name, method), statuses in rows_to_ask(app, state=state).items():
            expected[f"{name} {method}"] = statuses
            url = reverse(name, args=arguments.get(name, []))
            found[f"{name} {method}"] = visit(clients, method, url)

    wrong = {
        name: f"{found[name]} not {expected[name]}"
        for name in found
        if found[name] != expected[name]
    }
    assert wrong == {}


@pytest.mark.django_db
@pytest.mark.usefixtures("_short_refusals")
def test_who_may_not_open_a_page_may_not_send_its_form() -> None:
    year = small_year.judged(at=timezone.now())
    clients = clients_of(year)
    further: dict[tuple[str, str], str] = {}

    for app in APPS:
        arguments = app.arguments(year)
        for (name, method), statuses in rows_of(app, when={"judging", "always"}).items():
            if method == "POST":
                continue
            url = reverse(name, args=arguments.get(name, []))
            for role, opened in zip(ROLES, statuses.split(), strict=True):
                if opened in {"403", "404"}:
                    sent = status_of(clients[role], "POST", url)
                    further |= {(name, role): sent} if sent not in {"403", "404", "405"} else {}

    assert further == {}


@pytest.mark.django_db
def test_wrong_method_is_refused_everywhere() -> None:
    year = small_year.judged(at=timezone.now())
    client, found = clients_of(year)["organizer"], {}

    for app in APPS:
        arguments = app.arguments(year)
        for name, _method in rows_of(app, when={"judging", "always"}):
            if not name.startswith(FOREIGN):
                url = reverse(name, args=arguments.get(name, []))
                found[name] = client.generic("PROPFIND", url).status_code

    assert {name: status for name, status in found.items() if status != 405} == {}
