from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from competitions.models import (
    Attendee,
    Material,
)
from competitions.queries import attendees_of
from tests import make
from tests.competitions import world as worlds
from tests.competitions.world import World, enter, errors, move_to_now, said
from tests.lib.samples import png_file

pytestmark = pytest.mark.django_db


def test_author_takes_a_seat_and_gives_it_back(client: Client, world: World) -> None:
    move_to_now(world)
    author = enter(client, world, "author")
    sign_up = world.url("workshop-sign-up", world.workshop.pk)
    name = "Dra. Sri <script>alert(1)</script>"

    assert author.post(sign_up, {"unit": world.agency.pk, "full_name": name}).status_code == 302
    attendee = Attendee.objects.get(full_name=name)
    page = author.get(world.url("workshop-page", world.workshop.pk)).content.decode()
    ticket = author.get(world.url("attendee-ticket", attendee.ticket))
    full = author.post(sign_up, {"unit": world.agency.pk, "full_name": "C"})
    author.post(world.url("attendee-cancel", attendee.ticket))

    assert "<script>alert" not in page
    assert ticket.context["qr"].startswith("data:image/svg+xml")
    assert full.status_code == 422
    assert 'value="C"' in full.content.decode()
    assert not Attendee.objects.filter(pk=attendee.pk).exists()


def test_unit_of_others_is_no_choice(client: Client, world: World) -> None:
    move_to_now(world)
    foreign = make.unit(parent=world.competition.host)

    answer = enter(client, world, "author").post(
        world.url("workshop-sign-up", world.workshop.pk), {"unit": foreign.pk, "full_name": "A"}
    )

    assert (answer.status_code, list(errors(answer))) == (422, ["unit"])


def test_scanned_ticket_shows_then_marks(organizer: Client, world: World) -> None:
    url = world.url("attendee-mark", world.attendee.ticket)

    organizer.get(url)
    assert not Attendee.objects.filter(attended_at__isnull=False).exists()
    organizer.post(url)
    again = organizer.post(url)
    assert Attendee.objects.filter(attended_at__isnull=False).count() == 1
    assert len(said(again)) > 0
    organizer.post(world.url("attendee-unmark", world.attendee.ticket))
    assert not Attendee.objects.filter(attended_at__isnull=False).exists()


def test_cancelling_after_attendance_is_refused(client: Client, world: World) -> None:
    Attendee.objects.update(attended_at=make.NOON)

    enter(client, world, "author").post(world.url("attendee-cancel", world.attendee.ticket))

    assert Attendee.objects.count() == 1


def test_attendance_csv_holds_no_formula(organizer: Client, world: World) -> None:
    Attendee.objects.update(full_name="=cmd|x", attended_at=make.NOON)

    lines = organizer.get(world.url("attendance-csv", world.workshop.pk)).content.decode(
        "utf-8-sig"
    )

    assert lines.splitlines()[1] == ("Dinas Kesehatan;'=cmd|x;2 Maret 2026 pukul 12.00 WIB")


PDF_LIE = SimpleUploadedFile("bahan.pdf", b"\x89PNG not really")


def test_material_link_and_lying_file(organizer: Client, world: World) -> None:
    url = world.url("material-add", world.workshop.pk)

    link = organizer.post(url, {"title": "Bahan", "url": "https://example.org/a"})
    both = organizer.post(url, {"title": "Bahan"})
    lie = organizer.post(url, {"title": "Bahan", "file": PDF_LIE})

    assert (link.status_code, both.status_code, lie.status_code) == (302, 422, 422)
    material = Material.objects.get()
    assert organizer.get(world.url("material-file", material.pk)).status_code == 404
    organizer.post(world.url("material-remove", material.pk))
    assert not Material.objects.exists()


def test_material_photo_is_stored_and_downloaded(organizer: Client, world: World) -> None:
    photo = SimpleUploadedFile("foto.png", png_file())

    organizer.post(world.url("material-add", world.workshop.pk), {"title": "Foto", "file": photo})

    answer: Any = organizer.get(world.url("material-file", Material.objects.get().pk))
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    worlds.close_file(answer)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("role", "is_told"),
    [
        ("anon", False),
        ("other", False),
        ("judge", False),
        ("author", True),
        ("endorser", True),
        ("auditor", True),
    ],
)
def test_meeting_link_is_for_units_that_signed_up_and_the_committee(
    client: Client,
    world: World,
    role: str,
    is_told: bool,  # noqa: FBT001
) -> None:
    link = "https://rapat.demo.example/rahasia"
    type(world.workshop).objects.update(online_url=link)
    visitor = client if role == "anon" else enter(client, world, role)

    page = visitor.get(world.url("workshop-page", world.workshop.pk)).content.decode()

    assert (link in page) is is_told
    public = visitor.get(world.url("competition-page")).content.decode()
    assert link not in public
    assert link not in visitor.get(world.url("competition-calendar")).content.decode()


def test_person_at_the_door_is_found_by_name_or_unit_and_the_list_stays_where_it_was(
    organizer: Client, world: World
) -> None:
    other = make.unit("Dinas Sosial", parent=world.competition.host)
    for name in ("Siti Aminah", "Budi"):
        made = make.attendee(world.workshop, unit=other)
        Attendee.objects.filter(pk=made.pk).update(full_name=name)
    url = world.url("attendance-list", world.workshop.pk)

    found = {
        asked: [each.full_name for each in organizer.get(url, {"q": asked}).context["page"]]
        for asked in ("aminah", "SOSIAL", "Tidak ada", "x" * 101)
    }
    siti = Attendee.objects.get(full_name="Siti Aminah")
    marked, undone = (
        organizer.post(f"{world.url(act, siti.ticket)}?q=aminah&page=2")
        for act in ("attendee-mark", "attendee-unmark")
    )

    assert found == {
        "aminah": ["Siti Aminah"],
        "SOSIAL": ["Budi", "Siti Aminah"],
        "Tidak ada": [],
        "x" * 101: [each.full_name for each in attendees_of(world.workshop)],
    }
    assert {marked.headers["Location"], undone.headers["Location"]} == {f"{url}?q=aminah&page=2"}
    assert (
        f"{world.url('attendee-mark', siti.ticket)}?q=aminah"
        in organizer.get(url, {"q": "aminah"}).content.decode()
    )
