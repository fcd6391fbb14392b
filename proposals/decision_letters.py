"""Letters that tell a unit how the screening of its proposal ended; one page each."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from kipp.lib.clock import show_date
from kipp.lib.documents import render_document
from proposals.checklist import lines_of_checklist
from proposals.models import Screening, ScreeningNotice

A4 = (210, 297)


def decision_letter(screening: Screening, *, notice: ScreeningNotice | None) -> bytes:
    """In Indonesian; the same decision gives the same bytes."""
    with translation.override("id"):
        return render_document(
            "letter", letter_data(screening, notice=notice), at=screening.decided_at
        )


def letter_data(screening: Screening, *, notice: ScreeningNotice | None) -> dict[str, object]:
    submission = screening.submission
    competition, proposal = submission.competition, submission.proposal
    day = screening.decided_at.astimezone(ZoneInfo(competition.time_zone)).date()
    host = competition.host.name
    told = {"competition": competition.name, "verdict": screening.get_verdict_display()}
    facts = [
        (_("Receipt number"), submission.receipt),
        (_("Proposal"), proposal.title),
        (_("Unit"), proposal.unit.name),
        (_("Decision"), screening.get_verdict_display()),
    ]
    if notice:
        facts.append((_("Number of the announcement"), notice.number))
    return {
        "site": settings.PORTAL["name"],
        "title": _("Result of the administrative screening"),
        "agency": host,
        "unit": host,
        "blocks": [
            {
                "kind": "text",
                "text": _(
                    "The committee of %(competition)s has checked the proposal below. It was"
                    " decided: %(verdict)s."
                )
                % told,
            },
            {"kind": "facts", "rows": facts},
            *({"kind": "text", "text": text} for text in _grounds(screening)),
        ],
        "place": f"{host}, {show_date(day)}",
        "position": _("For the committee"),
        "signer": notice.signer if notice else screening.decided_by.full_name,
        "nip": "",
        "stamp": _("signature and stamp"),
        "paper": A4,
    }


def _grounds(screening: Screening) -> list[str]:
    """Reasons, what the rules found with its article, and the committee's note."""
    grounds = []
    if screening.reasons:
        grounds.append(_("Reasons: %(reasons)s.") % {"reasons": "; ".join(screening.reason_labels)})
    grounds += [
        f"{line.text} ({line.article})" if line.article else line.text
        for line in lines_of_checklist(screening.checklist)
        if not line.override
    ]
    return [*grounds, screening.note] if screening.note else grounds
