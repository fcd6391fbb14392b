"""Answers of views with a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

UNPROCESSABLE = 422


def render_form(
    request: HttpRequest, page: str, context: Mapping[str, Any], *, form_name: str = "form"
) -> HttpResponse:
    """Render a page with a form: 422 once the form was sent and refused, 200 before."""
    status = UNPROCESSABLE if context[form_name].is_bound and context[form_name].errors else 200
    return render(request, page, dict(context), status=status)
