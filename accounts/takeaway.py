"""Files on their way out: a small one at once, a large one by a worker.

This is the one line between both, for lists and archives of every floor.
"""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import Job, User
from accounts.services import ask_job
from accounts.services.jobs import Subject
from accounts.working import Kinds

# What a person gets while the browser waits. So many cells are 1,000 rows of a committee's board.
AT_ONCE = MappingProxyType({"cells": 12_000, "bytes": 10 * 1024 * 1024})


def is_for_worker(request: HttpRequest, **sizes: int) -> bool:
    """What is large, and what somebody asks for by a POST."""
    return request.method == "POST" or any(size > AT_ONCE[unit] for unit, size in sizes.items())


def by_worker(
    request: HttpRequest,
    name: str,
    subject: Subject,
    *,
    kinds: Kinds,
    about: str,
    edition: int | None = None,
    by: User,
    at: datetime,
) -> HttpResponse:
    """A link leads to a page with a button, for a GET writes nothing; the button to the job."""
    if request.method == "POST":
        job = ask_job(name, subject, about=about, edition=edition, by=by, at=at)
        return redirect("job", pk=job.pk)
    kind, unasked = kinds[name], Job(owner=by, kind=name, subject=subject)
    context = {"label": kind.label, "about": about, "page_url": kind.page(unasked)}
    return render(request, "accounts/takeaway.html", context)
