"""A sheet on its way in, for the views of every floor: looked at, kept, entered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseForm

from accounts.importing import Problem
from accounts.models import Import, Job, User
from accounts.services import ask_job, keep_sheet


class Inspected(Protocol):
    """What any look at a sheet finds."""

    @property
    def problems(self) -> tuple[Problem, ...]: ...


# So many rows are entered while the browser waits, by what they are; more are a job.
ROWS_AT_ONCE = {
    "units": 200,
    "people": 100,
    "proposals": 20,
    "history": 100,
    "matrix": 400,
    "scores": 50,
}
Found = TypeVar("Found", bound=Inspected)


def inspected(form: BaseForm, look: Callable[[bytes], Found]) -> Found | None:
    """A file that is no such sheet is refused at its field."""
    if not form.is_valid():
        return None
    try:
        return look(_content_of(form))
    except ValidationError as error:
        form.add_error("file", error)
        return None


def problems_in(form: BaseForm, found: Inspected | None) -> dict[str, object]:
    """What an upload's page shows: the form, and the problems of a sheet that has some."""
    name = form.cleaned_data["file"].name if found else ""
    return {"form": form, "name": name, "problems": found.problems if found else ()}


def keep(form: BaseForm, *, kind: str, scope: str = "", by: User, at: datetime) -> Import:
    name = form.cleaned_data["file"].name
    return keep_sheet(_content_of(form), name=name, kind=kind, scope=scope, by=by, at=at)


def waiting(kind: str, *, by: User) -> QuerySet[Import]:
    return by.imports.filter(kind=kind, applied_at=None)


def settle(
    sheet: Import,
    form: BaseForm,
    *,
    look: Callable[[bytes], Found],
    enter: Callable[..., Found],
) -> Found:
    """What the sheet holds, entered once the form says so; refused as the services refuse."""
    if form.is_valid():
        return enter(sheet, **form.cleaned_data)
    return look(bytes(sheet.content))


def confirmed(sheet: Import, form: BaseForm, look: Callable[[bytes], Found]) -> Found | None:
    """What a confirmed sheet holds; None where entering it at once says what is wrong."""
    if not form.is_valid():
        return None
    try:
        return look(bytes(sheet.content))
    except ValidationError:
        return None


def as_job(
    sheet: Import,
    form: BaseForm,
    found: Inspected,
    *,
    rows: int,
    kind: str,
    edition: int | None = None,
    by: User,
    at: datetime,
    **subject: int,
) -> Job | None:
    """A large sheet that was confirmed is entered by a worker. One with problems is not."""
    if not form.is_valid() or found.problems or rows <= ROWS_AT_ONCE[sheet.kind]:
        return None
    asked = {"sheet": sheet.pk, **form.cleaned_data, **subject}
    return ask_job(kind, asked, about=sheet.name, edition=edition, by=by, at=at)


def _content_of(form: BaseForm) -> bytes:
    """Asked again after the check: from the beginning each time."""
    file = form.cleaned_data["file"]
    file.seek(0)
    content: bytes = file.read()
    return content
