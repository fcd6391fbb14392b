"""At the edge: a request's number and arrival, pages for one person, answers while we are away."""

from __future__ import annotations

import math
import re
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from csp.constants import HEADER as CONTENT_POLICY
from csp.utils import build_policy
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    JsonResponse,
    UnreadablePostError,
)
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _lazy
from django_permissions_policy import PermissionsPolicyMiddleware
from django_structlog.middlewares import RequestMiddleware
from psycopg2.errors import DeadlockDetected, LockNotAvailable, QueryCanceled

from competitions.models import Maintenance
from kipp.lib.files import FilesAwayError
from kipp.lib.late import late
from kipp.lib.web import kept_form

counting = late("kipp.counting")
log = structlog.get_logger(__name__)

# PostgreSQL undid the whole transaction: the same request may simply be sent again.
PASSING = (DeadlockDetected, LockNotAvailable, QueryCanceled)
UNAVAILABLE = 503
# Seconds until the same request may be worth sending again.
RETRY_AFTER = {"busy": "5", "away": "30", "files": "30", "closed": "300"}
AWAY = _lazy("The portal is away for a moment. Keep this page open and try again.")
SENTENCES = {
    "busy": _lazy("We are busy for a moment. Nothing was saved; try again."),
    "files": _lazy("Files cannot be reached now. What has arrived is kept; try again later."),
}
# A number that a proxy brings along; anything else could be written into our logs.
REQUEST_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
# For how many seconds a process trusts what it last read about maintenance.
LOOK_EVERY = 2
ALWAYS_OPEN = ("/healthz", "/readyz", f"/{settings.STATIC_URL.lstrip('/')}")
# Bytes; the final send is smaller.
SMALL_FORM = 2048


def count_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Outermost, and only where `METRICS_FOLDER` is set."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        started = time.monotonic()
        response = get_response(request)
        match = request.resolver_match
        counting.count(
            match.view_name if match else "shared",
            method=str(request.method),
            status=response.status_code,
            seconds=time.monotonic() - started,
        )
        return response

    return middleware


def identify_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """One number for a request: in its lines of the log, in a header, on the page of an error."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXIES else ""
        number = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        request.META["HTTP_X_REQUEST_ID"] = number
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=number)
        response = get_response(request)
        response.headers["X-Request-ID"] = number
        return response

    return middleware


class LogMiddleware(RequestMiddleware):
    """Its line names the address that our own proxies saw; before them anybody may write one."""

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        passed = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        count = settings.TRUSTED_PROXIES
        seen = passed[-count].strip() if 0 < count <= len(passed) else ""
        structlog.contextvars.bind_contextvars(ip=seen or request.META.get("REMOTE_ADDR"))


class MaintenanceMiddleware:
    """While an operator has closed the portal, every page says so and gives back what was sent.

    It stands before everything that asks the database, and asks it itself only now and then.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        # For the headers that they set. Any: by their types they might be asynchronous.
        framed: Any = XFrameOptionsMiddleware(self.refuse)
        permitted: Any = PermissionsPolicyMiddleware(framed)
        self.refuse_safely = content_policy(permitted)
        self.current: Maintenance | None = None
        self.looked_at = -math.inf

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(ALWAYS_OPEN) or not self.is_closed():
            return self.get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            response: HttpResponseBase = self.refuse_safely(request)
        return response

    def is_closed(self) -> bool:
        """Without the database nothing is known anew: what was true stays so."""
        if time.monotonic() - self.looked_at > LOOK_EVERY:
            self.looked_at = time.monotonic()
            try:
                self.current = Maintenance.objects.filter(ended_at=None).first()
            except DatabaseError as error:
                log.warning("maintenance_unknown", error=type(error).__name__)
        return self.current is not None

    def refuse(self, request: HttpRequest) -> HttpResponseBase:
        expected_at = self.current.expected_at if self.current else None
        response = answer(request, reason="closed", expected_at=expected_at)
        response.headers["Cache-Control"] = "no-store"
        return response


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


def content_policy(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """The settings' policy on every answer that has none of its own, written once.

    Django's own pages for developers need inline styles.
    """
    policy = build_policy()
    exempt = {404, 500} if settings.DEBUG else frozenset()

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code not in exempt:
            response.headers.setdefault(CONTENT_POLICY, policy)
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


def explain_wrong_methods(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Django leaves such an answer empty, and a browser shows it: a reload, a link to a button."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method != "HEAD":
            response.content = render_to_string("errors/405.html")
        return response

    return middleware


class BusyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        if isinstance(error, FilesAwayError):
            log.error("files_away", path=request.path, reason=str(error))
            return answer(request, reason="files")
        if not isinstance(error, OperationalError) or not isinstance(error.__cause__, PASSING):
            return None
        log.warning("database_busy", path=request.path, reason=type(error.__cause__).__name__)
        return answer(request, reason="busy")


def is_away(error: BaseException | None) -> bool:
    """Whether the database is gone, full or overrun; not that it refused what we asked."""
    return isinstance(error, OperationalError | InterfaceError)


def answer(
    request: HttpRequest, *, reason: str, expected_at: datetime | None = None
) -> HttpResponseBase:
    """JSON for whoever prefers it; a page with the typed text and a button for everybody else.

    `reason` is one of `RETRY_AFTER`.
    """
    headers = {"Retry-After": RETRY_AFTER[reason]}
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        sentence = str(SENTENCES.get(reason, AWAY))
        return JsonResponse({"error": sentence}, status=UNAVAILABLE, headers=headers)
    context = kept_form(request) | {
        "reason": reason,
        "expected_at": expected_at,
        "zone": settings.TIME_ZONE,
        "is_post": request.method == "POST",
        # The cookie may not be readable here; the token that the form was sent with is still good.
        "csrf_token": request.POST.get("csrfmiddlewaretoken") or get_token(request),
        "request_id": request.META.get("HTTP_X_REQUEST_ID", ""),
    }
    # Without the request: for it the page would ask the very database that is away or busy.
    page = render_to_string("errors/503.html", context)
    return HttpResponse(page, status=UNAVAILABLE, headers=headers)
