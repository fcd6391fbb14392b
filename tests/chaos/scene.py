"""A small city in the last days of a round, and what the clients must know of it.

`python -m tests.chaos.scene FILE` fills the database that the environment names.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kipp.settings")
    django.setup()

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import Membership, Unit, User
from competitions.models import AttachmentSlot, ReminderRule, Round, Track
from kipp.lib.hashers import Argon2Hasher
from proposals.models import Proposal
from proposals.services import send_for_endorsement
from tests import make
from tests.chaos.cast import PASSWORD, SECTIONS, Desk, Scene, keep
from tests.chaos.planned import LEADS, REMAINING
from tests.chaos.post import NOBODY

WRITERS, ENDORSERS, SENDS, SILENT = 4, 2, 80, 24
PICTURES = 400


@transaction.atomic
def fill(*, at: datetime, sends: int = SENDS) -> Scene:
    """Who writes has a draft of his own, who endorses a desk of them, who is silent has nothing."""
    city = make.unit("Kota Kacau", level="government")
    competition = make.competition(host=city, slug="kacau", name="KIPP Kacau")
    opened = at - 10 * make.DAY
    window = make.round_(competition, starts_at=opened, ends_at=at + REMAINING)
    make.round_(
        competition,
        Round.Kind.ENDORSEMENT,
        starts_at=opened,
        ends_at=at + REMAINING + timedelta(days=2),
    )
    minutes = [int(lead.total_seconds()) // 60 for lead in LEADS]
    ReminderRule.objects.create(round=window, audience="authors", leads=minutes)
    track = make.track(competition)
    for key in SECTIONS:
        make.section(track, key)
    make.slot(track, "foto", kind=AttachmentSlot.Kind.IMAGE, max_count=PICTURES, is_required=False)
    password = make_password(PASSWORD, hasher=Argon2Hasher())
    writers = [_writer(city, track, number, password) for number in range(WRITERS)]
    endorsers = [
        _endorser(city, track, number, password, sends=sends, at=at) for number in range(ENDORSERS)
    ]
    silent = [_silent(city, number) for number in range(SILENT)]
    return Scene(competition.slug, writers, endorsers, [desk.email for desk in writers] + silent)


def _writer(city: Unit, track: Track, number: int, password: str) -> Desk:
    author = make.user(f"Penulis {number}", password=password)
    unit = make.unit(parent=city)
    make.membership(author, unit)
    return Desk(author.email, [_draft(unit, track, author).pk])


def _endorser(
    city: Unit, track: Track, number: int, password: str, *, sends: int, at: datetime
) -> Desk:
    agency = make.unit(parent=city)
    author = make.user(f"Staf {number}")
    endorser = make.user(f"Pengesah {number}", password=password)
    make.membership(author, agency)
    make.membership(endorser, agency, Membership.Role.ENDORSER)
    drafts = [_draft(agency, track, author) for _number in range(sends)]
    for draft in drafts:
        send_for_endorsement(draft, by=author, at=at)
    return Desk(endorser.email, [draft.pk for draft in drafts])


def _draft(unit: Unit, track: Track, author: User) -> Proposal:
    draft = make.proposal(unit, track, created_by=author)
    for section in track.sections.all():
        make.answer(draft, section)
    return draft


def _silent(city: Unit, number: int) -> str:
    person = make.user(f"Diam {number}")
    if number == 0:
        person.email = NOBODY
        person.save(update_fields=["email"])
    make.membership(person, make.unit(parent=city))
    return person.email


if __name__ == "__main__":
    keep(fill(at=datetime.now(UTC)), Path(sys.argv[1]))
