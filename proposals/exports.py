"""Output shapes: the receipt as PDF, lists as CSV and XLSX."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Unit
from competitions.models import Category, Section
from kipp.lib.clock import show_moment_everywhere
from kipp.lib.documents import render_document
from kipp.lib.qr import qr_svg
from kipp.lib.sheets import pieces_of, xlsx_pieces
from proposals.importing import all_heads
from proposals.importing_history import HEADS
from proposals.models import Proposal, Submission
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


def board_file(rows: Iterable[BoardRow], *, form: str, zone: str) -> Iterator[bytes]:
    return pieces_of(form, board_columns(), board_lines(rows, zone=zone), title=_("Proposals"))


def board_lines(rows: Iterable[BoardRow], *, zone: str) -> Iterator[list[object]]:
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
            row.held_since.astimezone(ZoneInfo(zone)),
            str(row.days_held),
            str(row.percent),
            row.submitted_at.astimezone(ZoneInfo(zone)) if row.submitted_at else "",
        ]


def own_columns() -> list[str]:
    return [
        _("Competition"),
        _("Receipt number"),
        _("Title"),
        _("Unit"),
        _("Agency"),
        _("Track"),
        _("Category"),
        _("Status"),
        _("Since"),
        _("Submitted"),
        _("Who signs"),
        _("NIP"),
    ]


def own_file(proposals: Iterable[Proposal], *, form: str) -> Iterator[bytes]:
    return pieces_of(form, own_columns(), own_lines(proposals), title=_("Proposals"))


def own_lines(proposals: Iterable[Proposal]) -> Iterator[list[object]]:
    """For the unit's own people and its endorsers, who know these signers."""
    for each in proposals:
        zone = ZoneInfo(each.competition.time_zone)
        yield [
            each.competition.name,
            each.receipt,  # type: ignore[attr-defined]
            each.title,
            each.unit.name,
            each.endorsing_unit.name,
            each.track.name,
            each.category.name if each.category else "",
            str(each.get_status_display()),
            each.held_since.astimezone(zone),
            each.submitted_at.astimezone(zone) if each.submitted_at else "",
            each.signer_name,
            each.signer_nip,
        ]


EXAMPLE_OF_HISTORY = (
    ("Bank Sampah Contoh", "", "", "lingkungan", "KIPP", "nasional", "2015", "Top 25"),
    ("Bank Sampah Contoh", "", "", "lingkungan", "KIPP", "nasional", "2016", "Top 99"),
)


def empty_sheet(
    sections: Sequence[Section], *, categories: Iterable[Category], units: Iterable[Unit]
) -> Iterator[bytes]:
    """To be filled in on paper's behalf; behind it what may be written for unit and category."""
    return xlsx_pieces(
        [
            ("proposal", all_heads(sections), []),
            ("unit", ["kode", "nama"], ((unit.code, unit.name) for unit in units)),
            ("kategori", ["kategori"], ((category.name,) for category in categories)),
        ]
    )


def history_file(*, form: str) -> Iterator[bytes]:
    return pieces_of(form, HEADS, EXAMPLE_OF_HISTORY, title="riwayat")
