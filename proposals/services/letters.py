"""Who is told of a move: the current authors of the unit, the current endorsers above it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from accounts.mail import send_later
from accounts.models import User
from proposals.models import Proposal
from proposals.queries.people import authors_of, endorsers_of


def tell_authors(
    proposal: Proposal, kind: str, *, at: datetime, context: Mapping[str, object]
) -> None:
    tell(authors_of(proposal), kind, proposal, occasion=_move(proposal), at=at, context=context)


def tell_endorsers(
    proposal: Proposal, kind: str, *, at: datetime, context: Mapping[str, object]
) -> None:
    tell(endorsers_of(proposal), kind, proposal, occasion=_move(proposal), at=at, context=context)


def tell_unit(
    proposal: Proposal, kind: str, *, at: datetime, context: Mapping[str, object]
) -> None:
    """Authors and endorsers; who is both is told once."""
    people = {person.pk: person for person in (*authors_of(proposal), *endorsers_of(proposal))}
    tell(people.values(), kind, proposal, occasion=_move(proposal), at=at, context=context)


def tell(
    people: Iterable[User],
    kind: str,
    proposal: Proposal,
    *,
    occasion: str,
    at: datetime,
    context: Mapping[str, object],
) -> None:
    """One mail per person and occasion."""
    for person in people:
        send_later(
            kind,
            person,
            dedupe_key=f"{kind}:{proposal.pk}:{occasion}:{person.pk}",
            at=at,
            about=proposal,
            context={
                "proposal": proposal,
                "competition": proposal.competition,
                "unit": proposal.unit,
                **context,
            },
        )


def _move(proposal: Proposal) -> str:
    """The row's version names the move."""
    return f"v{proposal.version}"
