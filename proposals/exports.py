"""Output shapes: the receipt as PDF."""

from __future__ import annotations

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import translation

from kipp.lib.clock import show_moment_everywhere
from kipp.lib.documents import render_document
from kipp.lib.qr import qr_svg
from proposals.models import Submission
from proposals.queries.files import files_of


def receipt_pdf(submission: Submission, *, verify_url: str) -> bytes:
    """One page in Indonesian, the same bytes every time; every word from the frozen content."""
    with translation.override("id"):
        return render_document(
            "receipt", receipt_data(submission, verify_url=verify_url), at=submission.received_at
        )


def receipt_data(submission: Submission, *, verify_url: str) -> dict[str, object]:
    header = submission.content["header"]
    competition = submission.competition
    return {
        "site": settings.PORTAL["name"],
        "competition": submission.content["competition"]["name"],
        "number": submission.receipt,
        "title": header["title"],
        "unit": header["unit"]["name"],
        "track": header["track"]["name"],
        "sent_by": submission.submitted_by.full_name,
        "time": show_moment_everywhere(submission.received_at, zone=competition.time_zone),
        "sha256": submission.sha256,
        "verify_url": verify_url,
        "qr": qr_svg(verify_url),
        "files": [
            {
                "name": file["name"],
                "size": filesizeformat(file["size"]),
                "sha256": file["sha256"],
            }
            for file in files_of(submission)
        ],
        "contact": contact_of(submission),
    }


def contact_of(submission: Submission) -> str:
    competition = submission.competition
    told = (competition.contact_name, competition.contact_email, competition.contact_phone)
    return " · ".join(filter(None, told))
