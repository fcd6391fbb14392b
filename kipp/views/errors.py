"""Answers to requests that no view sees."""

from __future__ import annotations

import sys

import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.views import defaults

from kipp.middleware import answer, is_away

log = structlog.get_logger(__name__)
TOO_LARGE = 413
BROKEN = 500


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """More text than any page asks for is named as such; the browser still holds it."""
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(render_to_string("errors/413.html"), status=TOO_LARGE)
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Called while the error is being handled: without its database the portal is merely away."""
    error = sys.exc_info()[1]
    if is_away(error):
        log.error("database_away", path=request.path, error=str(error))
        return answer(request, reason="away")
    context = {"request_id": request.META.get("HTTP_X_REQUEST_ID", "")}
    return HttpResponse(render_to_string("500.html", context), status=BROKEN)
