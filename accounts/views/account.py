"""One's own account, and the way in by an invitation."""

from __future__ import annotations

from allauth.account.views import logout
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import queries, services
from accounts.forms import AcceptForm, ProfileForm
from accounts.models import Invitation, User
from accounts.requests import AuthedRequest
from accounts.sessions import seconds_left
from kipp.lib.forms import add_error
from kipp.lib.web import render_form, speak

GONE = 410


@require_safe
def show(request: AuthedRequest) -> HttpResponse:
    person = request.user
    context = {
        "person": person,
        "facts": [
            (_("Full name with titles"), person.full_name),
            (_("NIP"), person.nip),
            (_("WhatsApp number"), person.phone),
            (_("Language"), person.get_language_display()),
        ],
        "places": queries.places_of(person),
    }
    return render(request, "accounts/account.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: AuthedRequest) -> HttpResponse:
    person = request.user
    seen = {name: getattr(person, name) for name in ("full_name", "nip", "phone", "language")}
    form = ProfileForm(request.POST or None, initial=seen)
    if form.is_valid():
        try:
            services.update_profile(person, **form.cleaned_data, by=person, at=timezone.now())
        except ValidationError as error:
            add_error(form, error)
        else:
            with translation.override(person.language):
                messages.success(request, _("Your profile has been saved."))
            return speak(person.language, redirect("accounts:account-show"))
    return render_form(request, "accounts/profile.html", {"form": form})


@sensitive_post_parameters("password", "password_again")
@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    invitation = services.find_invitation(token)
    state = invitation.state_at(timezone.now()) if invitation else "unknown"
    if invitation is None or state != "open":
        context = {"invitation": invitation, "state": state}
        return render(request, "accounts/invitation_closed.html", context, status=GONE)
    owner = services.owner_of(invitation)
    if request.user.is_authenticated or (owner and owner.has_usable_password()):
        joining = {"invitation": invitation, "token": token, "is_own": request.user == owner}
        return render(request, "accounts/invitation_join.html", joining)
    return _fill_in(request, invitation)


@never_cache
@require_POST
def join(request: AuthedRequest, token: str) -> HttpResponse:
    invitation = services.find_invitation(token)
    if invitation is None:
        return redirect("accounts:invitation-accept", token)
    try:
        services.join_by_invitation(invitation, by=request.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("accounts:invitation-accept", token)
    messages.success(request, _("You have accepted the invitation."))
    return redirect("accounts:account-show")


def _fill_in(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    known = services.owner_of(invitation) or User(full_name=invitation.full_name)
    seen = {name: getattr(known, name) for name in ("full_name", "nip", "phone")}
    form = AcceptForm(request.POST or None, initial=seen)
    if form.is_valid():
        values = {key: form.cleaned_data[key] for key in ("full_name", "nip", "phone", "password")}
        try:
            person = services.accept_invitation(invitation, **values, at=timezone.now())
        except ValidationError as error:
            add_error(form, error)
        else:
            return _greet(request, person)
    context = {"invitation": invitation, "form": form}
    return render_form(request, "accounts/invitation_accept.html", context)


def _greet(request: HttpRequest, person: User) -> HttpResponse:
    said = _("Your account is ready. Log in with %(email)s and your new password.")
    messages.success(request, said % {"email": person.email})
    return redirect("account_login")


@require_http_methods(["GET", "POST"])
def show_session(request: AuthedRequest) -> JsonResponse:
    """For the page's own warning: the seconds that are left; a POST starts them anew."""
    if request.method == "POST":
        request.session.modified = True
        return JsonResponse({"left": request.session.get_expiry_age()})
    return JsonResponse({"left": seconds_left(request.session, at=timezone.now())})


@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    """Texts that the browser kept for this account go with the session."""
    response: HttpResponse = logout(request)
    if request.method == "POST":
        response.headers["Clear-Site-Data"] = '"storage"'
    return response
