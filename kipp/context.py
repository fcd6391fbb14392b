"""What base.html needs on every page; no query here, roles come from the request's lazy actor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from competitions.requests import Request
from kipp.lib.contact import Contact


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
    return request.user.is_authenticated


NAV: tuple[NavItem, ...] = ()


def nav_links(request: Request) -> list[NavLink]:
    shown = [(item.label, reverse(item.url_name)) for item in NAV if item.is_shown(request)]
    return [NavLink(label, url, active=is_within(request.path, url)) for label, url in shown]


def is_within(path: str, url: str) -> bool:
    """Home is active on its own page only; every other link also on the pages below it."""
    return path == url if url == "/" else path.startswith(url)


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "portal": settings.PORTAL,
        "nav": nav_links(cast("Request", request)),
        "help": Contact(email=settings.HELP_EMAIL, phone=settings.HELP_PHONE),
        "is_demo": settings.DEMO,
    }
