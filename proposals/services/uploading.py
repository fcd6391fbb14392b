"""Files that arrive in parts: begun, carried on after any break, checked as a whole, attached."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from io import BytesIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from competitions.models import AttachmentSlot
from kipp.lib.parts import MAX_PART, drop_parts, join_parts, store_part
from kipp.lib.uploads import Checked, name_of_upload, require_size
from proposals.models import Attachment, Proposal, Upload
from proposals.services.attaching import (
    MEGABYTE,
    check_file,
    record_file,
    require_place,
    store_checked,
)
from proposals.services.locks import lock_editable

MAX_UNFINISHED = 20
MAX_UNFINISHED_BYTES = 200 * MEGABYTE
KEPT = timedelta(hours=24)


@transaction.atomic
def begin_upload(
    proposal: Proposal,
    *,
    slot: AttachmentSlot,
    name: str,
    size: int,
    sha256: str,
    by: User,
    at: datetime,
) -> Upload:
    """The same file of the same person again is the upload that was begun before."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    lock_editable(proposal, parts=[f"slot:{slot.key}"])
    begun = Upload.objects.filter(proposal=proposal, slot=slot, begun_by=by, attachment=None)
    known = begun.filter(expected_sha256=sha256, size=size).first() if sha256 else None
    if known:
        return known
    require_place(proposal, slot=slot)
    require_size(size, max_bytes=slot.max_mb * MEGABYTE)
    _require_room(by, size=size)
    return Upload.objects.create(
        proposal=proposal,
        slot=slot,
        name=name_of_upload(name),
        size=size,
        expected_sha256=sha256,
        begun_by=by,
        begun_at=at,
        active_at=at,
    )


def add_part(upload: Upload, *, offset: int, content: bytes, sha256: str, at: datetime) -> Upload:
    """Store what comes next; raises code `offset` when something else comes next.

    A part whose hash is not what the browser said (`checksum`) leaves nothing.
    """
    _require_next(upload, offset=offset, size=len(content))
    if sha256 and hashlib.sha256(content).hexdigest() != sha256:
        raise ValidationError(_("A part arrived damaged. It is sent again."), code="checksum")
    part = store_part(upload.folder, content)
    return _append(upload, offset=offset, size=len(content), part=part, at=at)


def finish_upload(upload: Upload, *, by: User, at: datetime) -> Attachment:
    """Check the whole file as if it had come by the form; asked again, answer the same.

    What is refused for its content is dropped: sending it once more would end the same way.
    """
    if upload.attachment:
        return upload.attachment
    if upload.received != upload.size:
        raise ValidationError(_("Parts of this file are still missing."), code="offset")
    try:
        checked = _check(upload)
    except ValidationError:
        if found := _attachment_of(upload):
            return found  # another request was faster, and its parts are gone
        drop_upload(upload)
        raise
    attachment = store_checked(checked, proposal=upload.proposal, slot=upload.slot, by=by, at=at)
    attached = _record(upload, attachment=attachment, checked=checked)
    drop_parts(upload.folder)
    return attached


def drop_upload(upload: Upload) -> None:
    """Give up; a part on its way finds nothing to be added to."""
    Upload.objects.filter(pk=upload.pk).delete()
    drop_parts(upload.folder)


def expire_uploads(*, at: datetime) -> int:
    """Drop what nobody has carried on for a day, and the rows of what was attached."""
    expired = Upload.objects.filter(active_at__lte=at - KEPT)
    for upload in expired:
        _expire(upload, at=at)
    return len(expired)


@transaction.atomic
def _append(upload: Upload, *, offset: int, size: int, part: str, at: datetime) -> Upload:
    locked = _lock(upload)
    _require_next(locked, offset=offset, size=size)
    locked.parts = [*locked.parts, part]
    locked.received += size
    locked.active_at = at
    locked.save(update_fields=["parts", "received", "active_at"])
    return locked


@transaction.atomic
def _record(upload: Upload, *, attachment: Attachment, checked: Checked) -> Attachment:
    locked = _lock(upload)
    if locked.attachment is None:
        locked.attachment = record_file(attachment, checked=checked)
        locked.save(update_fields=["attachment"])
    return locked.attachment


@transaction.atomic
def _expire(upload: Upload, *, at: datetime) -> None:
    stale = Upload.objects.filter(pk=upload.pk, active_at__lte=at - KEPT)
    for locked in stale.select_for_update(skip_locked=True):
        drop_upload(locked)


def _lock(upload: Upload) -> Upload:
    held = Upload.objects.select_for_update(of=["self"]).select_related("attachment")
    locked = held.filter(pk=upload.pk).first()
    if locked is None:
        raise ValidationError(_("This upload was stopped. Send the file again."), code="gone")
    return locked


def _attachment_of(upload: Upload) -> Attachment | None:
    found = Upload.objects.filter(pk=upload.pk).select_related("attachment").first()
    return found.attachment if found else None


def _check(upload: Upload) -> Checked:
    try:
        content = join_parts(upload.folder, upload.parts)
    except FileNotFoundError as error:
        raise _lost() from error
    if upload.expected_sha256 not in {"", hashlib.sha256(content).hexdigest()}:
        raise _lost()
    return check_file(BytesIO(content), slot=upload.slot, name=upload.name)


def _require_next(upload: Upload, *, offset: int, size: int) -> None:
    if offset != upload.received:
        raise ValidationError(_("Another part of this file comes next."), code="offset")
    if not 0 < size <= min(MAX_PART, upload.size - offset):
        raise ValidationError(_("This part has not the size that was said."), code="part_size")


def _require_room(person: User, *, size: int) -> None:
    unfinished = Upload.objects.filter(begun_by=person, attachment=None)
    found = unfinished.aggregate(count=Count("pk"), size=Sum("size", default=0))
    if found["count"] >= MAX_UNFINISHED or found["size"] + size > MAX_UNFINISHED_BYTES:
        raise ValidationError(
            _("You have too many unfinished uploads. Finish or remove some of them first."),
            code="unfinished",
        )


def _lost() -> ValidationError:
    return ValidationError(
        _("The file did not arrive as it left your device. Send it again."), code="lost"
    )
