"""Where another system takes the reminders of a competition; the address is tried at once."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, mail
from accounts.hooks import new_secret
from accounts.models import Hook, Message, User
from competitions.models import Competition
from kipp.lib.probing import ForbiddenAddressError, require_outside


@transaction.atomic
def set_hook(competition: Competition, *, url: str, by: User, at: datetime) -> Hook:
    """A new secret each time; a first message tries the address, by mail when it is not taken."""
    try:
        require_outside(urlsplit(url), local=settings.LOCAL_HOSTS)
    except (ForbiddenAddressError, ValueError) as error:
        raise ValidationError(
            {"url": _("Give a public address that begins with https://, without a port.")}
        ) from error
    Competition.objects.select_for_update(no_key=True).get(pk=competition.pk)
    hook, _is_new = Hook.objects.update_or_create(
        edition=competition.pk, defaults={"url": url, "secret": new_secret()}
    )
    trial = mail.write_mail(
        "hook_trial",
        by,
        dedupe_key=f"hook_trial:{competition.pk}:{at.timestamp():.6f}",
        at=at,
        context={"competition": competition, "host": hook.host},
        about=competition,
    )
    trial.channel = Message.Channel.HOOK
    mail.promise([trial])
    audit.record(by, "competition.hook_set", competition, at=at, host=hook.host)
    return hook


@transaction.atomic
def remove_hook(competition: Competition, *, by: User, at: datetime) -> None:
    """What still waits for it goes out by mail."""
    removed, _kinds = Hook.objects.filter(edition=competition.pk).delete()
    if not removed:
        raise ValidationError(_("The webhook is removed already."), code="not_now")
    audit.record(by, "competition.hook_removed", competition, at=at)
