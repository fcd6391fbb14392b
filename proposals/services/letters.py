"""Who is told of a move: the current authors of the unit, the current endorsers above it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from accounts.mail import promise, write_mail
from accounts.models import Message, User
from proposals.models import Proposal
from proposals.queries.people import authors_of, endorsers_of, members_of


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
    promise(write_of_move(members_of(proposal), kind, proposal, at=at, context=context))


def write_of_move(
    people: Iterable[User],
    kind: str,
    proposal: Proposal,
    *,
    at: datetime,
    context: Mapping[str, object],
) -> list[Message]:
    """Of the move that the proposal has just made; composed and not yet promised."""
    return write(people, kind, proposal, occasion=_move(proposal), at=at, context=context)


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
    promise(write(people, kind, proposal, occasion=occasion, at=at, context=context))


def write(
    people: Iterable[User],
    kind: str,
    proposal: Proposal,
    *,
    occasion: str,
    at: datetime,
    context: Mapping[str, object],
) -> list[Message]:
    full = {
        "proposal": proposal,
        "competition": proposal.competition,
        "unit": proposal.unit,
        **context,
    }
    return [
        write_mail(
            kind,
            person,
            dedupe_key=f"{kind}:{proposal.pk}:{occasion}:{person.pk}",
            at=at,
            about=proposal,
            context=full,
        )
        for person in people
    ]


def _move(proposal: Proposal) -> str:
    """The row's version names the move."""
    return f"v{proposal.version}"
