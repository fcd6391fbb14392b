"""Who is asking: everything that a permission predicate may look at, loaded once per request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser

from accounts.models import Membership, User
from competitions.models.competition import CommitteeSeat
from competitions.workflow import CompetitionStatus
from kipp.lib.prepared import Statement

Role = CommitteeSeat.Role


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with all roles. Predicates read this and run no query.

    `author_of` and `endorser_of` map a unit's id to its path; `seats` maps a competition's id to
    the committee roles held there; `runs` maps the slug of each that goes on to its name;
    `unread` counts what the inbox holds.
    """

    user: User | None = None
    author_of: Mapping[int, str] = field(default_factory=dict)
    endorser_of: Mapping[int, str] = field(default_factory=dict)
    seats: Mapping[int, frozenset[str]] = field(default_factory=dict)
    runs: Mapping[str, str] = field(default_factory=dict)
    unread: int = 0

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user else None

    @property
    def is_unit_staff(self) -> bool:
        return bool(self.author_of or self.endorser_of)

    def has_seat(self, competition_id: int, *roles: str) -> bool:
        """Whether the person holds one of these roles (any role, if none is named)."""
        held = self.seats.get(competition_id, frozenset())
        return bool(held.intersection(roles)) if roles else bool(held)

    def endorses_within(self, path: str) -> bool:
        """Whether the unit at `path` is one of the person's agencies or stands below one."""
        return any(path.startswith(own) for own in self.endorser_of.values())


NOBODY = Actor()
MEMBERSHIP, UNREAD = "membership", "unread"
# A deputy endorses like the endorser, during the period by the database's clock.
# Of a seat the path is the competition's slug; the newest competition first.
HELD = Statement("""
SELECT 'membership', held.role, unit.id, unit.path, '', '', 0 AS year
FROM accounts_membership AS held JOIN accounts_unit AS unit ON unit.id = held.unit_id
WHERE held.user_id = %(user)s AND held.ended_at IS NULL
UNION ALL
SELECT 'membership', 'endorser', unit.id, unit.path, '', '', 0
FROM accounts_deputy AS deputy JOIN accounts_unit AS unit ON unit.id = deputy.unit_id
WHERE deputy.user_id = %(user)s AND deputy.revoked_at IS NULL
  AND deputy.starts_at <= statement_timestamp() AND deputy.ends_at > statement_timestamp()
  AND EXISTS (SELECT FROM accounts_membership AS place WHERE place.user_id = deputy.user_id
              AND place.unit_id = deputy.unit_id AND place.ended_at IS NULL)
UNION ALL
SELECT 'seat', seat.role, contest.id, contest.slug, contest.name, contest.status, contest.year
FROM competitions_committeeseat AS seat
JOIN competitions_competition AS contest ON contest.id = seat.competition_id
WHERE seat.user_id = %(user)s
UNION ALL
SELECT 'unread', '', count(*), '', '', '', 0
FROM accounts_message AS told
WHERE told.recipient_id = %(user)s AND told.read_at IS NULL AND NOT told.is_secret
  AND told.topic <> 'digest'
  AND (told.status IN ('sent', 'failed') OR (told.status = 'queued' AND told.channel = 'daily'))
ORDER BY year DESC, 5
""")


def load_actor(user: User | AnonymousUser) -> Actor:
    """One query for a person who is logged in, none for a stranger."""
    if not isinstance(user, User):
        return NOBODY
    places: dict[str, dict[int, str]] = {role: {} for role in Membership.Role}
    seats: dict[int, frozenset[str]] = {}
    runs: dict[str, str] = {}
    unread = 0
    for kind, role, pk, path, name, status, _year in HELD.ask(user=user.pk):
        if kind == MEMBERSHIP:
            places[role][pk] = path
            continue
        if kind == UNREAD:
            unread = pk
            continue
        seats[pk] = seats.get(pk, frozenset()) | {role}
        if status != CompetitionStatus.ARCHIVED:
            runs[path] = name
    return Actor(
        user=user,
        author_of=places[Membership.Role.AUTHOR],
        endorser_of=places[Membership.Role.ENDORSER],
        seats=seats,
        runs=runs,
        unread=unread,
    )
