from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import queries, services
from accounts.forms import ReasonForm, SearchForm
from accounts.history import as_lines
from accounts.models import User
from accounts.permissions import PersonAction, allowed_person_actions, may_person
from accounts.requests import AuthedRequest
from accounts.roles import load_member
from kipp.lib.forms import add_error
from kipp.lib.web import render_form

PAGE_SIZE = 25


@require_GET
def index(request: AuthedRequest) -> HttpResponse:
    member = load_member(request.user)
    form = SearchForm(request.GET)
    search = form.cleaned_data["q"] if form.is_valid() else ""
    people = queries.list_people(member, search=search)
    context = {
        "page": Paginator(people, PAGE_SIZE).get_page(request.GET.get("page")),
        "search": search,
        "search_query": f"{urlencode({'q': search})}&" if search else "",
        "search_form": form,
    }
    return render(request, "accounts/people.html", context)


@require_GET
def show(request: AuthedRequest, pk: int) -> HttpResponse:
    member = load_member(request.user)
    person = get_object_or_404(User.objects.visible_to(member), pk=pk)
    entries, names = queries.history_of_person(person)
    context = {
        "person": person,
        "trail": [(_("People"), reverse("accounts:person-list"))],
        "facts": [(_("NIP"), person.nip), (_("WhatsApp number"), person.phone)],
        "actions": allowed_person_actions(member, person),
        "places": queries.places_of(person),
        "invitation": queries.open_invitation_of(person, at=timezone.now()),
        "history": as_lines(entries, names=names),
    }
    return render(request, "accounts/person.html", context)


@require_http_methods(["GET", "POST"])
def deactivate(request: AuthedRequest, pk: int) -> HttpResponse:
    person = _open(request, pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            services.deactivate_user(
                person, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, _("The account is closed."))
            return redirect("accounts:person-show", pk=person.pk)
    context = {"person": person, "form": form}
    return render_form(request, "accounts/person_deactivate.html", context)


@require_http_methods(["GET", "POST"])
def reactivate(request: AuthedRequest, pk: int) -> HttpResponse:
    person = _open(request, pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            services.reactivate_user(
                person, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, _("The account is open again."))
            return redirect("accounts:person-show", pk=person.pk)
    context = {"person": person, "form": form}
    return render_form(request, "accounts/person_reactivate.html", context)


def _open(request: AuthedRequest, pk: int) -> User:
    member = load_member(request.user)
    person = get_object_or_404(User.objects.visible_to(member), pk=pk)
    if not may_person(member, PersonAction.DEACTIVATE, person):
        raise PermissionDenied
    return person
