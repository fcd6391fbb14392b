"""Output shapes: the receipt as PDF, the board as CSV and XLSX."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import translation
from django.utils.translation import gettext as _

from kipp.lib.clock import show_moment, show_moment_everywhere
from kipp.lib.documents import render_document
from kipp.lib.qr import qr_svg
from kipp.lib.sheets import write_csv, write_xlsx
from proposals.models import Submission
from proposals.queries.board import BoardRow
from proposals.queries.files import files_of
from proposals.receipts import proof_of


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
        "rules": submission.content["form_sha256"],
        "key": submission.key_id,
        "signature": submission.signature,
        "chain": _("number %(number)d of the chain") % {"number": submission.number},
        "proof_name": f"{submission.receipt}.json",
        "proof": proof_of(submission).decode(),
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


def board_columns() -> list[str]:
    return [
        _("Receipt number"),
        _("Title"),
        _("Unit"),
        _("Agency"),
        _("Track"),
        _("Status"),
        _("Held by"),
        _("Since"),
        _("Days"),
        _("Complete (%)"),
        _("Submitted"),
    ]


def board_csv(rows: Iterable[BoardRow], *, zone: str) -> bytes:
    return write_csv(board_columns(), board_lines(rows, zone=zone))


def board_xlsx(rows: Iterable[BoardRow], *, zone: str) -> bytes:
    return write_xlsx(board_columns(), board_lines(rows, zone=zone), title=_("Proposals"))


def board_lines(rows: Iterable[BoardRow], *, zone: str) -> Iterator[list[str]]:
    """As the board shows them: no title of what the committee has not received."""
    for row in rows:
        yield [
            row.receipt,
            row.title,
            row.unit,
            row.agency,
            row.track,
            row.status_label,
            row.holder_label,
            show_moment(row.held_since, zone=zone),
            str(row.days_held),
            str(row.percent),
            show_moment(row.submitted_at, zone=zone) if row.submitted_at else "",
        ]
