"""The funnel over time, as a chart and as the table behind it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competitions.requests import AuthedRequest
from kipp.lib.charts import lines
from proposals.permissions import BoardAction
from proposals.queries.journey import journey_of
from proposals.views.access import fetch_competition


@require_safe
def show_journey(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = fetch_competition(request, slug, BoardAction.SEE_BOARD)
    steps = journey_of(competition, at=timezone.now())
    labels = [_("Started"), _("Handed to the endorser"), _("Received"), _("Passed the screening")]
    columns = zip(*(step.counts for step in steps), strict=True)
    context = {
        "competition": competition,
        "rows": [(each.day, list(zip(labels, each.counts, strict=True))) for each in steps[::-1]],
        "labels": labels,
        "lines": lines(list(zip(labels, columns, strict=True))) if steps else [],
        "first": steps[0].day if steps else None,
        "last": steps[-1].day if steps else None,
    }
    return render(request, "proposals/journey.html", context)
