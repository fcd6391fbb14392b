from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.forms import InviteForm, ReasonForm
from accounts.models import Invitation, Membership, Unit
from accounts.permissions import UnitAction, may, may_end
from accounts.requests import AuthedRequest
from accounts.roles import load_member
from kipp.lib.forms import add_error
from kipp.lib.web import render_form


@require_http_methods(["GET", "POST"])
def invite(request: AuthedRequest, pk: int) -> HttpResponse:
    member = load_member(request.user)
    unit = get_object_or_404(Unit.objects.visible_to(member), pk=pk)
    if not may(member, UnitAction.INVITE, unit):
        raise PermissionDenied
    form = InviteForm(request.POST or None)
    if form.is_valid():
        try:
            services.invite_member(unit, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as error:
            add_error(form, error)
        else:
            said = _("The invitation is on its way to %(email)s.")
            messages.success(request, said % {"email": form.cleaned_data["email"]})
            return redirect("accounts:unit-show", pk=unit.pk)
    return render_form(request, "accounts/invite.html", {"unit": unit, "form": form})


@require_http_methods(["GET", "POST"])
def end(request: AuthedRequest, pk: int) -> HttpResponse:
    """A page that asks for the reason, then ends the role."""
    member = load_member(request.user)
    roles = Membership.objects.filter(unit__in=Unit.objects.visible_to(member))
    membership = get_object_or_404(roles.select_related("unit", "user"), pk=pk)
    if not may_end(member, membership):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            services.end_membership(
                membership, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, _("The role has ended."))
            return redirect("accounts:unit-show", pk=membership.unit_id)
    context = {"membership": membership, "form": form}
    return render_form(request, "accounts/membership_end.html", context)


@require_POST
def resend(request: AuthedRequest, pk: int) -> HttpResponse:
    invitation, unit = _open_invitation(request, pk)
    try:
        services.resend_invitation(invitation, by=request.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        said = _("A new invitation is on its way to %(email)s. The old link no longer works.")
        messages.success(request, said % {"email": invitation.email})
    return redirect("accounts:unit-show", pk=unit.pk)


@require_POST
def revoke(request: AuthedRequest, pk: int) -> HttpResponse:
    invitation, unit = _open_invitation(request, pk)
    try:
        services.revoke_invitation(invitation, by=request.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("The invitation has been revoked."))
    return redirect("accounts:unit-show", pk=unit.pk)


def _open_invitation(request: AuthedRequest, pk: int) -> tuple[Invitation, Unit]:
    member = load_member(request.user)
    invitations = Invitation.objects.filter(unit__in=Unit.objects.visible_to(member))
    invitation = get_object_or_404(invitations.select_related("unit", "user"), pk=pk)
    unit = invitation.unit
    if unit is None or not may(member, UnitAction.INVITE, unit):
        raise PermissionDenied
    return invitation, unit
