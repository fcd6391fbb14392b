"""Files: opened and stored first, recorded after, so that a row always has its content."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from competitions.models import AttachmentSlot
from kipp.lib.files import Stream, keep_file, store_file
from kipp.lib.uploads import Checked, Kind, check_upload
from proposals.models import Attachment, Proposal
from proposals.services.locks import lock_editable

MEGABYTE = 1024 * 1024


def attach_file(
    proposal: Proposal, *, slot: AttachmentSlot, file: Stream, name: str, by: User, at: datetime
) -> Attachment:
    """Check the file for real, store it under its hash, record it.

    Whatever fails leaves at most a blob without a row, which the janitor sweeps away.
    """
    require_place(proposal, slot=slot)
    checked = check_file(file, slot=slot, name=name)
    attachment = store_checked(checked, proposal=proposal, slot=slot, by=by, at=at)
    return record_file(attachment, checked=checked)


def check_file(file: Stream, *, slot: AttachmentSlot, name: str) -> Checked:
    return check_upload(file, name=name, kind=Kind(slot.kind), max_bytes=slot.max_mb * MEGABYTE)


def store_checked(
    checked: Checked, *, proposal: Proposal, slot: AttachmentSlot, by: User, at: datetime
) -> Attachment:
    """Store the content; the row is not written yet."""
    stored = store_file(BytesIO(checked.content))
    thumbnail = store_file(BytesIO(checked.thumbnail)).sha256 if checked.thumbnail else ""
    return Attachment(
        proposal=proposal,
        slot=slot,
        name=checked.name,
        media_type=checked.media_type,
        sha256=stored.sha256,
        size=stored.size,
        page_count=checked.pages or None,
        thumbnail_sha256=thumbnail,
        uploaded_by=by,
        uploaded_at=at,
    )


@transaction.atomic
def record_file(attachment: Attachment, *, checked: Checked) -> Attachment:
    """Two uploads at once do not squeeze past the slot's number: the proposal is held."""
    keep_file(BytesIO(checked.content), sha256=attachment.sha256)
    if checked.thumbnail:
        keep_file(BytesIO(checked.thumbnail), sha256=attachment.thumbnail_sha256)
    lock_editable(attachment.proposal, parts=[f"slot:{attachment.slot.key}"])
    require_place(attachment.proposal, slot=attachment.slot)
    attachment.validate_constraints()
    attachment.save(force_insert=True)
    record(
        attachment.uploaded_by,
        "proposal.attached",
        attachment.proposal,
        at=attachment.uploaded_at,
        name=attachment.name,
        slot=attachment.slot.key,
        sha256=attachment.sha256,
    )
    return attachment


@transaction.atomic
def detach_file(attachment: Attachment, *, by: User, at: datetime) -> None:
    """Take it off the draft; what was submitted with it keeps it."""
    proposal = attachment.proposal
    lock_editable(proposal, parts=[f"slot:{attachment.slot.key}"])
    deleted, _rows = Attachment.objects.filter(pk=attachment.pk).delete()
    if not deleted:
        raise ValidationError(_("This file was removed already."), code="stale")
    record(
        by,
        "proposal.detached",
        proposal,
        at=at,
        name=attachment.name,
        slot=attachment.slot.key,
        sha256=attachment.sha256,
    )


def require_place(proposal: Proposal, *, slot: AttachmentSlot) -> None:
    if slot.track_id != proposal.track_id:
        raise ValidationError(_("This file is not part of the form."), code="foreign")
    if Attachment.objects.filter(proposal=proposal, slot=slot).count() >= slot.max_count:
        raise ValidationError(
            _("All %(count)d places are taken. Remove a file first."),
            code="full",
            params={"count": slot.max_count},
        )
