"""What comes before anything else: a session, the second factor, a password that still holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.passwords import good_until
from kipp.lib.web import kept_form

FORBIDDEN = 403
PAGE_OR_DATA = ("text/html", "application/json")
GOOD_UNTIL = "password_good_until"
OPEN_URLS = frozenset(
    {
        "account_change_password",
        "account_inactive",
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "set_language",
        "sso-return",
    }
)


class SignedInMiddleware(LoginRequiredMiddleware):
    """A session that ended between two clicks costs nothing that was typed."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        form = kept_form(request)
        if form["typed"] or form["has_files"]:
            return render(request, "accounts/signed_out.html", form, status=FORBIDDEN)
        messages.info(request, _("You are logged out. Nothing was changed: log in and try again."))
        return redirect_to_login(page_before(request))


def page_before(request: HttpRequest) -> str:
    """Where the button stood: nobody can be led to an address that takes a form only."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()})
    return urlsplit(page)._replace(scheme="", netloc="").geturl() if is_ours else ""


def led_to(page: str, request: HttpRequest, words: str) -> HttpResponseBase:
    """What a form brought along is kept until the person has done this; a script tries again."""
    form, is_page = kept_form(request), request.get_preferred_type(PAGE_OR_DATA) == PAGE_OR_DATA[0]
    if is_page and (form["typed"] or form["has_files"]):
        context = form | {"words": words, "page_url": reverse(page)}
        return render(request, "accounts/held_back.html", context, status=FORBIDDEN)
    messages.info(request, words)
    return redirect(page)


class SecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        if not settings.REQUIRE_SECOND_FACTOR or is_open(request) or not lacks_factor(request):
            return None
        words = _("Your role needs a second factor. Set it up to go on.")
        return led_to("mfa_activate_totp", request, words)


def is_open(request: HttpRequest) -> bool:
    name = (request.resolver_match and request.resolver_match.url_name) or ""
    return name in OPEN_URLS or name.startswith("mfa_")


def lacks_factor(request: HttpRequest) -> bool:
    """Whether the person must use a factor and has none; a session that used one asks nothing."""
    person = request.user
    if not isinstance(person, User) or not (person.must_use_mfa or person.is_staff):
        return False
    used = {record.get("method") for record in get_authentication_records(request, person)}
    return "mfa" not in used and not is_mfa_enabled(person)


class PasswordAgeMiddleware:
    """For the profile `bssn`. The session remembers the password's end, so it is read once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        person, now = request.user, timezone.now()
        if not isinstance(person, User) or is_open(request) or not person.has_usable_password():
            return None
        if request.session.get(GOOD_UNTIL, 0) > now.timestamp():
            return None
        until = good_until(person)
        if until is None or until <= now:
            words = _("Your password has reached its end. Choose a new one.")
            return led_to("account_change_password", request, words)
        request.session[GOOD_UNTIL] = until.timestamp()
        return None
