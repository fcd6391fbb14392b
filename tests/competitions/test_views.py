from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import Message
from competitions.models import (
    Announcement,
    Attendee,
    Category,
    CommitteeSeat,
    Competition,
    Extension,
    Material,
    ReminderRule,
    Round,
    Section,
)
from competitions.workflow import CompetitionStatus
from tests import make
from tests.competitions import world as worlds
from tests.competitions.world import World
from tests.lib.samples import png_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return worlds.build()


@pytest.fixture
def organizer(client: Client, world: World) -> Client:
    return enter(client, world, "organizer")


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


FACTS = {"name": "KIPP Baru", "year": "2026", "time_zone": "Asia/Makassar", "version": "1"}


def test_facts_are_saved(organizer: Client, world: World) -> None:
    answer = organizer.post(world.url("setup-facts"), FACTS)

    assert answer.status_code == 302
    stored = Competition.objects.get(pk=world.competition.pk)
    assert (stored.name, stored.time_zone, stored.version) == ("KIPP Baru", "Asia/Makassar", 2)


def test_second_tab_is_told_and_keeps_its_text(organizer: Client, world: World) -> None:
    organizer.post(world.url("setup-facts"), FACTS)

    answer = organizer.post(world.url("setup-facts"), {**FACTS, "name": "Nama tab kedua"})

    assert answer.status_code == 409
    assert 'value="Nama tab kedua"' in answer.content.decode()
    assert 'name="version" value="2"' in answer.content.decode()
    assert Competition.objects.get(pk=world.competition.pk).name == "KIPP Baru"


@pytest.mark.parametrize(
    "bad",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"year": "dua ribu"},
        {"time_zone": "Asia/Tokyo"},
        {"contact_email": "bukan"},
        {"name": "a\0b"},
        {"version": "satu"},
    ],
)
def test_bad_facts_come_back_as_typed(organizer: Client, world: World, bad: dict[str, str]) -> None:
    answer = organizer.post(world.url("setup-facts"), {**FACTS, "theme": "Tema saya", **bad})

    assert answer.status_code == 422
    assert "Tema saya" in answer.content.decode()


ROUND = {
    "kind": "screening",
    "name": "Seleksi",
    "starts_at": "2026-04-01T08:00",
    "ends_at": "2026-04-10T23:59",
}


def test_round_is_added_in_local_time_with_an_exclusive_end(
    organizer: Client, world: World
) -> None:
    organizer.post(world.url("part-add", "tahapan"), ROUND)

    made = Round.objects.get(kind="screening")
    assert (made.starts_at.isoformat(), made.ends_at.isoformat()) == (
        "2026-04-01T01:00:00+00:00",
        "2026-04-10T17:00:00+00:00",
    )
    page = organizer.get(world.url("part-change", "tahapan", made.pk)).content.decode()
    assert 'value="2026-04-01T08:00"' in page
    assert 'value="2026-04-10T23:59"' in page


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"starts_at": "besok"}, "starts_at"),
        ({"ends_at": "2026-13-01T00:00"}, "ends_at"),
        ({"ends_at": "2026-03-01T00:00"}, "__all__"),
        ({"kind": "submission"}, "__all__"),
        ({"kind": "pesta"}, "kind"),
    ],
)
def test_bad_round_is_refused(
    organizer: Client, world: World, bad: dict[str, str], field: str
) -> None:
    answer = organizer.post(world.url("part-add", "tahapan"), {**ROUND, **bad})

    assert answer.status_code == 422
    assert list(errors(answer)) == [field]


def test_reminders_are_read_from_words(organizer: Client, world: World) -> None:
    url = world.url("part-add-below", "pengingat", world.round.pk)

    answer = organizer.post(url, {"audience": "authors", "leads": "3 jam, 10 hari; 90 menit"})

    assert answer.status_code == 302
    rule = ReminderRule.objects.get()
    assert rule.leads == [14400, 180, 90]
    with translation.override("en"):
        organizer.cookies["django_language"] = "en"
        page = organizer.get(world.url("part-change", "pengingat", rule.pk)).content.decode()
    assert 'value="10 days, 3 hours, 90 minutes"' in page
    assert organizer.post(url, {"audience": "judges", "leads": "nanti"}).status_code == 422


def test_rule_needs_its_number_or_its_tiers(organizer: Client, world: World) -> None:
    url = world.url("part-add-below", "syarat", make.track(world.competition).pk)
    Round.objects.update(starts_at=timezone.now() + make.DAY, ends_at=timezone.now() + 2 * make.DAY)

    age = organizer.post(url, {"kind": "min_age", "article": "1"})
    tiers = organizer.post(url, {"kind": "no_earlier_tier", "article": "1"})

    assert (list(errors(age)), list(errors(tiers))) == (["limit"], ["tiers"])
    good = {"kind": "no_earlier_tier", "article": "1", "tiers": "Top 45, Top 99"}
    assert organizer.post(url, good).status_code == 302


def test_locked_form_says_why(organizer: Client, world: World) -> None:
    move_to_now(world)
    section = make.section(make.track(world.competition))

    page = organizer.get(world.url("setup-form"))
    answer = organizer.post(
        world.url("part-change", "bagian", section.pk),
        {"label": "Lain", "word_limit": "9", "weight": "0", "version": "1"},
    )

    assert page.context["is_locked"]
    assert answer.status_code == 422
    assert Section.objects.get().label == "Ringkasan"


def test_part_is_removed_after_a_question(organizer: Client, world: World) -> None:
    category = Category.objects.create(competition=world.competition, key="a", name="A")
    url = world.url("part-remove", "kategori", category.pk)

    assert organizer.post(url, {"version": "x"}).status_code == 422
    assert organizer.post(url, {"version": "7"}).status_code == 409
    assert organizer.post(url, {"version": "1"}).status_code == 302
    assert not Category.objects.exists()


def test_part_of_another_competition_is_not_found(organizer: Client, world: World) -> None:
    foreign = make.track(make.competition())

    for name in ("part-change", "part-remove"):
        assert organizer.get(world.url(name, "kelompok", foreign.pk)).status_code == 404
    assert organizer.get(world.url("part-add-below", "bagian", foreign.pk)).status_code == 404
    assert organizer.get(world.url("part-add", "pesta")).status_code == 404
    assert organizer.get(world.url("part-add", "bagian")).status_code == 404


def test_publish_says_what_is_missing(client: Client) -> None:
    world = worlds.build(status=CompetitionStatus.DRAFT)

    answer = enter(client, world, "chair").post(world.url("competition-publish"))

    assert answer.status_code == 302
    assert len(said(answer)) > 3
    assert Competition.objects.get(slug="kipp").status == CompetitionStatus.DRAFT


def test_chair_archives_and_nothing_changes_after(client: Client, world: World) -> None:
    enter(client, world, "chair").post(world.url("competition-archive"))

    assert Competition.objects.get(slug="kipp").status == CompetitionStatus.ARCHIVED
    assert client.post(world.url("setup-facts"), {**FACTS, "version": "2"}).status_code == 422
    assert client.post(world.url("part-add", "kategori"), {"name": "A"}).status_code == 422


EXTENSION = {"new_ends_at": "2030-01-31T23:59", "reason": "Listrik padam", "letter_number": "005/1"}


def test_extension_is_previewed_then_granted(organizer: Client, world: World) -> None:
    move_to_now(world)

    preview = organizer.get(world.url("round-extend-preview", world.round.pk), EXTENSION)
    told = {person.pk for person in preview.context["preview"].people}
    answer = organizer.post(world.url("round-extend", world.round.pk), EXTENSION)

    names = ("author", "other", "endorser", "organizer", "chair", "auditor")
    assert told == {world.people[name].pk for name in names}
    assert answer.status_code == 302
    extension = Extension.objects.get()
    assert extension.new_ends_at.isoformat() == "2030-01-31T17:00:00+00:00"
    assert set(Message.objects.values_list("recipient_id", flat=True)) == told


def test_extension_for_a_unit_warns_of_the_endorsement(organizer: Client, world: World) -> None:
    move_to_now(world)
    make.round_(world.competition, Round.Kind.ENDORSEMENT)
    given = {**EXTENSION, "unit": str(world.agency.pk)}

    preview = organizer.get(world.url("round-extend-preview", world.round.pk), given)
    organizer.post(world.url("round-extend", world.round.pk), given)

    assert preview.context["preview"].late.kind == "endorsement"
    assert Extension.objects.get().unit == world.agency


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"new_ends_at": "2020-01-01T00:00"}, "__all__"),
        ({"new_ends_at": "nanti"}, "new_ends_at"),
        ({"new_ends_at": ""}, "new_ends_at"),
        ({"reason": ""}, "reason"),
        ({"letter_number": "x" * 121}, "letter_number"),
        ({"unit": "999999"}, "unit"),
    ],
)
def test_bad_extension_is_refused_in_preview_and_post(
    organizer: Client, world: World, bad: dict[str, str], field: str
) -> None:
    move_to_now(world)
    for answer in (
        organizer.get(world.url("round-extend-preview", world.round.pk), {**EXTENSION, **bad}),
        organizer.post(world.url("round-extend", world.round.pk), {**EXTENSION, **bad}),
    ):
        assert (answer.status_code, list(errors(answer))) == (422, [field])
    assert not Extension.objects.exists()


def test_announcement_travels_through_its_pages(organizer: Client, world: World) -> None:
    organizer.post(world.url("announcement-add"), {"title": "Kabar", "body": "**Isi**"})
    news = Announcement.objects.get()
    change = world.url("announcement-change", news.pk)
    new = {"title": "Kabar baru", "body": "Isi", "version": "1"}

    assert organizer.post(change, {**new, "title": ""}).status_code == 422
    assert organizer.post(change, new).status_code == 302
    assert organizer.post(change, new).status_code == 409
    assert organizer.post(world.url("announcement-add"), {"title": ""}).status_code == 422
    organizer.post(world.url("announcement-remove", news.pk))
    assert not Announcement.objects.exists()


def test_chair_seats_a_person(client: Client, world: World) -> None:
    chair = enter(client, world, "chair")
    person = {"email": "baru@demo.example", "full_name": "Baru", "role": "auditor"}

    assert chair.post(world.url("seat-add"), person).status_code == 302
    assert chair.post(world.url("seat-add"), person).status_code == 422
    assert chair.post(world.url("seat-add"), {**person, "email": "x"}).status_code == 422
    seat = CommitteeSeat.objects.get(user__email="baru@demo.example")
    chair.post(world.url("seat-remove", seat.pk))
    last = CommitteeSeat.objects.get(role="chair")
    chair.post(world.url("seat-remove", last.pk))
    assert CommitteeSeat.objects.filter(pk=last.pk).exists()
    assert not CommitteeSeat.objects.filter(pk=seat.pk).exists()


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
    ("name", "limit"), [("attendance-list", 12), ("setup-overview", 20), ("setup-form", 14)]
)
def test_pages_cost_the_same_at_1_and_at_30_rows(
    organizer: Client,
    world: World,
    name: str,
    limit: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    url = worlds.example(world, name)
    with django_assert_max_num_queries(limit) as first:
        organizer.get(url)
    for number in range(29):
        make.attendee(world.workshop)
        make.round_(world.competition, Round.Kind.JUDGING, key=f"j{number}")
        make.section(make.track(world.competition, f"t{number}"))

    with django_assert_max_num_queries(limit) as many:
        organizer.get(url)

    assert len(many) == len(first)
