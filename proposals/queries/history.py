"""The story of a proposal in words, from its audit trail; newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.audit import trail_of
from proposals.models import Proposal

WORDS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "proposal.started": _("Started"),
        "proposal.described": _("Facts changed"),
        "proposal.attached": _("File attached"),
        "proposal.detached": _("File removed"),
        "proposal.sent": _("Sent for endorsement"),
        "proposal.recalled": _("Taken back by the author"),
        "proposal.returned": _("Returned by the endorser"),
        "proposal.submitted": _("Endorsed and submitted"),
        "proposal.resubmitted": _("Completion submitted"),
        "proposal.withdrawn": _("Withdrawn"),
        "proposal.passed": _("Passed the screening"),
        "proposal.failed": _("Did not pass the screening"),
        "proposal.returned_for_completion": _("Returned for completion"),
        "proposal.screening_reopened": _("Screening reopened"),
        "proposal.chased": _("Reminded by the committee"),
    }
)


@dataclass(frozen=True, slots=True)
class Event:
    text: str
    at: datetime
    by: str
    note: str


def history_of(proposal: Proposal) -> list[Event]:
    entries = trail_of(proposal).filter(action__in=WORDS).reverse()
    return [
        Event(
            text=str(WORDS[entry.action]),
            at=entry.at,
            by=entry.actor.full_name if entry.actor else "",
            note=entry.reason or str(entry.data.get("name", "")),
        )
        for entry in entries
    ]
