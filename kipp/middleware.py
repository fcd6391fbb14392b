"""At the edge: pages that nobody else may keep, and an answer when the database is busy."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from psycopg2.errors import DeadlockDetected, LockNotAvailable, QueryCanceled

log = structlog.get_logger(__name__)

# PostgreSQL undid the whole transaction: the same request may simply be sent again.
PASSING = (DeadlockDetected, LockNotAvailable, QueryCanceled)
UNAVAILABLE = 503
RETRY_AFTER = "5"
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
