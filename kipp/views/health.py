from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.heartbeat import is_alive
from accounts.models import Message
from proposals.queries.deadlines import database_now

LATE = timedelta(minutes=10)
# Between this machine's clock and the database's, which decides alone what was in time.
CLOCK_DRIFT = timedelta(seconds=2)


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
    """What an operator looks at first. Only the database decides whether to send people here."""
    at = timezone.now()
    checks = {"database": _database_answers()}
    if checks["database"]:
        checks |= {"worker": is_alive("worker", at=at), "mail": not _mail_is_late(at)}
        checks["clock"] = abs(database_now() - at) <= CLOCK_DRIFT
    checks["cache"] = _cache_answers()
    return JsonResponse({"at": at, **checks}, status=200 if checks["database"] else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _cache_answers() -> bool:
    """Redis itself, not the memory that stands in for it."""
    cache.get("readyz")
    return not getattr(cache, "is_degraded", False)


def _mail_is_late(at: datetime) -> bool:
    return Message.objects.due_at(at).filter(due_at__lt=at - LATE).exists()
