"""The demonstration's own pages; their routes exist only when DEMO is set."""

from __future__ import annotations

import email
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.services.people import list_session
from competitions.requests import Request
from kipp.demo.accounts import email_of
from kipp.lib.web import page_of

BACKEND = "accounts.backends.EmailBackend"


@require_POST
@login_not_required
def enter(request: Request, key: str) -> HttpResponse:
    """Log in as one of the demo's people, without a password."""
    address = email_of(key)
    if address is None:
        raise Http404
    person = get_object_or_404(User, email=address)
    login(request, person, backend=BACKEND)
    # The page of signed-in devices lists what the login page has let in.
    list_session(
        person,
        key=request.session.session_key or "",
        ip=get_adapter(request).get_client_ip(request),
        device=request.META.get("HTTP_USER_AGENT", "")[:200],
        at=timezone.now(),
    )
    return redirect(settings.LOGIN_REDIRECT_URL)


@require_safe
@login_not_required
def mails(request: Request) -> HttpResponse:
    """Show what the demo's mail server received, newest first."""
    files = sorted(settings.DEMO_MAIL_DIR.glob("*.eml"), reverse=True)
    page = page_of(files, request)
    rows = [(path.stem, mail, sent_at(mail)) for path in page for mail in [read_mail(path)]]
    return render(request, "kipp/demo_mails.html", {"page": page, "rows": rows})


@require_safe
@login_not_required
def mail(request: Request, key: str) -> HttpResponse:
    path = settings.DEMO_MAIL_DIR / f"{key}.eml"
    if not path.is_file():
        raise Http404
    message = read_mail(path)
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    context = {"mail": message, "text": text, "sent_at": sent_at(message)}
    return render(request, "kipp/demo_mail.html", context)


def sent_at(message: EmailMessage) -> datetime | None:
    """The zone -0000 of a mail means UTC, and Python reads it as none."""
    if not message["Date"]:
        return None
    found: datetime = message["Date"].datetime
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def read_mail(path: Path) -> EmailMessage:
    with path.open("rb") as file:
        message = email.message_from_binary_file(file, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - the default policy makes nothing else
    return message
