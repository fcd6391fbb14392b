from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import queries, services
from accounts.forms import (
    ChangeUnitForm,
    EndUnitForm,
    MoveUnitForm,
    NewUnitForm,
    SearchForm,
    SuccessorForm,
)
from accounts.history import as_lines
from accounts.levels import levels_below
from accounts.models import Unit
from accounts.permissions import (
    UnitAction,
    allowed_actions,
    may,
    may_create_root,
    may_end,
    may_import,
)
from accounts.requests import AuthedRequest
from accounts.roles import Member, load_member
from kipp.lib.forms import add_error
from kipp.lib.web import CONFLICT, PAGE, page_of, query_of, render_form


@require_safe
def index(request: AuthedRequest) -> HttpResponse:
    member = load_member(request.user)
    form = SearchForm(request.GET)
    search = form.cleaned_data["q"] if form.is_valid() else ""
    units = queries.list_units(member, search=search)
    context = {
        "page": page_of(units, request),
        "search": search,
        "query": query_of(request),
        "search_form": form,
        "can_create": may_create_root(member),
        "can_import": may_import(member),
        "sees_people": member.is_admin or bool(member.endorser_of),
    }
    return render(request, "accounts/units.html", context)


@require_safe
def show(request: AuthedRequest, pk: int) -> HttpResponse:
    member, unit = _open(request, pk)
    actions = allowed_actions(member, unit)
    at = timezone.now()
    members = page_of(queries.members_of(unit), request)
    invites = queries.waiting_invitations(unit) if UnitAction.INVITE in actions else []
    sees_history = UnitAction.SEE_HISTORY in actions
    entries, names = queries.history_of_unit(unit) if sees_history else ([], {})
    context = {
        "unit": unit,
        "trail": [(_("Units"), reverse("accounts:unit-list"))],
        "facts": unit_facts(unit),
        "actions": actions,
        "members": [(each, may_end(member, each)) for each in members],
        "page": members,
        "invitations": [(each, each.state_at(at) == "expired") for each in invites],
        "children": unit.children.order_by("name", "pk")[:PAGE],
        "history": as_lines(entries, names=names),
        "sees_history": sees_history,
        "sees_people": UnitAction.INVITE in actions or sees_history,
    }
    return render(request, "accounts/unit.html", context)


@require_http_methods(["GET", "POST"])
def create(request: AuthedRequest) -> HttpResponse:
    """A government that belongs to nothing."""
    if not may_create_root(load_member(request.user)):
        raise PermissionDenied
    return _create(request, parent=None)


@require_http_methods(["GET", "POST"])
def create_below(request: AuthedRequest, pk: int) -> HttpResponse:
    _member, parent = _open(request, pk, action=UnitAction.CREATE_BELOW)
    return _create(request, parent=parent)


@require_http_methods(["GET", "POST"])
def change(request: AuthedRequest, pk: int) -> HttpResponse:
    _member, unit = _open(request, pk, action=UnitAction.CHANGE)
    seen = {name: getattr(unit, name) for name in ("name", "abbr", "code", "kind", "version")}
    form = ChangeUnitForm(request.POST or None, initial=seen)
    status = None
    if form.is_valid():
        try:
            services.change_unit(unit, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as error:
            add_error(form, error)
            status = CONFLICT if getattr(error, "code", "") == "stale" else None
        else:
            messages.success(request, _("The unit has been changed."))
            return redirect("accounts:unit-show", pk=unit.pk)
    response = render_form(request, "accounts/unit_change.html", {"unit": unit, "form": form})
    response.status_code = status or response.status_code
    return response


@require_http_methods(["GET", "POST"])
def move(request: AuthedRequest, pk: int) -> HttpResponse:
    member, unit = _open(request, pk, action=UnitAction.MOVE)
    places = Unit.objects.visible_to(member).filter(ended_on=None)
    form = MoveUnitForm(request.POST or None, places=places.exclude(path__startswith=unit.path))
    if form.is_valid():
        if not may(member, UnitAction.CREATE_BELOW, form.cleaned_data["to"]):
            raise PermissionDenied
        try:
            services.move_unit(unit, to=form.cleaned_data["to"], by=request.user, at=timezone.now())
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, _("The unit has been moved."))
            return redirect("accounts:unit-show", pk=unit.pk)
    return render_form(request, "accounts/unit_move.html", {"unit": unit, "form": form})


@require_http_methods(["GET", "POST"])
def end(request: AuthedRequest, pk: int) -> HttpResponse:
    member, unit = _open(request, pk, action=UnitAction.END)
    heirs = Unit.objects.visible_to(member).filter(ended_on=None)
    form_class, verb, told = (
        (SuccessorForm, services.name_successor, _("The successor is named."))
        if unit.ended_on
        else (EndUnitForm, services.end_unit, _("The unit has ended."))
    )
    form = form_class(request.POST or None, places=heirs.exclude(path__startswith=unit.path))
    if form.is_valid():
        try:
            verb(unit, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, told)
            return redirect("accounts:unit-show", pk=unit.pk)
    return render_form(request, "accounts/unit_end.html", {"unit": unit, "form": form})


def unit_facts(unit: Unit) -> list[tuple[str, str]]:
    facts = [
        (_("Level"), unit.get_level_display()),
        (_("Kind"), unit.kind),
        (_("Abbreviation"), unit.abbr),
        (_("Code"), unit.code),
    ]
    if unit.ended_on:
        facts.append((_("Ended on"), date_format(unit.ended_on, "j F Y")))
    return facts


def _open(
    request: AuthedRequest, pk: int, *, action: UnitAction = UnitAction.SEE_MEMBERS
) -> tuple[Member, Unit]:
    member = load_member(request.user)
    units = Unit.objects.visible_to(member).select_related("parent", "successor")
    unit = get_object_or_404(units, pk=pk)
    if not may(member, action, unit):
        raise PermissionDenied
    return member, unit


def _create(request: AuthedRequest, *, parent: Unit | None) -> HttpResponse:
    form = NewUnitForm(request.POST or None, levels=levels_below(parent.level if parent else ""))
    if form.is_valid():
        try:
            unit = services.create_unit(
                **form.cleaned_data, parent=parent, by=request.user, at=timezone.now()
            )
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, _("The unit has been entered."))
            return redirect("accounts:unit-show", pk=unit.pk)
    return render_form(request, "accounts/unit_create.html", {"parent": parent, "form": form})
