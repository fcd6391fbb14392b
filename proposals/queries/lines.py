"""The claims and the team of proposals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from competitions.models import AttachmentSlot
from proposals.ledger import LedgerRow, ledger_rows
from proposals.models import Claim, Proposal, TeamMember
from proposals.queries.freezing import freeze_claim
from proposals.statements import Facts


def draft_rows(proposal: Proposal) -> list[LedgerRow]:
    """The claims of a draft as its readers see them; nobody has checked them yet."""
    claims = Claim.objects.filter(proposal=proposal).select_related("source")
    return claim_rows(claims)


def claim_rows(claims: Iterable[Claim]) -> list[LedgerRow]:
    return ledger_rows([freeze_claim(claim) for claim in claims])


def team_of(proposal: Proposal) -> list[TeamMember]:
    return list(proposal.team.all())


def letter_facts(proposal: Proposal) -> Facts:
    return Facts(proposal, team_of(proposal), draft_rows(proposal))


def letters_of(proposal: Proposal) -> list[AttachmentSlot]:
    """The slots of the form that take a signed letter."""
    slots = AttachmentSlot.objects.filter(track=proposal.track_id)
    return list(slots.exclude(statement=""))


def teams_of(proposal_ids: Collection[int]) -> Mapping[int, list[TeamMember]]:
    """For the search of conflicts of interest: names and NIPs, one query for all. Never shown."""
    teams: defaultdict[int, list[TeamMember]] = defaultdict(list)
    for member in TeamMember.objects.filter(proposal__in=proposal_ids):
        teams[member.proposal_id].append(member)
    return teams
