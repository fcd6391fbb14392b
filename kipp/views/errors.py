"""Answers to requests that no view sees."""

from __future__ import annotations

import sys

import structlog
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views import defaults

from kipp.lib.web import kept_form, typed_texts
from kipp.middleware import answer, is_away

log = structlog.get_logger(__name__)
FORBIDDEN = 403
MISSING = 404
TOO_LARGE = 413
BROKEN = 500


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """More text than any page asks for is named as such; the browser still holds it."""
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(render_to_string("errors/413.html"), status=TOO_LARGE)
    return defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"texts": texts_of(request)}, status=FORBIDDEN)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Also for whoever was still typing when the object or the right to it went away."""
    return render(request, "404.html", {"texts": texts_of(request)}, status=MISSING)


def texts_of(request: HttpRequest) -> list[str]:
    """What was typed, if it can be read at all."""
    try:
        return typed_texts(request)
    except (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        return []


def stale_page(request: HttpRequest, reason: str) -> HttpResponse:
    """A form whose token is no longer this browser's, as after a login in another window.

    What it held is offered again when the browser itself says that the form stood on a page of
    ours: from elsewhere, one press would do what somebody else had prepared.
    """
    context: dict[str, object] = {"person": getattr(request, "user", None)}
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        context |= kept_form(request) | {"csrf_token": get_token(request)}
    return HttpResponse(render_to_string("403_csrf.html", context), status=FORBIDDEN)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Called while the error is being handled: without its database the portal is merely away."""
    error = sys.exc_info()[1]
    if is_away(error):
        log.error("database_away", path=request.path, error=str(error))
        return answer(request, reason="away")
    context = {
        "request_id": request.META.get("HTTP_X_REQUEST_ID", ""),
        "texts": texts_of(request),
        "url": request.get_full_path() if request.method == "GET" else "",
    }
    return HttpResponse(render_to_string("500.html", context), status=BROKEN)
