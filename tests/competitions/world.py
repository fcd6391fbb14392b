"""One competition of a city with people in every role, for the tests of its pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Unit, User
from competitions.models import Announcement, Attendee, Competition, Material, Round, Workshop
from competitions.workflow import CompetitionStatus
from kipp.lib.files import store_file
from tests import make
from tests.kept import kept


@dataclass
class World:
    competition: Competition
    agency: Unit
    round: Round
    workshop: Workshop
    attendee: Attendee
    people: dict[str, User] = field(default_factory=dict)

    def url(self, name: str, *args: object) -> str:
        return reverse(f"competitions:{name}", args=[self.competition.slug, *args])


@kept
def build(status: str = CompetitionStatus.PUBLISHED) -> World:
    competition = make.competition(slug="kipp", status=status)
    agency = make.unit("Dinas Kesehatan", parent=competition.host)
    workshop = make.workshop(competition)
    attendee = make.attendee(workshop, unit=agency)
    world = World(competition, agency, make.round_(competition), workshop, attendee)
    for name in ("author", "other", "endorser", "organizer", "chair", "auditor", "judge"):
        world.people[name] = make.user(name.title())
    world.people["sysadmin"] = make.user(is_staff=True, is_superuser=True)
    make.membership(world.people["author"], agency)
    make.membership(world.people["endorser"], agency, "endorser")
    make.membership(world.people["other"], make.unit(parent=competition.host))
    for role in ("organizer", "chair", "auditor"):
        make.seat(world.people[role], competition, role)
    return world


def arguments(world: World) -> dict[str, list[object]]:
    """What stands in each URL after the slug."""
    stored = store_file(BytesIO(b"%PDF-1.7"))
    material = Material.objects.create(
        workshop=world.workshop,
        title="Bahan",
        file_name="bahan.pdf",
        media_type="application/pdf",
        sha256=stored.sha256,
        size=stored.size,
    )
    news = Announcement.objects.create(
        competition=world.competition, title="Kabar", body="Isi", published_at=make.NOON
    )
    seat = world.competition.committee.get(role="auditor")
    track = make.track(world.competition)
    ticket = world.attendee.ticket
    return {
        "workshop-page": [world.workshop.pk],
        "workshop-sign-up": [world.workshop.pk],
        "material-file": [material.pk],
        "material-remove": [material.pk],
        "material-add": [world.workshop.pk],
        "attendee-ticket": [ticket],
        "attendee-cancel": [ticket],
        "attendee-mark": [ticket],
        "attendee-unmark": [ticket],
        "part-add": ["kelompok"],
        "part-add-below": ["bagian", track.pk],
        "part-change": ["kelompok", track.pk],
        "part-remove": ["kelompok", track.pk],
        "part-move-up": ["kelompok", track.pk],
        "part-move-down": ["kelompok", track.pk],
        "announcement-change": [news.pk],
        "announcement-remove": [news.pk],
        "seat-remove": [seat.pk],
        "attendance-list": [world.workshop.pk],
        "attendance-csv": [world.workshop.pk],
    }


def example(world: World, name: str) -> str:
    """The URL of this name with what stands in it."""
    short = name.partition(":")[2] or name
    return world.url(short, *arguments(world).get(short, []))


def close_file(answer: Any) -> None:
    """What the server does when the download is through; `close()` would end the connection."""
    for close in answer._resource_closers:
        close()


def enter(client: Client, world: World, role: str) -> Client:
    client.force_login(world.people[role])
    return client


def said(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def errors(answer: Any) -> dict[str, list[str]]:
    return dict(answer.context["form"].errors)


def move_to_now(world: World) -> None:
    now = timezone.now()
    Round.objects.update(starts_at=now - make.DAY, ends_at=now + 5 * make.DAY)
