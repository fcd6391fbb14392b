"""The inbox in the portal, and how a person wants to be told."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services
from accounts.forms import ReceptionForm
from accounts.models import Message, Reception, User
from accounts.requests import AuthedRequest
from accounts.topics import REQUIRED
from accounts.unsubscribing import read_token
from kipp.lib.web import page_of, render_form

GONE = 410


@require_safe
def inbox(request: AuthedRequest) -> HttpResponse:
    told = Message.objects.in_inbox_of(request.user)
    page = page_of(told, request)
    # The HTML was made by render_markdown when the mail was written.
    notices = [(message, SafeString(message.html)) for message in page]
    return render(request, "accounts/inbox.html", {"page": page, "notices": notices})


@require_POST
def read(request: AuthedRequest, pk: int | None = None) -> HttpResponse:
    services.mark_read(request.user, pk=pk, at=timezone.now())
    return redirect("accounts:inbox")


@require_http_methods(["GET", "POST"])
def choose(request: AuthedRequest) -> HttpResponse:
    chosen = Reception.objects.filter(user=request.user).first() or Reception(user=request.user)
    form = ReceptionForm(request.POST or None, instance=chosen)
    if form.is_valid():
        services.choose_reception(request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:account-show")
    context = {"form": form, "required": REQUIRED}
    return render_form(request, "accounts/reception.html", context)


@csrf_exempt  # mail programs answer the header for their reader: the signed token is the right
@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    known = read_token(token)
    if known is None:
        return render(request, "accounts/unsubscribe.html", {"state": "unknown"}, status=GONE)
    user_id, topic = known
    context = {"topic": topic.label, "state": "asked"}
    if request.method == "POST":
        person = get_object_or_404(User, pk=user_id)
        try:
            services.decline_mail(person, topic=topic)
        except ValidationError:
            return render(request, "accounts/unsubscribe.html", {"state": "unknown"}, status=GONE)
        context["state"] = "done"
    return render(request, "accounts/unsubscribe.html", context)
