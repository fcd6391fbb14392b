"""Who is asking, as far as this floor knows: the person's own places in the unit tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.models import Membership, Unit, User


@dataclass(frozen=True, slots=True)
class Member:
    """`author_of` and `endorser_of` map a unit's id to its path. Predicates run no query on it."""

    user_id: int
    is_admin: bool = False
    author_of: Mapping[int, str] = field(default_factory=dict)
    endorser_of: Mapping[int, str] = field(default_factory=dict)
    # The governments among the units endorsed for: their endorsers act as local administrators.
    governs: Mapping[int, str] = field(default_factory=dict)

    def endorses_within(self, unit: Unit) -> bool:
        """Whether the person endorses for this unit or for one above it."""
        return any(unit.path.startswith(path) for path in self.endorser_of.values())

    def endorses_above(self, unit: Unit) -> bool:
        return any(
            unit.path.startswith(path) and unit.path != path for path in self.endorser_of.values()
        )


def load_member(user: User) -> Member:
    """One query."""
    author_of: dict[int, str] = {}
    endorser_of: dict[int, str] = {}
    governs: dict[int, str] = {}
    for membership in user.current_memberships:
        unit = membership.unit
        if membership.role == Membership.Role.AUTHOR:
            author_of[unit.pk] = unit.path
            continue
        endorser_of[unit.pk] = unit.path
        if unit.level == Unit.Level.GOVERNMENT:
            governs[unit.pk] = unit.path
    return Member(
        user_id=user.pk,
        is_admin=user.is_staff,
        author_of=author_of,
        endorser_of=endorser_of,
        governs=governs,
    )
