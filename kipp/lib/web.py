"""Answers of views: one view, a page for a browser, a part for htmx."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

UNPROCESSABLE = 422


def render_part(
    request: HttpRequest, page: str, part: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render `part` alone when htmx asks for it, else the whole `page` that includes it."""
    template = part if getattr(request, "htmx", False) else page
    response = render(request, template, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def render_form(
    request: HttpRequest, page: str, context: Mapping[str, Any], *, form_name: str = "form"
) -> HttpResponse:
    """Render a page with a form: 422 once the form was sent and refused, 200 before."""
    status = UNPROCESSABLE if context[form_name].is_bound and context[form_name].errors else 200
    return render(request, page, dict(context), status=status)
