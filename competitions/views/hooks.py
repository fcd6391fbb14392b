from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.hosts import resting_until
from accounts.models import Hook, Message
from competitions import services
from competitions.forms import HookForm
from competitions.permissions import Action
from competitions.requests import AuthedRequest
from competitions.views.access import competition_for
from kipp.lib.forms import add_error
from kipp.lib.web import render_form

SHOWN = 5


@require_http_methods(["GET", "POST"])
def change(request: AuthedRequest, slug: str) -> HttpResponse:
    competition, at = competition_for(request, slug, Action.EDIT_SETUP), timezone.now()
    hook = Hook.objects.filter(edition=competition.pk).first()
    form = HookForm(request.POST or None, initial={"url": hook.url if hook else ""})
    if form.is_valid():
        try:
            services.set_hook(competition, by=request.user, at=at, **form.cleaned_data)
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, _("Saved. A first message is on its way to the address."))
            return redirect("competitions:hook", slug)
    by_hook = Message.objects.filter(edition=competition.pk, channel=Message.Channel.HOOK)
    context = {
        "competition": competition,
        "hook": hook,
        "form": form,
        "sent": by_hook.select_related("recipient")[:SHOWN],
        "rests_until": resting_until(hook.host, at=at) if hook else None,
    }
    return render_form(request, "competitions/hook.html", context)


@require_http_methods(["GET", "POST"])
def remove(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = competition_for(request, slug, Action.EDIT_SETUP)
    if request.method == "GET":
        return render(request, "competitions/hook_remove.html", {"competition": competition})
    try:
        services.remove_hook(competition, by=request.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Removed."))
    return redirect("competitions:hook", slug)
