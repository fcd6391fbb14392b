"""A rule of the reminder plan as it would speak now: real names, real counts, the mail itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from competitions.models import Competition, ReminderRule
from competitions.permissions import Action, may
from competitions.queries import rules_of
from competitions.reminders import Due, Obligation, ends_of, merge, write_letters
from competitions.requests import AuthedRequest
from kipp.lib.web import page_of
from kipp.reminding import AUDIENCES


@require_safe
def preview(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    visible = Competition.objects.visible_to(request.actor)
    competition = get_object_or_404(visible, slug=slug)
    if not may(request.actor, Action.VIEW_SETUP, competition):
        raise PermissionDenied
    rule = get_object_or_404(rules_of(competition), pk=pk)
    at = timezone.now()
    people = [line for line in merge(rule, AUDIENCES[rule.audience](rule.round)) if line[1] > at]
    sample = next((_due(rule, *line, at=at) for line in people), None)
    letter = write_letters(rule, [sample], at=at)[0] if sample else None
    context = {
        "competition": competition,
        "rule": rule,
        "is_over": max(ends_of(rule)) <= at,
        "count": sum(owed.count for owed, _ends_at in people),
        "page": page_of(people, request),
        "letter": letter,
        "html": SafeString(letter.html) if letter else "",  # made by render_markdown
        "sample": sample,
    }
    return render(request, "competitions/reminder_preview.html", context)


def _due(rule: ReminderRule, owed: Obligation, ends_at: datetime, *, at: datetime) -> Due:
    """With the lead that comes next; after the last one, with that."""
    ahead = [lead for lead in rule.leads if ends_at - timedelta(minutes=lead) > at]
    return Due(owed, max(ahead, default=min(rule.leads)), ends_at)
