"""A statement letter of a proposal: the edition's text filled in, once for PDF and DOCX.

One pass over the organiser's text: what a unit typed is never read for placeholders itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.conf import settings
from django.utils.translation import gettext as _

from competitions.models import AttachmentSlot
from competitions.placeholders import fill
from competitions.statements import PARTS
from kipp.lib.clock import show_date
from proposals.ledger import LedgerRow
from proposals.models import Proposal, TeamMember

Block = dict[str, object]
# Where something is still to be written by hand.
DOTS = "." * 36
LINE_OF_PART = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the letters of one proposal are made of."""

    proposal: Proposal
    team: Sequence[TeamMember]
    claims: Sequence[LedgerRow]


def letter_data(slot: AttachmentSlot, facts: Facts) -> dict[str, object]:
    """Plain texts, lists and tables, in the language that is active."""
    proposal = facts.proposal
    return {
        "site": settings.PORTAL["name"],
        "title": slot.label,
        "agency": proposal.endorsing_unit.name,
        "unit": proposal.unit.name,
        "blocks": blocks_of(slot.statement, facts),
        "place": f"{proposal.competition.host.name}, {DOTS}",
        "position": proposal.signer_position or _("Head of %(unit)s") % {"unit": proposal.unit},
        "signer": proposal.signer_name or DOTS,
        "nip": _("NIP %(nip)s") % {"nip": spaced_nip(proposal.signer_nip) or DOTS},
        "stamp": _("signature and stamp"),
    }


def blocks_of(text: str, facts: Facts) -> list[Block]:
    words = words_of(facts.proposal)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [_block(line, words=words, facts=facts) for line in lines]


def _block(line: str, *, words: Mapping[str, str], facts: Facts) -> Block:
    part = LINE_OF_PART.fullmatch(line)
    if part and part[1] in PARTS:
        return DRAWN[part[1]](facts)
    return {"kind": "text", "text": fill(line, words)}


def words_of(proposal: Proposal) -> dict[str, str]:
    competition, category = proposal.competition, proposal.category
    return {
        "judul": proposal.title,
        "inovasi": proposal.innovation.title,
        "unit": proposal.unit.name,
        "perangkat_daerah": proposal.endorsing_unit.name,
        "kompetisi": competition.name,
        "tahun": str(competition.year),
        "kelompok": proposal.track.name,
        "kategori": category.name if category else DOTS,
        "mulai": _day(proposal.started_on),
    }


def _day(day: date | None) -> str:
    return show_date(day) if day else DOTS


def signer_block(facts: Facts) -> Block:
    proposal = facts.proposal
    rows = [
        [_("Name"), proposal.signer_name or DOTS],
        [_("NIP"), spaced_nip(proposal.signer_nip) or DOTS],
        [_("Position"), proposal.signer_position or DOTS],
        [_("Unit"), proposal.unit.name],
    ]
    return {"kind": "facts", "rows": rows}


def team_block(facts: Facts) -> Block:
    rows = [
        [str(number), member.name, spaced_nip(member.nip) or "-", member.role]
        for number, member in enumerate(facts.team, start=1)
    ]
    head = [_("No."), _("Name"), _("NIP"), _("Role in the team")]
    return {"kind": "table", "head": head, "rows": rows or [["1", DOTS, DOTS, DOTS]]}


def claims_block(facts: Facts) -> Block:
    return {"kind": "claims", **claims_table(facts.claims)}


def claims_table(rows: Sequence[LedgerRow]) -> dict[str, object]:
    """What `kipp/documents/ledger.typ` draws: for any document that shows the claims of impact."""
    return {
        "head": [_("Indicator"), _("Before"), _("After"), _("Difference")],
        "rows": [
            {
                "indicator": row.indicator,
                "details": row.details,
                "before": row.before,
                "after": row.after,
                "change": row.change,
                "verdict": row.verdict,
                "state": str(row.state.label),
                "bars": [
                    [float(row.bars.before_x), float(row.bars.before_width)],
                    [float(row.bars.after_x), float(row.bars.after_width)],
                ],
            }
            for row in rows
        ],
    }


def spaced_nip(nip: str) -> str:
    """19960818 202204 1 001, as it is written on letters."""
    return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}" if nip else ""


DRAWN: Mapping[str, Callable[[Facts], Block]] = MappingProxyType(
    {"penandatangan": signer_block, "tim": team_block, "dampak": claims_block}
)
