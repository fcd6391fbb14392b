from __future__ import annotations

import structlog
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import services
from accounts.views import openid

log = structlog.get_logger(__name__)


@never_cache
@login_not_required
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """To the provider; the session holds what its answer must fit."""
    _require_provider()
    back_to = f"{settings.SITE_URL}{reverse('sso-return')}"
    try:
        return openid.go_there(request, back_to=back_to)
    except openid.NotSignedInError as error:
        return _turn_away(request, error)


@never_cache
@login_not_required
@require_safe
def come_back(request: HttpRequest) -> HttpResponse:
    _require_provider()
    try:
        claims = openid.read_answer(request)
        person = services.find_or_admit(
            claims.email, name=claims.name, is_verified=claims.is_verified, at=timezone.now()
        )
    except openid.NotSignedInError as error:
        return _turn_away(request, error)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("account_login")
    record_authentication(request, person, method="oidc")
    # allauth goes on as after a password: whoever has a second factor is asked for it.
    answer: HttpResponse = perform_login(request, person)
    return answer


def _turn_away(request: HttpRequest, error: Exception) -> HttpResponse:
    log.warning("not_signed_in", error=str(error))
    messages.error(
        request, _("Single sign-on did not work. Try again, or sign in with your password.")
    )
    return redirect("account_login")


def _require_provider() -> None:
    if not openid.is_on():
        raise Http404
