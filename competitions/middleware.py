"""Public pages are the same for every stranger: kept as they went out, while they are true.

A process answers from its own memory as long as the database's stamp of all that public pages show
is the one under which the page was made, and the clock has reached none of its dates.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Concatenate, NamedTuple, ParamSpec

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language_from_request

from competitions.queries import next_public_change, public_stamp
from competitions.requests import Request, Truth

MOST = 100
FAR = datetime.max.replace(tzinfo=UTC)
PERSONAL = frozenset({settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name})
GZIP = re.compile(r"\bgzip\b")
P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponse]


class Name(NamedTuple):
    """Everything that a stranger's page depends on beside the database and the clock."""

    host: str
    path: str
    language: str
    is_zipped: bool


@dataclass(frozen=True, slots=True)
class Kept:
    truth: Truth
    content: bytes
    headers: dict[str, str]

    def answer(self, *, at: datetime) -> HttpResponse:
        """With the time in a header: in the page it stands as it was when the page was made."""
        timing = {"Server-Timing": f'now;desc="{at.isoformat()}"'}
        return HttpResponse(self.content, headers=self.headers | timing)


def shared_page(view: View[P]) -> View[P]:
    """For pages that say the same to all strangers. The stamp is read before anything else is."""

    @wraps(view)
    def wrapper(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if name_of(request) is None:
            return view(request, *args, **kwargs)
        stamp, at = public_stamp(), timezone.now()
        response = view(request, *args, **kwargs)
        if stamp is not None:
            next_turn = getattr(request, "next_turn", None)
            turn = next_turn(at=at) if next_turn else None
            until = min(next_public_change(at), turn or FAR)
            request.truth = Truth(stamp, since=at, until=until)
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    return wrapper


def sharing_middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Stands above everything that makes a page out of an answer, compression included."""
    if settings.DEBUG:
        raise MiddlewareNotUsed  # so that a changed template shows at once
    pages: dict[Name, Kept] = {}

    def middleware(request: HttpRequest) -> HttpResponseBase:
        name = name_of(request)
        if name is None:
            return get_response(request)
        kept, at = pages.get(name), timezone.now()
        if kept and kept.truth.is_of(at) and kept.truth.stamp == public_stamp():
            return kept.answer(at=at)
        response = get_response(request)
        truth = getattr(request, "truth", None)
        if truth and isinstance(response, HttpResponse) and is_plain(response):
            if len(pages) >= MOST:
                pages.clear()
            pages[name] = Kept(truth, response.content, dict(response.headers))
        return response

    return middleware


def name_of(request: HttpRequest) -> Name | None:
    """None for whoever is known or waits for a message, and for what is more than a page's path."""
    if request.method != "GET" or request.META.get("QUERY_STRING"):
        return None
    if not PERSONAL.isdisjoint(request.COOKIES):
        return None
    return Name(
        request.headers.get("Host", ""),
        request.path,
        get_language_from_request(request),
        is_zipped=GZIP.search(request.headers.get("Accept-Encoding", "")) is not None,
    )


def is_plain(response: HttpResponse) -> bool:
    return response.status_code == 200 and not response.cookies
