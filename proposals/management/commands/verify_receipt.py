from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from kipp.lib.late import late
from proposals.models import Submission
from proposals.receipts import (
    BrokenProofError,
    is_genuine,
    payload_of,
    read_proof,
    require_signed,
    standing_of,
)

if TYPE_CHECKING:
    import pikepdf
else:
    pikepdf = late("pikepdf")

PDF = b"%PDF"


class Command(BaseCommand):
    help = (
        "Say whether a receipt (its .json file, or the PDF that holds it) was signed here and"
        " stands in the register; exit 1 and the reason otherwise."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the .json or .pdf that somebody shows")

    def handle(self, *_args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            payload, signature = read_proof(proof_in(path.read_bytes()))
            require_signed(payload, signature=signature)
            submission = find_submission(payload)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except BrokenProofError as error:
            raise CommandError(f"INVALID: {error}.") from error
        standing = standing_of(submission, proposal=submission.proposal)
        self.stdout.write(
            f"VALID: {submission.receipt}, received {payload['received_at']}, {standing}."
        )


def proof_in(content: bytes) -> bytes:
    """The file itself, or what is attached to the PDF."""
    if not content.startswith(PDF):
        return content
    try:
        with pikepdf.open(BytesIO(content)) as opened:
            attached = [spec.get_file().read_bytes() for spec in opened.attachments.values()]
    except pikepdf.PdfError as error:
        raise BrokenProofError("the PDF cannot be read") from error
    if len(attached) != 1:
        raise BrokenProofError("the PDF holds no receipt file")
    return attached[0]


def find_submission(payload: Mapping[str, object]) -> Submission:
    """Raise unless the register says the same as the file."""
    found = Submission.objects.filter(receipt=str(payload.get("receipt")))
    submission = found.select_related("proposal").first()
    if submission is None:
        raise BrokenProofError("the portal signed it, but its register has no such receipt")
    if payload_of(submission) != payload or not is_genuine(submission):
        raise BrokenProofError("the portal signed it, but its register says something else")
    return submission
