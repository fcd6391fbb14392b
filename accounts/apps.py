from __future__ import annotations

from allauth.account.signals import user_logged_in
from allauth.usersessions.apps import UserSessionsConfig
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from kipp.lib.late import late

receivers = late("allauth.usersessions.signals")


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")


class SignedInConfig(UserSessionsConfig):  # type: ignore[misc]  # allauth has no types
    """At each login allauth looks whether every other session of the person still lives.

    The page that lists them looks too, and old ones go by night: `accounts.adapter` writes the new
    one and leaves the rest alone.
    """

    def ready(self) -> None:
        super().ready()
        user_logged_in.disconnect(receivers.on_user_logged_in)
