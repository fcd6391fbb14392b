"""What several pages of judging answer alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from allauth.account.decorators import reauthentication_required
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kipp.lib.forms import add_error
from kipp.lib.web import CONFLICT, OK, UNPROCESSABLE, typed_texts

AuthedView = Callable[..., HttpResponse]
# The step that cannot be taken back quietly asks for the password or the key once more, and only
# those who may take it. What was sent is kept meanwhile.
fresh_login = cast("Callable[[AuthedView], AuthedView]", reauthentication_required)
# Refusals that come from what others did meanwhile, not from what was typed.
OVERTAKEN = frozenset({"stale", "not_now", "closed", "conflict", "missing", "second_person"})


def sentence_of(error: ValidationError) -> str:
    return " ".join(error.messages)


def code_of(error: ValidationError) -> str:
    """The code of the first broken rule; none for a whole form of errors."""
    return "" if hasattr(error, "error_dict") else str(error.error_list[0].code)


def status_of(error: ValidationError) -> int:
    return CONFLICT if code_of(error) in OVERTAKEN else UNPROCESSABLE


def overtaken(request: HttpRequest, error: ValidationError, *, back_url: str) -> HttpResponse:
    """The page for a press of a button that came too late, with what was typed beside it."""
    context = {"sentence": sentence_of(error), "back_url": back_url, "texts": typed_texts(request)}
    return render(request, "errors/409.html", context, status=status_of(error))


def attempt(form: BaseForm, act: Callable[[], object]) -> int:
    """Do it if the form is whole; 200 when it is done, else the status of the refusal."""
    if not form.is_valid():
        return UNPROCESSABLE
    try:
        act()
    except ValidationError as error:
        add_error(form, error)
        return status_of(error)
    return OK
