"""What views of every app answer alike: addresses, forms, files, the language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

OK, CONFLICT, UNPROCESSABLE = 200, 409, 422
PAGE = 25
# Stands for a row's number while an address is made; no slug has so many digits in a row.
ANY_ROW = 999_999_999_999_999


def row_urls(name: str, *args: object) -> Callable[[int], str]:
    """The addresses of a list's rows, by number: `reverse` is asked once, not for each row."""
    head, _any, tail = reverse(name, args=[*args, ANY_ROW]).rpartition(str(ANY_ROW))
    return lambda pk: f"{head}{pk}{tail}"


def render_form(
    request: HttpRequest, page: str, context: Mapping[str, Any], *, form_name: str = "form"
) -> HttpResponse:
    """Render a page with a form: 422 once the form was sent and refused, 200 before."""
    status = UNPROCESSABLE if context[form_name].is_bound and context[form_name].errors else OK
    return render(request, page, dict(context), status=status)


def speak(language: str, response: HttpResponse) -> HttpResponse:
    """From the next page on the portal speaks this language."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
    return response
