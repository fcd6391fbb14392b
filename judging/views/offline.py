"""A judge's scorecards as a workbook: down, filled in without a network, checked, saved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.intake import as_job, confirmed, inspected, keep, problems_in, settle, waiting
from accounts.models import Import, Job
from competitions.requests import AuthedRequest
from judging import services
from judging.exports import MEDIA_TYPES
from judging.forms.sheets import OfflineSheetForm, SaveAllForm
from judging.jobs import SCORES
from judging.models import Stage
from judging.permissions import may_score_offline
from judging.queries.offline import workbook_of
from judging.services.offline import OFFLINE, Changes
from kipp.lib.web import (
    CONFLICT,
    attached_privately,
    attempted,
    refused_or_ok,
    render_form,
    sent_in,
)


@require_safe
def workbook(request: AuthedRequest, pk: int) -> HttpResponse:
    stage = fetch_open(request, pk)
    content = workbook_of(request.actor, stage)
    response = HttpResponse(content, content_type=MEDIA_TYPES["xlsx"])
    name = f"lembar-nilai-{stage.competition.slug}-{stage.key}.xlsx"
    return attached_privately(response, name=name)


@require_http_methods(["GET", "POST"])
def upload(request: AuthedRequest, pk: int) -> HttpResponse:
    stage = fetch_open(request, pk)
    form = OfflineSheetForm(*sent_in(request))
    found = inspected(form, partial(services.inspect_offline, stage=stage, actor=request.actor))
    if found and not found.problems:
        at = timezone.now()
        sheet = keep(form, kind=OFFLINE, scope=str(stage.pk), by=request.user, at=at)
        return redirect("judging:offline-confirm", pk=pk, sheet=sheet.pk)
    status = refused_or_ok(form, has_problems=found is not None)
    context = {"stage": stage, **problems_in(form, found)}
    return render(request, "judging/offline.html", context, status=status)


@require_http_methods(["GET", "POST"])
def confirm(request: AuthedRequest, pk: int, sheet: int) -> HttpResponse:
    """Show every cell that would change; saving checks the same file once more."""
    stage = fetch_open(request, pk)
    own = waiting(OFFLINE, by=request.user).filter(scope=str(stage.pk))
    kept = get_object_or_404(own, pk=sheet)
    form = SaveAllForm(request.POST or None, initial={"sha256": kept.sha256})
    asked: dict[str, Any] = {"stage": stage, "actor": request.actor}
    look = partial(services.inspect_offline, **asked)
    if job := _job_of(request, kept, form, look, stage=stage):
        return redirect("job", pk=job.pk)
    enter = partial(services.enter_offline, by=request.user, at=timezone.now(), **asked)
    found = attempted(request, partial(settle, kept, form, look=look, enter=enter))
    if found is None:
        return redirect("judging:queue", pk=pk)
    if form.is_valid() and not found.problems:
        count = len(found.rows)
        told = ngettext("%(count)d scorecard was saved.", "%(count)d scorecards were saved.", count)
        messages.success(request, told % {"count": count})
        return redirect("judging:queue", pk=pk)
    back_url = reverse("judging:offline-upload", args=[pk])
    context = {"stage": stage, "sheet": kept, "form": form, "found": found, "back_url": back_url}
    if not found.problems:
        return render_form(request, "judging/offline_confirm.html", context)
    return render(request, "judging/offline_confirm.html", context, status=CONFLICT)


def _job_of(
    request: AuthedRequest,
    sheet: Import,
    form: SaveAllForm,
    look: Callable[[bytes], Changes],
    *,
    stage: Stage,
) -> Job | None:
    found = confirmed(sheet, form, look)
    if found is None:
        return None
    rows, by, at = len(found.rows), request.user, timezone.now()
    return as_job(sheet, form, found, rows=rows, kind=SCORES, by=by, at=at, stage=stage.pk)


def fetch_open(request: AuthedRequest, pk: int) -> Stage:
    """A stage in which the person may fill in scorecards now."""
    stage: Stage = get_object_or_404(
        Stage.objects.judged_by(request.actor).select_related("competition"), pk=pk
    )
    if not may_score_offline(stage):
        raise PermissionDenied
    return stage
