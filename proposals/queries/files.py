"""Files by their hash: what a draft or a submission holds, and every blob that is in use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from proposals.content import FrozenFile
from proposals.models import Attachment, Submission, Upload


def attachment_of(submission: Submission, sha256: str) -> FrozenFile | None:
    """The submission's file under this hash; the caller decides who may see it."""
    return next((file for file in files_of(submission) if file["sha256"] == sha256), None)


def files_of(submission: Submission) -> list[FrozenFile]:
    return cast("list[FrozenFile]", submission.content["files"])


def photo_of(submission: Submission) -> FrozenFile | None:
    """The first image stands for the whole; a signed letter never does."""
    images = (
        file
        for file in files_of(submission)
        if file["media_type"].startswith("image/")
        and file.get("thumbnail_sha256")
        and not file.get("is_statement")
    )
    return next(images, None)


def blobs_in_use() -> Iterator[str]:
    """Hashes that must not be swept away: drafts' files and whatever was ever submitted."""
    for pair in Attachment.objects.values_list("sha256", "thumbnail_sha256").iterator():
        yield from filter(None, pair)
    for files in Submission.objects.values_list("content__files", flat=True).iterator():
        for file in files:
            yield from filter(None, (file["sha256"], file["thumbnail_sha256"]))


def uploads_in_use() -> Iterator[str]:
    """The owners of parts that are not a file yet."""
    for upload in Upload.objects.filter(attachment=None).iterator():
        yield upload.folder
