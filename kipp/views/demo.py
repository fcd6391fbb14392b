"""The demonstration's own pages; their routes exist only when DEMO is set."""

from __future__ import annotations

import email
from email import policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
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
    login(request, get_object_or_404(User, email=address), backend=BACKEND)
    return redirect(settings.LOGIN_REDIRECT_URL)


@require_safe
@login_not_required
def mails(request: Request) -> HttpResponse:
    """Show what the demo's mail server received, newest first."""
    files = sorted(settings.DEMO_MAIL_DIR.glob("*.eml"), reverse=True)
    page = page_of(files, request)
    rows = [(path.stem, read_mail(path)) for path in page]
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
    return render(request, "kipp/demo_mail.html", {"mail": message, "text": text})


def read_mail(path: Path) -> EmailMessage:
    with path.open("rb") as file:
        message = email.message_from_binary_file(file, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - the default policy makes nothing else
    return message
