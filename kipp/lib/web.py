"""What views of every app answer alike: addresses, forms, files, the language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from kipp.lib.files import open_file

Result = TypeVar("Result")
Row = TypeVar("Row")
Answer = TypeVar("Answer", bound=HttpResponseBase)
THUMBNAIL_TYPE = "image/webp"
OK, UNAUTHENTICATED, CONFLICT, UNPROCESSABLE = 200, 401, 409, 422
PAGE = 25
# Stands for a row's number while an address is made; no slug has so many digits in a row.
ANY_ROW = 999_999_999_999_999
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
# An address never changes while the process lives; `args` as a tuple.
address_of = lru_cache(maxsize=1000)(reverse)


def row_urls(name: str, *args: object) -> Callable[[int | str], str]:
    """The addresses of a list's rows, by number or code: `reverse` is asked once for all."""
    head, _any, tail = address_of(name, args=(*args, ANY_ROW)).rpartition(str(ANY_ROW))
    return lambda row: f"{head}{row}{tail}"


def page_of(
    rows: QuerySet[Any, Row] | Sequence[Row], request: HttpRequest, *, count: int | None = None
) -> Page[Row]:
    """`count`: of all rows, where somebody knows it for less than counting them."""
    paginator = Paginator(rows, PAGE)
    if count is not None:
        paginator.count = count
    return paginator.get_page(request.GET.get("page"))


def query_of(request: HttpRequest) -> str:
    """The filters without the page number, ready for the links to other pages."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return f"{kept.urlencode()}&" if kept else ""


def render_form(
    request: HttpRequest, page: str, context: Mapping[str, Any], *, form_name: str = "form"
) -> HttpResponse:
    """Render a page with a form: 422 once the form was sent and refused, 200 before."""
    status = UNPROCESSABLE if context[form_name].is_bound and context[form_name].errors else OK
    return render(request, page, dict(context), status=status)


def sent_in(request: HttpRequest) -> tuple[Any, Any]:
    """Data and files for a form. Also an empty POST is one: it gets a sentence."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def typed_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Every field that was sent, as it was sent, but no secret."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in SECRETS
        for value in values
    ]


def typed_texts(request: HttpRequest) -> list[str]:
    """What a person wrote in words, to be read and copied."""
    return [value for _name, value in typed_fields(request) if " " in value.strip()]


def kept_form(request: HttpRequest) -> dict[str, Any]:
    """For `errors/_kept.html`: the form once more, to be sent by a button. Files are not kept."""
    return {
        "typed": typed_fields(request),
        "texts": typed_texts(request),
        "has_files": bool(request.FILES),
        "url": request.get_full_path(),
    }


def attempted(request: HttpRequest, act: Callable[[], Result]) -> Result | None:
    """What the act brings; None: it was refused, and the next page says why."""
    try:
        return act()
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return None


def refused_or_ok(form: BaseForm, *, has_problems: bool) -> int:
    """422 for a sheet that was sent and cannot be taken."""
    return UNPROCESSABLE if has_problems or (form.is_bound and form.errors) else OK


def refused(sentence: str, status: int) -> JsonResponse:
    """A refusal for a script, which shows the sentence on its page."""
    return JsonResponse({"error": sentence}, status=status)


def logged_out() -> JsonResponse:
    """For a script, which could make nothing of a login page."""
    return refused(_("You are logged out. Log in again in another tab."), UNAUTHENTICATED)


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


def attached(response: Answer, *, name: str) -> Answer:
    """A file that the browser stores under this name instead of showing it."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response["Content-Disposition"] = disposition or "attachment"
    return response


def attached_privately(response: Answer, *, name: str) -> Answer:
    """The same for what no cache on the way may keep."""
    response["Cache-Control"] = "private, no-store"
    return attached(response, name=name)


def serve_file(sha256: str, *, name: str, media_type: str) -> FileResponse:
    """A stored file, shown by the browser itself; ask for permission before.

    The address holds the content's hash, but who may see it can change: only the browser keeps
    it. What a stranger sent runs nothing here; Chromium's PDF viewer opens in the sandbox too.
    """
    try:
        content = open_file(sha256)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, content_type=media_type)
    disposition = content_disposition_header(as_attachment=False, filename=name)
    response["Content-Disposition"] = disposition or "inline"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    return response
