"""Complete proposals that wait for their agency's send, for the last minutes of a deadline."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.urls import reverse

from accounts.models import Membership, User
from bench.plan import Client, Page
from bench.portal.edition import make_competition
from bench.portal.entering import enter_proposals
from bench.portal.people import People
from bench.sessions import logged_in
from proposals.workflow import ProposalStatus

# Enough for a minute at the promised rate and for the steps beyond it.
WAITING = 4000


def make_rush(people: People, *, backend: str, at: datetime, waiting: int = WAITING) -> Page:
    """An edition that asks for texts only, so that nothing but the send is measured."""
    competition = make_competition("ramai", host=people.host, by=people.organizer, at=at)
    competition.categories.all().delete()
    track = competition.tracks.get()
    track.slots.all().delete()
    track.rules.all().delete()
    mix = [ProposalStatus.AWAITING]
    proposals = enter_proposals(competition, people=people, count=waiting, at=at, mix=mix)
    sessions: dict[int, str] = {}
    clients = []
    for proposal in proposals:
        agency = proposal.endorsing_unit_id
        if agency not in sessions:
            sessions[agency] = logged_in(_endorser(agency, at=at), backend=backend)
        path = reverse("proposals:endorsement-submit", args=[proposal.pk])
        form = {"token": str(uuid4()), "statement": "on"}
        clients.append(Client(path, sessions[agency], form))
    return Page("rush-send", tuple(clients), expected=302)


def _endorser(agency: int, *, at: datetime) -> User:
    email = f"pengesah{agency}@demo.example"
    person = User.objects.create(email=email, full_name=f"Pengesah {agency}")
    Membership.objects.create(
        user=person, unit_id=agency, role=Membership.Role.ENDORSER, started_at=at
    )
    return person
