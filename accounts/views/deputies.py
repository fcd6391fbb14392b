"""Who endorses in one's place for a time: named and taken back by an endorser of the unit."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import queries, services
from accounts.forms import DeputyForm
from accounts.models import Deputy, Unit
from accounts.permissions import UnitAction, may
from accounts.requests import AuthedRequest
from accounts.roles import load_member
from kipp.lib.forms import add_error
from kipp.lib.web import render_form


@require_http_methods(["GET", "POST"])
def name(request: AuthedRequest, pk: int) -> HttpResponse:
    """The list of those named, and the form for the next one."""
    member = load_member(request.user)
    unit = get_object_or_404(Unit.objects.visible_to(member), pk=pk)
    if not may(member, UnitAction.NAME_DEPUTY, unit):
        raise PermissionDenied
    people = queries.deputies_to_name(unit, besides=request.user)
    form = DeputyForm(request.POST or None, people=people)
    if form.is_valid():
        try:
            services.name_deputy(unit, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, _("Named. The deputy gets a mail."))
            return redirect("accounts:unit-deputies", pk=unit.pk)
    context = {"unit": unit, "form": form, "deputies": queries.deputies_of(unit)}
    return render_form(request, "accounts/deputies.html", context)


@require_POST
def revoke(request: AuthedRequest, pk: int) -> HttpResponse:
    member = load_member(request.user)
    visible = Deputy.objects.filter(unit__in=Unit.objects.visible_to(member))
    deputy = get_object_or_404(visible.select_related("unit", "user"), pk=pk)
    if not may(member, UnitAction.NAME_DEPUTY, deputy.unit):
        raise PermissionDenied
    try:
        services.revoke_deputy(deputy, by=request.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Taken back at once."))
    return redirect("accounts:unit-deputies", pk=deputy.unit_id)
