"""What comes to the minutes of a frozen ranking: signed scans and addenda, never an edit."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from judging.difference_words import difference_text
from judging.models import Addendum, Ranking, SignedMinutes, Stage
from judging.queries.differences import difference_of
from judging.services.locks import lock_stage
from judging.workflow import StageStatus
from kipp.lib.files import Stream, keep_file, store_file
from kipp.lib.twins import TWICE
from kipp.lib.uploads import Checked, Kind, check_upload

SCAN_MAX_BYTES = 20 * 1024 * 1024


def add_signed_minutes(
    ranking: Ranking, *, file: Stream, name: str, by: User, at: datetime
) -> SignedMinutes:
    """Keep the scan under its hash, then the row; the minutes that it shows stay as they are."""
    checked = check_upload(file, name=name, kind=Kind.PDF, max_bytes=SCAN_MAX_BYTES)
    stored = store_file(BytesIO(checked.content))
    scan = SignedMinutes(
        ranking=ranking,
        name=checked.name,
        sha256=stored.sha256,
        size=stored.size,
        uploaded_by=by,
        uploaded_at=at,
    )
    return _record_scan(scan, checked=checked)


@transaction.atomic
def _record_scan(scan: SignedMinutes, *, checked: Checked) -> SignedMinutes:
    keep_file(BytesIO(checked.content), sha256=scan.sha256)
    stage = _lock_frozen(scan.ranking)
    scan.validate_constraints()
    scan.save(force_insert=True)
    record(
        scan.uploaded_by,
        "minutes.signed",
        stage,
        at=scan.uploaded_at,
        name=scan.name,
        version=scan.ranking.version,
        sha256=scan.sha256,
    )
    return scan


@transaction.atomic
def add_addendum(ranking: Ranking, *, text: str, by: User, at: datetime) -> Addendum:
    """Write down what was found after the freeze, under the next number."""
    if not text.strip():
        raise ValidationError(_("Write the text of the addendum."), code="text")
    _lock_frozen(ranking)
    if ranking.addenda.filter(text=text.strip()).exists():
        raise ValidationError(TWICE, code="twice")
    return write_addendum(ranking, text=text, by=by, at=at)


def note_difference(ranking: Ranking, *, by: User, at: datetime) -> Addendum | None:
    """What a later run changed, in the minutes of the run before; the caller holds the stage."""
    difference = difference_of(ranking)
    if difference is None:
        return None
    with translation.override("id"):
        text = difference_text(difference)
    return write_addendum(difference.old, text=text, by=by, at=at)


def write_addendum(ranking: Ranking, *, text: str, by: User, at: datetime) -> Addendum:
    last = ranking.addenda.aggregate(last=Max("number"))["last"] or 0
    addendum = Addendum.objects.create(
        ranking=ranking, number=last + 1, text=text.strip(), written_by=by, written_at=at
    )
    record(
        by,
        "minutes.addendum",
        ranking.stage,
        at=at,
        reason=addendum.text,
        version=ranking.version,
        number=addendum.number,
    )
    return addendum


def _lock_frozen(ranking: Ranking) -> Stage:
    """Nothing comes to minutes while judges score again: the next close makes new ones."""
    stage = lock_stage(ranking.stage)
    if stage.status not in (StageStatus.CLOSED, StageStatus.PUBLISHED):
        raise ValidationError(
            _("The stage is open again. Its next close makes new minutes."), code="not_now"
        )
    return stage
