"""When the judges will have finished, and whom to ask: while the stage is open."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.chat import chat_address
from competitions.requests import AuthedRequest
from judging import charts, services
from judging.forecasting import Forecast
from judging.models import Stage
from judging.permissions import StageAction, allowed_actions
from judging.queries.forecasting import JudgeForecast, forecast_of
from judging.views.stages import fetch_stage, require, stage_url
from kipp.lib import clock


@require_safe
def page(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.FORECAST, stage)
    found = forecast_of(stage, at=timezone.now())
    actions = allowed_actions(request.actor, stage)
    can_chase = StageAction.REMIND in actions and stage.scored_on == Stage.ScoredOn.PORTAL
    context = {
        "competition": stage.competition,
        "stage": stage,
        "found": found,
        "days": _days(found.forecast, stage=stage),
        "chance": _percent(found.chance),
        "rows": [_row(judge, stage=stage, can_chase=can_chase) for judge in found.judges],
        "can_chase_all": can_chase and any(not judge.was_reminded for judge in found.behind),
        "end_text": clock.show_end(stage.round.ends_at, zone=stage.competition.time_zone),
    }
    return render(request, "judging/forecast.html", context)


@require_POST
def chase_all(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    """One press: a mail to each who is behind and had none within the last day."""
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.REMIND, stage)
    count = services.remind_behind(stage, by=request.user, at=timezone.now())
    sentence = ngettext(
        "%(count)s judge is reminded by mail.", "%(count)s judges are reminded by mail.", count
    )
    messages.success(request, sentence % {"count": count})
    return redirect(stage_url(stage, "forecast"))


def _row(judge: JudgeForecast, *, stage: Stage, can_chase: bool) -> dict[str, object]:
    pace = judge.pace
    return {
        "judge": judge,
        "per_day": "" if pace is None else charts.number(pace.per_day, places=1),
        "days": _days(judge.forecast, stage=stage),
        "chance": _percent(judge.chance),
        "can_chase": can_chase and judge.work.left > 0,
        "chat_url": _chat(judge, stage=stage) if can_chase and judge.work.left > 0 else "",
    }


def _days(found: Forecast | None, *, stage: Stage) -> tuple[str, str, str] | None:
    """Early, middle, late."""
    if found is None:
        return None
    early, middle, late = (
        _day(each, stage=stage) for each in (found.early, found.middle, found.late)
    )
    return early, middle, late


def _day(moment: datetime | None, *, stage: Stage) -> str:
    if moment is None:
        return _("in more than a year")
    return clock.show_date(moment.astimezone(ZoneInfo(stage.competition.time_zone)).date())


def _percent(share: float | None) -> str:
    return "" if share is None else f"{round(100 * share)}%"


def _chat(judge: JudgeForecast, *, stage: Stage) -> str:
    """The text is in the reader's language, like the page; the person at the phone sends it."""
    told = {"stage": stage.name, "name": stage.competition.name, "count": judge.work.left}
    until = clock.show_end(stage.round.ends_at, zone=stage.competition.time_zone)
    said = [
        _("%(name)s, %(stage)s: %(count)d scorecards are still open.") % told,
        _("There is time until %(until)s.") % {"until": until},
        settings.SITE_URL + reverse("judging:queue", args=[stage.pk]),
    ]
    return chat_address(judge.phone, " ".join(said))
