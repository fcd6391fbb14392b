"""A small city's competition: a health office with one puskesmas, a form of two sections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from accounts.models import Membership, Unit, User
from competitions.models import (
    AttachmentSlot,
    CommitteeSeat,
    Competition,
    Round,
    Section,
    Track,
)
from proposals import services
from proposals.models import Proposal, Submission
from tests import make
from tests.kept import kept


@dataclass(frozen=True)
class Scene:
    competition: Competition
    submission: Round
    endorsement: Round
    track: Track
    summary: Section
    impact: Section
    photo: AttachmentSlot
    city: Unit
    agency: Unit
    clinic: Unit
    author: User
    endorser: User
    organizer: User
    chair: User
    auditor: User

    def draft(self, title: str = "", **fields: object) -> Proposal:
        """A complete draft of the clinic."""
        proposal = make.proposal(
            self.clinic, self.track, title, **{"created_by": self.author, **fields}
        )
        make.answer(proposal, self.summary)
        make.answer(proposal, self.impact)
        return proposal

    def sent(self, title: str = "", *, at: datetime = make.NOON) -> Proposal:
        proposal = self.draft(title)
        services.send_for_endorsement(proposal, by=self.author, at=at)
        return proposal

    def submitted(self, title: str = "", *, at: datetime = make.NOON) -> Submission:
        proposal = self.sent(title, at=at)
        return services.submit_proposal(proposal, token=uuid4(), by=self.endorser, at=at)


@kept
def city_scene() -> Scene:
    city = make.unit("Kota Malang", level="government")
    agency = make.unit("Dinas Kesehatan", parent=city)
    clinic = make.unit("Puskesmas Janti", parent=agency, level="service")
    competition = make.competition(host=city, slug="kipp-2020", name="KIPP Kota Malang 2020")
    track = make.track(competition)
    people = {name: make.user(name.title()) for name in ("author", "endorser", *SEATS)}
    make.membership(people["author"], clinic, Membership.Role.AUTHOR)
    make.membership(people["endorser"], agency, Membership.Role.ENDORSER)
    for role in SEATS:
        make.seat(people[role], competition, role)
    return Scene(
        competition=competition,
        submission=make.round_(competition, Round.Kind.SUBMISSION),
        endorsement=make.round_(
            competition,
            Round.Kind.ENDORSEMENT,
            starts_at=make.NOON - 10 * make.DAY,
            ends_at=make.NOON + 13 * make.DAY,
        ),
        track=track,
        summary=make.section(track, "ringkasan", word_limit=10),
        impact=make.section(track, "dampak", word_limit=10),
        photo=make.slot(track, "foto", kind=AttachmentSlot.Kind.IMAGE, max_count=2),
        city=city,
        agency=agency,
        clinic=clinic,
        **people,
    )


SEATS = (CommitteeSeat.Role.ORGANIZER, CommitteeSeat.Role.CHAIR, CommitteeSeat.Role.AUDITOR)
MINUTE = timedelta(minutes=1)
