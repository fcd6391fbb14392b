"""Drafts whose authors all send a file at once."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from bench.plan import Client, Page
from bench.portal.edition import make_competition
from bench.portal.entering import enter_proposals
from bench.portal.people import People
from bench.sessions import logged_in
from competitions.models import AttachmentSlot
from proposals.workflow import ProposalStatus

SENDERS = 50
SLOT = "berat"


def make_senders(people: People, *, backend: str, at: datetime) -> Page:
    competition = make_competition("berkas", host=people.host, by=people.organizer, at=at)
    AttachmentSlot.objects.create(
        track=competition.tracks.get(), key=SLOT, label="Berkas berat", kind="pdf", max_mb=6
    )
    drafts = enter_proposals(
        competition, people=people, count=SENDERS, at=at, mix=[ProposalStatus.DRAFT]
    )
    clients = []
    for draft in drafts:
        session = logged_in(draft.created_by, backend=backend)
        path = reverse("proposals:attachment-upload", args=[draft.pk, SLOT])
        clients.append(Client(path, session))
    return Page("upload", tuple(clients), expected=302)
