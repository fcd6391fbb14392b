"""What a password must be: one of two profiles, chosen by the operator (`PASSWORD_PROFILE`).

`asvs` follows OWASP ASVS 5.0, V6.2: length and known passwords count; no rule on kinds of signs
(6.2.5) and no expiry (6.2.10). `bssn` is how government practice sheets read the password clause
of Peraturan BSSN 4/2021: mixed signs, an end after six months, none of the earlier ones again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from types import MappingProxyType

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import PastPassword, User

LIFETIME = timedelta(days=183)
REMEMBERED = 5
ADVICE: MappingProxyType[str, str | Promise] = MappingProxyType(
    {
        "asvs": gettext_lazy(
            "At least 12 characters. A sentence you remember is better than a short word with"
            " signs."
        ),
        "bssn": gettext_lazy(
            "At least 12 characters with a capital, a small letter, a digit and a sign. It is"
            " good for six months, and the last five cannot come again."
        ),
    }
)


def advice() -> str:
    return str(ADVICE[settings.PASSWORD_PROFILE])


class MixedSignsValidator:
    def validate(self, password: str, user: User | None = None) -> None:  # noqa: ARG002
        kinds = (str.isupper, str.islower, str.isdigit, _is_sign)
        if not all(any(is_kind(letter) for letter in password) for is_kind in kinds):
            raise ValidationError(
                _("Use a capital, a small letter, a digit and a sign."), code="password_not_mixed"
            )

    def get_help_text(self) -> str:
        return advice()


class UnusedBeforeValidator:
    """Remembers by hash; Django tells it of each password that was saved."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        earlier = [past.encoded for past in user.past_passwords.all()[:REMEMBERED]]
        if any(check_password(password, encoded) for encoded in [user.password, *earlier]):
            raise ValidationError(
                _("You have used this password before. Choose another one."),
                code="password_used_before",
            )

    def password_changed(self, password: str, user: User) -> None:  # noqa: ARG002
        PastPassword.objects.create(user=user, encoded=user.password)
        kept = list(user.past_passwords.values_list("pk", flat=True)[:REMEMBERED])
        user.past_passwords.exclude(pk__in=kept).delete()

    def get_help_text(self) -> str:
        return ""


def good_until(user: User) -> datetime | None:
    """When the password has to be another one; None when it was set under the other profile."""
    latest = user.past_passwords.first()
    return latest.set_at + LIFETIME if latest else None


def _is_sign(letter: str) -> bool:
    return not letter.isalnum()
