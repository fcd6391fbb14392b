"""allauth's door into the project: no sign-up, and its mails go through our outbox."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.core.internal.httpkit import HTTP_USER_AGENT_MAX_LENGTH
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from accounts import mail
from accounts.models import User
from accounts.services.people import list_session
from kipp.lib.prepared import Prepared, given

SECRET_KINDS = frozenset({"account_password_reset_key"})
# Left out: the next page shows whether somebody is signed in, and allauth would render the
# templates of these two messages with all the queries of a page.
UNSAID = frozenset({"account/messages/logged_in.txt", "account/messages/logged_out.txt"})
# Seconds. allauth counts tries under a lock in the cache. A worker that is killed while it holds
# the lock, or a Redis that froze and sets it late, leaves it locked. So the lock ends (1) well
# before those who wait for it give up (3); a socket of Redis waits for a second at the most.
ratelimit.CACHE_LOCK_TIMEOUT, ratelimit.CACHE_LOCK_WAIT_TIMEOUT = 1, 3


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _(
            "Too many wrong passwords. This account is locked for five minutes; then try again,"
            " or choose a new password."
        ),
        "email_password_mismatch": _("The e-mail or the password is not right."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        if message_template not in UNSAID:
            super().add_message(request, level, message_template, *args, **kwargs)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Without the database no password is wrong: such a try does not count."""
        try:
            return super().authenticate(request, **credentials)
        except DatabaseError:
            self._rollback_login_failed_rl_usage()
            raise

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> Any:
        device = request.META.get("HTTP_USER_AGENT", "")[:HTTP_USER_AGENT_MAX_LENGTH]
        list_session(
            user,
            key=request.session.session_key or "",
            ip=self.get_client_ip(request),
            device=device,
            at=timezone.now(),
        )
        return super().post_login(request, user, **facts)

    def set_password(self, user: User, password: str) -> None:
        """A new password also opens an account that wrong ones have locked."""
        super().set_password(user, password)
        self._delete_login_attempts_cached_email(self.request, email=user.email)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Below the portal's own address, whatever name the request came under."""
        asked = urlsplit(super().get_reset_password_from_key_url(key))
        return f"{settings.SITE_URL}{asked.path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the outbox row instead of talking to a mail server while the person waits."""
        kind = f"account_{template_prefix.rsplit('/', 1)[-1]}"
        person = context.get("user") or User.objects.filter(email__iexact=email).first()
        is_secret = kind in SECRET_KINDS
        at = timezone.now()
        with transaction.atomic():
            mail.send_later(
                kind,
                person or email,
                dedupe_key=f"{kind}:{_mark(context)}",
                at=at,
                context={**context, "user": person},
                expires_at=at + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
                if is_secret
                else None,
                is_secret=is_secret,
            )


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    def is_mfa_enabled(self, user: User, types: Collection[str] | None = None) -> bool:
        """Asked at every login, and on every page of who has not used the second factor."""
        kinds = KINDS_OF.ask(user=user.pk)
        return any(types is None or kind in types for kind in kinds)


KINDS_OF = Prepared(
    lambda: Authenticator.objects.filter(user=given("user")).values_list("type", flat=True)
)


def _mark(context: dict[str, Any]) -> str:
    """The same reset link promises one mail; every other notice is one of its own."""
    key = context.get("key")
    return hashlib.sha256(key.encode()).hexdigest() if key else get_random_string(32)
