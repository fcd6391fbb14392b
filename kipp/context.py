"""What base.html needs on every page: the menu by role, whom to ask, the demonstration's logins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.sessions import end_of
from competitions.requests import Request
from competitions.roles import NOBODY
from judging.models import Panelist
from kipp.demo.accounts import LOGINS, PASSWORD
from kipp.lib.contact import Contact
from kipp.lib.web import address_of

# What a committee runs besides stands on its work page.
COMPETITIONS_IN_MENU = 3
DEMONSTRATION = {"demo_logins": LOGINS, "demo_password": PASSWORD}


@dataclass(frozen=True)
class NavLink:
    label: str | Promise
    url: str
    active: bool


@dataclass(frozen=True)
class NavItem:
    """One entry of the main menu: a URL name and who sees it."""

    label: str | Promise
    url_name: str
    is_shown: Callable[[Request], bool]


def everyone(_request: Request) -> bool:
    return True


def signed_in(request: Request) -> bool:
    """A request may be refused (wrong host) before the session was read: then nobody is."""
    return hasattr(request, "user") and request.user.is_authenticated


def writes(request: Request) -> bool:
    return request.actor.is_unit_staff


def endorses(request: Request) -> bool:
    return bool(request.actor.endorser_of)


def judges(request: Request) -> bool:
    """Committee and support reach a panel from their work page.

    Judges must use a second factor, so nobody else's seats are looked up.
    """
    user = request.actor.user
    if user is None or not user.must_use_mfa or user.is_staff or request.actor.seats:
        return False
    return Panelist.objects.filter(user=user).exists()


def manages_units(request: Request) -> bool:
    return endorses(request) or bool(request.actor.user and request.actor.user.is_staff)


NAV = (
    NavItem(_("Home"), "home", everyone),
    NavItem(_("My work"), "dashboard", signed_in),
    NavItem(_("Innovations and proposals"), "proposals:innovation-list", writes),
    NavItem(_("Endorsement"), "proposals:endorsement-queue", endorses),
    NavItem(_("Judge's desk"), "judging:desk", judges),
    NavItem(_("Units and people"), "accounts:unit-list", manages_units),
)


def nav_links(request: Request) -> list[NavLink]:
    """Strangers find everything on the home page and need no menu."""
    if not signed_in(request):
        return []
    shown = [(item.label, address_of(item.url_name)) for item in NAV if item.is_shown(request)]
    shown[2:2] = committee_links(request.actor.runs)
    return [NavLink(label, url, active=is_within(request.path, url)) for label, url in shown]


def committee_links(runs: Mapping[str, str]) -> list[tuple[str | Promise, str]]:
    """One competition is called by its short word; several need their names."""
    shown = list(islice(runs.items(), COMPETITIONS_IN_MENU))
    return [
        (
            name if len(shown) > 1 else _("Committee"),
            address_of("competitions:setup-overview", args=(slug,)),
        )
        for slug, name in shown
    ]


def is_within(path: str, url: str) -> bool:
    """Home is active on its own page only; every other link also on the pages below it."""
    return path == url if url == "/" else path.startswith(url)


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "portal": settings.PORTAL,
        "nav": nav_links(cast("Request", request)),
        "help": Contact(email=settings.HELP_EMAIL, phone=settings.HELP_PHONE),
        "unread": getattr(request, "actor", NOBODY).unread,
        # For the link that changes the language: back to this very page.
        "here": quote(request.get_full_path(), safe=""),
        "session_ends": end_of(getattr(request, "session", None)),
        "is_demo": settings.DEMO,
        **(DEMONSTRATION if settings.DEMO else {}),
    }
