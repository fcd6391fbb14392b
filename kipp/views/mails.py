"""Who was told what, when, and why not; an address that does not work is corrected here."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.forms import AddressForm, MailFilter
from accounts.models import Message
from competitions.models import Competition
from competitions.permissions import Action, allowed_actions, may
from competitions.requests import AuthedRequest
from kipp.lib.forms import add_error
from kipp.lib.web import page_of, query_of, render_form
from kipp.undelivered import chosen_from, mails_of


@require_safe
def log(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = _competition(request, slug, Action.VIEW_SETUP)
    form = MailFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    mails = mails_of(competition)
    shown = chosen_from(mails, **chosen).select_related("recipient", "carried_by")
    context = {
        "competition": competition,
        "can_edit": Action.EDIT_SETUP in allowed_actions(request.actor, competition),
        "form": form,
        "page": page_of(shown, request),
        "query": query_of(request),
        "failed": mails.filter(status=Message.Status.FAILED).count(),
    }
    return render(request, "competitions/mails.html", context)


@require_http_methods(["GET", "POST"])
def correct(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    competition, at = _competition(request, slug, Action.EDIT_SETUP), timezone.now()
    mails = mails_of(competition)
    failed = mails.filter(recipient__isnull=False).select_related("recipient")
    mail = get_object_or_404(failed, pk=pk, status=Message.Status.FAILED)
    form = AddressForm(request.POST or None, initial={"email": mail.to_email})
    if form.is_valid():
        try:
            count = services.correct_address(
                mail, email=form.cleaned_data["email"], among=mails, by=request.user, at=at
            )
        except ValidationError as error:
            add_error(form, error)
        else:
            said = ngettext("%(n)s mail goes out again.", "%(n)s mails go out again.", count)
            messages.success(request, said % {"n": count})
            return redirect("mail-log", slug)
    context = {"competition": competition, "mail": mail, "form": form}
    return render_form(request, "competitions/mail_correct.html", context)


def _competition(request: AuthedRequest, slug: str, action: Action) -> Competition:
    visible = Competition.objects.visible_to(request.actor)
    competition = get_object_or_404(visible, slug=slug)
    if not may(request.actor, action, competition):
        raise PermissionDenied
    return competition
