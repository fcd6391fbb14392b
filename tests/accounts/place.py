"""A city, its agency, and who acts for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils import timezone

from accounts import services
from accounts.models import Invitation, Membership, Message, Unit, User
from tests import make
from tests.kept import kept

HOSTILE = [
    "",
    "x" * 100_000,
    "<script>alert(1)</script>" * 20,
    "a\0b",
    "../../etc/passwd" * 20,
    "\u202e" * 10,
]


@dataclass
class Place:
    city: Unit
    agency: Unit
    author: User
    endorser: User
    membership: Membership
    invitation: Invitation
    token: str


def token_of(invitation: Invitation) -> str:
    text = Message.objects.filter(object_id=str(invitation.pk)).latest("pk").text
    found = re.search(r"/undangan/([^/\s)]+)/", text)
    assert found
    return found[1]


@kept
def make_place() -> Place:
    city = make.unit("Kota Malang", level="government")
    agency = make.unit("Dinas Kesehatan", parent=city)
    author, endorser = make.user("Author"), make.user("Endorser")
    membership = make.membership(author, agency)
    make.membership(endorser, agency, "endorser")
    invitation = services.invite_member(
        agency, role="author", email="new@demo.example", by=endorser, at=timezone.now()
    )
    return Place(city, agency, author, endorser, membership, invitation, token_of(invitation))
