from __future__ import annotations

from accounts.models import Membership, User
from competitions.models import Competition
from proposals.models import Proposal


def people_told(competition: Competition) -> dict[User, list[Proposal]]:
    """Authors and endorsers of everything that was judged, each with the proposals concerned."""
    proposals = (
        Proposal.objects.filter(competition=competition, entries__isnull=False)
        .distinct()
        .order_by("title", "pk")
    )
    found: dict[User, list[Proposal]] = {}
    staff = _staff_by_unit()
    for proposal in proposals:
        authors = staff.get((proposal.unit_id, Membership.Role.AUTHOR), [])
        endorsers = staff.get((proposal.endorsing_unit_id, Membership.Role.ENDORSER), [])
        for user in dict.fromkeys([*authors, *endorsers]):
            found.setdefault(user, []).append(proposal)
    return found


def _staff_by_unit() -> dict[tuple[int, str], list[User]]:
    staff: dict[tuple[int, str], list[User]] = {}
    current = Membership.objects.current().filter(user__is_active=True).select_related("user")
    for membership in current:
        staff.setdefault((membership.unit_id, membership.role), []).append(membership.user)
    return staff
