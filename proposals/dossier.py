"""Everything about one proposal in one ZIP: for the committee, and for the unit without its notes.

Rows are read first; files and PDFs are made and read one after the other, never two in memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ParamSpec
from zoneinfo import ZoneInfo

from accounts.models import Message
from kipp.lib.clock import show_moment
from kipp.lib.files import CHUNK, has_file, open_file
from kipp.lib.sheets import write_csv
from kipp.lib.uploads import MEDIA_TYPES, clean_name
from kipp.lib.zips import Entry, stream_zip
from proposals.content import FrozenFile, canonical
from proposals.decision_letters import decision_letter
from proposals.exports import receipt_pdf
from proposals.models import Endorsement, Opinion, Screening, ScreeningNotice, Submission
from proposals.models.decisions import Judgement
from proposals.paper import Paper, paper_pdf, sealed_paper
from proposals.queries.files import files_of
from proposals.receipts import proof_of

P = ParamSpec("P")
# What a photo of a field report weighs, about: each was written anew, with sides that have a limit.
PHOTO_BYTES = 1024 * 1024
EXTENSIONS = {media_type: extension for extension, media_type in MEDIA_TYPES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    submission: Submission
    verify_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """`draft` only for the unit; `opinions` and what is `internal` only for the committee."""

    at: datetime
    zone: str
    sent: list[Sent]
    draft: Paper | None
    endorsements: list[Endorsement]
    decisions: list[Screening]
    notice: ScreeningNotice | None
    mails: list[Message]
    history: list[list[str]]
    opinions: list[Opinion] = field(default_factory=list)
    is_internal: bool = False


def dossier_zip(dossier: Dossier, entries: Iterable[Entry]) -> Iterator[bytes]:
    local = dossier.at.astimezone(ZoneInfo(dossier.zone))
    return stream_zip(entries, at=local)


def weight_of(dossier: Dossier) -> int:
    """The bytes of the files in it, about: what is typeset for it weighs little."""
    photos = len(_photos_in(dossier)) if dossier.is_internal else 0
    return sum(file["size"] for file in _files_in(dossier)) + photos * PHOTO_BYTES


def entries_of(dossier: Dossier) -> Iterator[Entry]:
    if dossier.draft:
        yield "draf/proposal.pdf", _made(paper_pdf, dossier.draft, size="a4")
        yield "draf/isi.json", [canonical(dossier.draft.content)]
    for sent in dossier.sent:
        yield from _sent_entries(sent)
    yield from _file_entries(dossier)
    yield "pengesahan.json", [_json(_endorsement(each) for each in dossier.endorsements)]
    yield "keputusan.json", [_json(_decision(each, dossier) for each in dossier.decisions)]
    if dossier.decisions and dossier.decisions[0].verdict != Screening.Verdict.COMPLETION:
        letter = _made(decision_letter, dossier.decisions[0], notice=dossier.notice)
        yield "surat-keputusan.pdf", letter
    if dossier.is_internal:
        yield "panitia/pendapat.json", [_json(_opinion(each) for each in dossier.opinions)]
        checks = ({sent.submission.receipt: sent.submission.claim_checks} for sent in dossier.sent)
        yield "panitia/temuan-klaim.json", [_json(checks)]
        yield from _field_entries(dossier)
    yield "surel.csv", [_mail_log(dossier)]
    yield "riwayat.csv", [write_csv(["Waktu", "Langkah", "Oleh", "Catatan"], dossier.history)]


def _made(make: Callable[P, bytes], *given: P.args, **options: P.kwargs) -> Iterator[bytes]:
    """Typeset when its turn comes, so that no two PDFs are in memory at once."""
    yield make(*given, **options)


def _sent_entries(sent: Sent) -> Iterator[Entry]:
    submission, url = sent.submission, sent.verify_url
    folder = f"kirim/{submission.receipt}"
    paper = sealed_paper(submission, verify_url=url)
    yield f"{folder}/proposal.pdf", _made(paper_pdf, paper, size="a4")
    yield f"{folder}/isi.json", [canonical(submission.content)]
    yield f"{folder}/tanda-terima.pdf", _made(receipt_pdf, submission, verify_url=url)
    yield f"{folder}/tanda-terima.json", [proof_of(submission)]


def _file_entries(dossier: Dossier) -> Iterator[Entry]:
    """Under names that no system reads as a path or a device."""
    for number, file in enumerate(_files_in(dossier), start=1):
        name = f"lampiran/{number:02d}-{file['slot']}-{_safe_name(file)}"
        if has_file(file["sha256"]):
            yield name, _chunks(file["sha256"])
        else:
            yield f"{name}.hilang.txt", [f"SHA-256 {file['sha256']}\n".encode()]


def _files_in(dossier: Dossier) -> list[FrozenFile]:
    """Each content once."""
    lists = [files_of(sent.submission) for sent in dossier.sent]
    if dossier.draft:
        lists.append(dossier.draft.content["files"])
    return list({file["sha256"]: file for files in lists for file in files}.values())


def _photos_in(dossier: Dossier) -> list[Mapping[str, str]]:
    reports = [each for sent in dossier.sent for each in sent.submission.field_reports]
    photos = {photo["sha256"]: photo for report in reports for photo in report["photos"]}
    return list(photos.values())


def _field_entries(dossier: Dossier) -> Iterator[Entry]:
    """What field teams reported, with their photos."""
    reports = [each for sent in dossier.sent for each in sent.submission.field_reports]
    if reports:
        yield "panitia/verifikasi-lapangan.json", [_json(reports)]
    for number, photo in enumerate(_photos_in(dossier), start=1):
        if has_file(photo["sha256"]):
            yield f"panitia/lapangan/{number:02d}-{photo['name']}", _chunks(photo["sha256"])


def _safe_name(file: FrozenFile) -> str:
    return clean_name(file["name"], extension=EXTENSIONS.get(file["media_type"], "bin"))


def _chunks(sha256: str) -> Iterator[bytes]:
    with open_file(sha256) as content:
        while chunk := content.read(CHUNK):
            yield chunk


def _json(rows: Iterable[object]) -> bytes:
    return json.dumps(list(rows), ensure_ascii=False, indent=2).encode()


def _endorsement(each: Endorsement) -> Mapping[str, object]:
    return {
        "verdict": each.verdict,
        "note": each.note,
        "section_notes": each.section_notes,
        "by": each.decided_by.full_name,
        "at": _stamp(each.decided_at),
    }


def _judgement(each: Judgement) -> dict[str, object]:
    due = each.completion_due_at
    return {
        "verdict": each.verdict,
        "reasons": each.reasons,
        "note": each.note,
        "completion_due_at": _stamp(due) if due else "",
        "unlocked": each.unlocked,
        "at": _stamp(each.decided_at),
    }


def _decision(each: Screening, dossier: Dossier) -> Mapping[str, object]:
    """The unit reads what it was told; who decided and the checklist are the committee's own."""
    told = {"receipt": each.submission.receipt, **_judgement(each)}
    if not dossier.is_internal:
        return told
    return {**told, "by": each.decided_by.full_name, "checklist": each.checklist}


def _opinion(each: Opinion) -> Mapping[str, object]:
    by = each.decided_by.full_name
    return {**_judgement(each), "by": by, "checklist": each.checklist}


def _mail_log(dossier: Dossier) -> bytes:
    """Who was told what and when; the texts themselves stay where they are."""
    head = ["Dijanjikan", "Terkirim", "Keadaan", "Kepada", "Alamat", "Perihal", "Jenis"]
    return write_csv(head, [_mail_line(mail, zone=dossier.zone) for mail in dossier.mails])


def _mail_line(mail: Message, *, zone: str) -> list[str]:
    return [
        show_moment(mail.created_at, zone=zone),
        show_moment(mail.sent_at, zone=zone) if mail.sent_at else "",
        str(mail.get_status_display()),
        mail.recipient.full_name if mail.recipient else "",
        mail.to_email,
        mail.subject,
        mail.kind,
    ]


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
