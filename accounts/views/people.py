from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts import queries, services
from accounts.forms import ReasonForm, SearchForm
from accounts.history import as_lines
from accounts.models import User
from accounts.permissions import PersonAction, allowed_person_actions, may_person
from accounts.requests import AuthedRequest
from accounts.roles import load_member
from kipp.lib.forms import add_error
from kipp.lib.web import page_of, query_of, render_form


@require_safe
def index(request: AuthedRequest) -> HttpResponse:
    member = load_member(request.user)
    form = SearchForm(request.GET)
    search = form.cleaned_data["q"] if form.is_valid() else ""
    people = queries.list_people(member, search=search)
    context = {
        "page": page_of(people, request),
        "search": search,
        "query": query_of(request),
        "search_form": form,
    }
    return render(request, "accounts/people.html", context)


@require_safe
def show(request: AuthedRequest, pk: int) -> HttpResponse:
    member = load_member(request.user)
    person = get_object_or_404(User.objects.visible_to(member), pk=pk)
    entries, names = queries.history_of_person(person)
    actions = allowed_person_actions(member, person)
    context = {
        "person": person,
        "trail": [(_("People"), reverse("accounts:person-list"))],
        "facts": [(_("NIP"), person.nip), (_("WhatsApp number"), person.phone)],
        "actions": actions,
        "can_reset": PersonAction.RESET_FACTOR in actions and is_mfa_enabled(person),
        "places": queries.places_of(person),
        "invitation": queries.open_invitation_of(person, at=timezone.now()),
        "history": as_lines(entries, names=names),
    }
    return render(request, "accounts/person.html", context)


class Verb(Protocol):
    def __call__(self, user: User, *, by: User, at: datetime, reason: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Step:
    """What is done to an account for a reason: who may, by which service, in which words."""

    action: PersonAction
    verb: Verb
    template: str
    done: Promise


DEACTIVATE = Step(
    PersonAction.DEACTIVATE,
    services.deactivate_user,
    "accounts/person_deactivate.html",
    gettext_lazy("The account is closed."),
)
REACTIVATE = Step(
    PersonAction.DEACTIVATE,
    services.reactivate_user,
    "accounts/person_reactivate.html",
    gettext_lazy("The account is open again."),
)
RESET_FACTOR = Step(
    PersonAction.RESET_FACTOR,
    services.reset_second_factor,
    "accounts/person_reset_factor.html",
    gettext_lazy("The second factor is reset. The person is told by mail."),
)


@require_http_methods(["GET", "POST"])
def deactivate(request: AuthedRequest, pk: int) -> HttpResponse:
    return _take(DEACTIVATE, request, pk)


@require_http_methods(["GET", "POST"])
def reactivate(request: AuthedRequest, pk: int) -> HttpResponse:
    return _take(REACTIVATE, request, pk)


@require_http_methods(["GET", "POST"])
def reset_factor(request: AuthedRequest, pk: int) -> HttpResponse:
    return _take(RESET_FACTOR, request, pk)


def _take(step: Step, request: AuthedRequest, pk: int) -> HttpResponse:
    member = load_member(request.user)
    person = get_object_or_404(User.objects.visible_to(member), pk=pk)
    if not may_person(member, step.action, person):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            step.verb(person, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, str(step.done))
            return redirect("accounts:person-show", pk=person.pk)
    return render_form(request, step.template, {"person": person, "form": form})
