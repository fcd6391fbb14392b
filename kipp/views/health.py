from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kipp.doctor import QUICK, Color, examine, worst


@require_safe
@login_not_required
@never_cache
def process(request: HttpRequest) -> HttpResponse:
    """This process answers. Restart it when it does not."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@login_not_required
@never_cache
def readiness(request: HttpRequest) -> JsonResponse:
    """Colours alone: what is wrong in words may name folders and addresses (`manage.py doctor`)."""
    at = timezone.now()
    findings = list(examine(QUICK, clock=timezone.now))
    state = worst(findings)
    components = {finding.name: finding.color for finding in findings}
    body = {"at": at, "state": state, "components": components}
    return JsonResponse(body, status=503 if state == Color.RED else 200)
