"""The story of a proposal, or of innovations, in words, from its audit trail; newest first."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from accounts.audit import trail_of, type_of
from accounts.history import Line, Words, as_lines
from accounts.models import AuditEntry
from kipp.lib.prepared import Prepared, given
from proposals.models import Innovation, Proposal

WORDS: Words = MappingProxyType(
    {
        "innovation.registered": _("Innovation registered"),
        "innovation.carried_on": _("Carried on by %(name)s as the successor of %(former)s"),
        "proposal.started": _("Started"),
        "proposal.carried": _("Texts taken over from another competition"),
        "proposal.described": _("Facts changed"),
        "proposal.attached": _("File attached"),
        "proposal.detached": _("File removed"),
        "proposal.claim_added": _("Claim of impact added"),
        "proposal.claim_changed": _("Claim of impact changed"),
        "proposal.claim_removed": _("Claim of impact removed"),
        "proposal.member_added": _("Team member added"),
        "proposal.member_changed": _("Team member changed"),
        "proposal.member_removed": _("Team member removed"),
        "proposal.sent": _("Sent for endorsement"),
        "proposal.recalled": _("Taken back by the author"),
        "proposal.read": _("Read by the endorser"),
        "proposal.returned": _("Returned by the endorser"),
        "proposal.submitted": _("Endorsed and submitted"),
        "proposal.authorised": _("Automatic submission authorised"),
        "proposal.authorisation_revoked": _("Authorisation taken back"),
        "proposal.submitted_by_authorisation": _(
            "Submitted automatically, by authorisation of %(name)s of %(given)s"
        ),
        "proposal.resubmitted": _("Completion submitted"),
        "proposal.withdrawn": _("Withdrawn"),
        "proposal.passed": _("Passed the screening"),
        "proposal.failed": _("Did not pass the screening"),
        "proposal.returned_for_completion": _("Returned for completion"),
        "proposal.screening_reopened": _("Screening reopened"),
        "proposal.escalated": _("Told to the one above: no answer of the endorser"),
        "proposal.chased": _("Reminded by the committee"),
    }
)


ENTRIES = Prepared(
    lambda: (
        AuditEntry.objects.filter(
            object_type="proposal", object_id=given("proposal"), action__in=WORDS
        )
        .select_related("actor")
        .reverse()
    )
)


def history_of(proposal: Proposal) -> list[Line]:
    entries = ENTRIES.ask(proposal=str(proposal.pk))
    return as_lines(entries, words=WORDS, noted="name")


def history_of_innovations(innovations: Iterable[Innovation]) -> list[Line]:
    names = {(type_of(each), str(each.pk)): each.title for each in innovations}
    return as_lines(trail_of(*innovations).reverse(), words=WORDS, names=names)
