"""Minutes signed by a one-time code: sent by mail, kept as an HMAC, used once, bound to a text."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts import mail
from accounts.audit import record
from accounts.models import User
from judging.models import MinutesSignature, Panelist, Ranking, Stage
from judging.queries.law import latest_ranking
from judging.services.locks import lock_stage
from judging.workflow import StageStatus

DIGITS = 8
VALID = timedelta(minutes=30)
PAUSE = timedelta(seconds=60)
MOST_CODES, MOST_MISSES = 10, 5


@transaction.atomic
def ask_code(ranking: Ranking, *, digest: str, by: User, at: datetime) -> MinutesSignature:
    """Send a new code to the judge; the one before it is worth nothing from here on.

    `digest`: the hash of the minutes that the judge was shown.
    """
    stage = lock_stage(ranking.stage)
    panelist = _seat_of(stage, ranking, by=by)
    known = MinutesSignature.objects.filter(ranking=ranking, panelist=panelist).first()
    _refuse_often(known, at=at)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    signature, _is_new = MinutesSignature.objects.update_or_create(
        ranking=ranking,
        panelist=panelist,
        defaults={
            "minutes_sha256": digest,
            "code_hmac": _hmac(code, ranking=ranking, panelist=panelist, digest=digest),
            "asked_at": at,
            "expires_at": at + VALID,
            "codes": known.codes + 1 if known else 1,
            "misses": 0,
        },
    )
    mail.send_later(
        "minutes_code",
        by,
        dedupe_key=f"minutes_code:{signature.pk}:{signature.codes}",
        at=at,
        expires_at=signature.expires_at,
        is_secret=True,
        context={
            "code": code,
            "stage": stage,
            "competition": stage.competition,
            "version": ranking.version,
            "digest": digest,
        },
    )
    record(by, "minutes.code_asked", stage, at=at, version=ranking.version)
    return signature


def sign_minutes(
    ranking: Ranking, *, code: str, digest: str, by: User, at: datetime
) -> MinutesSignature:
    """A wrong code is counted, whatever else happens: the count is kept before the refusal."""
    with transaction.atomic():
        stage = lock_stage(ranking.stage)
        panelist = _seat_of(stage, ranking, by=by)
        signature = MinutesSignature.objects.filter(ranking=ranking, panelist=panelist).first()
        refusal = _refusal(signature, code=code, digest=digest, at=at)
        if signature is not None and refusal is None:
            signature.signed_at, signature.code_hmac = at, ""
            signature.save(update_fields=["signed_at", "code_hmac"])
            record(
                by,
                "minutes.code_signed",
                stage,
                at=at,
                version=ranking.version,
                sha256=signature.minutes_sha256,
            )
            return signature
    raise refusal or ValidationError(_("Ask for a code first."), code="code")


def _refusal(
    signature: MinutesSignature | None, *, code: str, digest: str, at: datetime
) -> ValidationError | None:
    if signature is None:
        return None
    if signature.signed_at is not None:
        return ValidationError(_("You have signed these minutes already."), code="not_now")
    if at >= signature.expires_at or signature.misses >= MOST_MISSES:
        return ValidationError(_("This code is no longer valid. Ask for a new one."), code="code")
    wanted = _hmac(
        "".join(code.split()),
        ranking=signature.ranking,
        panelist=signature.panelist,
        digest=digest,
    )
    if constant_time_compare(wanted, signature.code_hmac):
        return None
    signature.misses += 1
    signature.save(update_fields=["misses"])
    left = MOST_MISSES - signature.misses
    return ValidationError(
        _("This is not the code. %(left)d attempts are left.") % {"left": left}, code="code"
    )


def _seat_of(stage: Stage, ranking: Ranking, *, by: User) -> Panelist:
    """The judge's seat, while the ranking is the one that stands."""
    panelist = Panelist.objects.filter(stage=stage, user=by).first()
    if panelist is None:
        raise ValidationError(_("Only the judges of this stage sign."), code="seat")
    last = latest_ranking(stage)
    is_frozen = stage.status in (StageStatus.CLOSED, StageStatus.PUBLISHED)
    if not is_frozen or last is None or last.pk != ranking.pk:
        raise ValidationError(
            _("These minutes do not stand any more: a new version follows or is here."),
            code="not_now",
        )
    return panelist


def _refuse_often(known: MinutesSignature | None, *, at: datetime) -> None:
    if known is None:
        return
    if known.signed_at is not None:
        raise ValidationError(_("You have signed these minutes already."), code="not_now")
    if at < known.asked_at + PAUSE:
        raise ValidationError(
            _("A code went out less than a minute ago. Look into your mail."), code="often"
        )
    if known.codes >= MOST_CODES:
        raise ValidationError(
            _("Too many codes were asked for. Sign on paper instead."), code="often"
        )


def _hmac(code: str, *, ranking: Ranking, panelist: Panelist, digest: str) -> str:
    """Bound to the judge, the version and the very text of the minutes."""
    salt = f"minutes:{ranking.pk}:{panelist.pk}:{digest}"
    return salted_hmac(salt, code, algorithm="sha256").hexdigest()
