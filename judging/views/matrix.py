"""Totals of a stage that is scored on paper: an empty matrix, the check, the confirmation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.intake import as_job, confirmed, inspected, keep, problems_in, settle, waiting
from accounts.models import Import, Job
from accounts.takeaway import by_worker, is_for_worker
from competitions.requests import AuthedRequest
from judging import services
from judging.exports import MEDIA_TYPES, matrix_name, matrix_xlsx
from judging.forms.sheets import EnterTotalsForm, MatrixForm
from judging.jobs import EMPTY_MATRIX, JOBS, TOTALS
from judging.models import Stage
from judging.permissions import StageAction
from judging.queries.matrix import entry_lines, panel_seats
from judging.services.matrix import MATRIX, Totals
from judging.views.stages import fetch_stage, require, stage_url
from kipp.lib.web import CONFLICT, attached_privately, attempted, refused_or_ok, sent_in


@require_http_methods(["GET", "HEAD", "POST"])
def empty_matrix(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_paper(request, slug, key)
    lines, heads = list(entry_lines(stage)), [seat.head for seat in panel_seats(stage)]
    if is_for_worker(request, cells=len(lines) * (2 + len(heads))):
        return by_worker(
            request,
            EMPTY_MATRIX,
            {"stage": stage.pk},
            kinds=JOBS,
            about=str(stage),
            edition=stage.competition_id,
            by=request.user,
            at=timezone.now(),
        )
    content = matrix_xlsx(lines, judges=heads)
    response = HttpResponse(content, content_type=MEDIA_TYPES["xlsx"])
    return attached_privately(response, name=matrix_name(stage))


@require_http_methods(["GET", "POST"])
def upload(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_paper(request, slug, key)
    form = MatrixForm(*sent_in(request))
    found = inspected(form, partial(services.inspect_matrix, stage=stage))
    if found and not found.problems:
        scope, by, at = str(stage.pk), request.user, timezone.now()
        sheet = keep(form, kind=MATRIX, scope=scope, by=by, at=at)
        return redirect("judging:matrix-confirm", slug=slug, key=key, sheet=sheet.pk)
    status = refused_or_ok(form, has_problems=found is not None)
    context = {"competition": stage.competition, "stage": stage, **problems_in(form, found)}
    return render(request, "judging/matrix.html", context, status=status)


@require_http_methods(["GET", "POST"])
def confirm(request: AuthedRequest, slug: str, key: str, sheet: int) -> HttpResponse:
    """Show every total that would be entered; entering checks the same file once more."""
    stage = fetch_paper(request, slug, key)
    own = waiting(MATRIX, by=request.user).filter(scope=str(stage.pk))
    kept = get_object_or_404(own, pk=sheet)
    form = EnterTotalsForm(request.POST or None, initial={"sha256": kept.sha256})
    look = partial(services.inspect_matrix, stage=stage)
    if job := _job_of(request, kept, form, look, stage=stage):
        return redirect("job", pk=job.pk)
    enter = partial(services.enter_matrix, stage=stage, by=request.user, at=timezone.now())
    found = attempted(request, partial(settle, kept, form, look=look, enter=enter))
    if found is None:
        is_readable = confirmed(kept, form, look) and own.filter(pk=sheet).exists()
        return redirect(request.path if is_readable else stage_url(stage))
    if form.is_valid() and not found.problems:
        count = len(found.rows)
        told = ngettext("%(count)d total was entered.", "%(count)d totals were entered.", count)
        messages.success(request, told % {"count": count})
        return redirect(stage_url(stage))
    context = {"competition": stage.competition, "stage": stage, "sheet": kept, "form": form}
    context |= {"found": found, "back_url": stage_url(stage, "matrix-upload")}
    status = CONFLICT if found.problems else refused_or_ok(form, has_problems=False)
    return render(request, "judging/matrix_confirm.html", context, status=status)


def _job_of(
    request: AuthedRequest,
    sheet: Import,
    form: EnterTotalsForm,
    look: Callable[[bytes], Totals],
    *,
    stage: Stage,
) -> Job | None:
    """None: few enough totals to be entered now, or something to refuse at once."""
    found = confirmed(sheet, form, look)
    if found is None or (found.corrections and not form.cleaned_data["reason"]):
        return None
    rows, by, at = len(found.rows), request.user, timezone.now()
    asked: dict[str, Any] = {"edition": stage.competition_id, "stage": stage.pk}
    return as_job(sheet, form, found, rows=rows, kind=TOTALS, by=by, at=at, **asked)


def fetch_paper(request: AuthedRequest, slug: str, key: str) -> Stage:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.ENTER_TOTALS, stage)
    return stage
