"""At the edge: when a form arrived, pages that nobody else may keep, an answer when we are busy."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import OperationalError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    UnreadablePostError,
)
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from psycopg2.errors import DeadlockDetected, LockNotAvailable, QueryCanceled

log = structlog.get_logger(__name__)

# PostgreSQL undid the whole transaction: the same request may simply be sent again.
PASSING = (DeadlockDetected, LockNotAvailable, QueryCanceled)
UNAVAILABLE = 503
RETRY_AFTER = "5"
# Bytes; the final send is smaller.
SMALL_FORM = 2048
# Never written into a page.
SECRETS = frozenset(
    {
        "csrfmiddlewaretoken",
        "code",
        "oldpassword",
        "password",
        "password1",
        "password2",
        "password_again",
    }
)


def private_pages(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """What a person with a session gets is kept by no proxy, and asked for again after logout."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return middleware


def note_arrival(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Read a small form before anything that may have to wait, and note when it was here.

    The final send is one: an upload or a slow database cannot make a punctual one late.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.arrived = _read_small(request)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def _read_small(request: HttpRequest) -> float | None:
    if request.method != "POST" or _length(request) > SMALL_FORM:
        return None
    try:
        request.body  # noqa: B018 - it is kept for whoever reads the form
    except UnreadablePostError:
        return None
    return time.monotonic()


def _length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isdigit() else 0


class BusyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        if not isinstance(error, OperationalError) or not isinstance(error.__cause__, PASSING):
            return None
        log.warning("database_busy", path=request.path, reason=type(error.__cause__).__name__)
        response = answer(request)
        response["Retry-After"] = RETRY_AFTER
        return response


def answer(request: HttpRequest) -> HttpResponseBase:
    """JSON for whoever prefers it; a page with the typed text and a button for everybody else."""
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        sentence = _("We are busy for a moment. Nothing was saved; try again.")
        return JsonResponse({"error": sentence}, status=UNAVAILABLE)
    typed = typed_fields(request)
    context = {
        "typed": typed,
        "texts": [value for _name, value in typed if " " in value.strip()],
        "has_files": bool(request.FILES),
        "url": request.get_full_path(),
        "is_post": request.method == "POST",
        "csrf_token": get_token(request),
    }
    # Without the request: what every page needs is read from the very database that is busy.
    return HttpResponse(render_to_string("errors/503.html", context), status=UNAVAILABLE)


def typed_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Every field that was sent, as it was sent, but no secret."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in SECRETS
        for value in values
    ]
