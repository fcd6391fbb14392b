from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone, translation

from accounts.audit import trail_of
from competitions.models import (
    Announcement,
    Category,
    CommitteeSeat,
    Competition,
    ReminderRule,
    Round,
    Section,
)
from competitions.workflow import CompetitionStatus
from tests import make
from tests.competitions.world import World, enter, errors, example, move_to_now

pytestmark = pytest.mark.django_db


FACTS = {
    "name": "KIPP Baru",
    "year": "2026",
    "time_zone": "Asia/Makassar",
    "screeners": "1",
    "mend_hours": "24",
    "silence_hours": "48",
    "objection_days": "5",
    "feedback_scores": "means",
    "version": "1",
}


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

    answer = organizer.post(
        url,
        {"audience": "authors", "leads": "3 jam, 10 hari; 90 menit", "channel": "chosen"},
    )

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

    bare = {"article": "1", "severity": "refuses"}
    age = organizer.post(url, {"kind": "min_age", **bare})
    tiers = organizer.post(url, {"kind": "no_earlier_tier", **bare})
    letters = organizer.post(url, {"kind": "letters", "items": "surat", **bare})

    found = [list(errors(answer)) for answer in (age, tiers, letters)]
    assert found == [["limit"], ["tiers"], ["items"]]
    good = {"kind": "no_earlier_tier", "tiers": "Top 45, Top 99", **bare}
    assert organizer.post(url, good).status_code == 302


def test_rule_changes_late_only_with_a_reason_that_the_history_keeps(
    organizer: Client, world: World
) -> None:
    rule = make.rule(make.track(world.competition), "quota", limit=3)
    move_to_now(world)
    url = world.url("part-change", "syarat", rule.pk)
    typed = {"kind": "quota", "limit": "5", "article": "Pasal 7", "severity": "warns"}

    silent = organizer.post(url, {**typed, "version": "1"})
    said = organizer.post(url, {**typed, "version": "1", "reason": "Surat edaran 005/2026"})

    assert list(errors(silent)) == ["reason"]
    assert said.status_code == 302
    rule.refresh_from_db()
    assert (rule.limit, rule.severity) == (5, "warns")
    entry = trail_of(world.competition).latest("number")
    assert (entry.reason, entry.data["before"]) == (
        "Surat edaran 005/2026",
        "At most 3 proposals per agency. (Pasal 6)",
    )
    gone = organizer.post(world.url("part-remove", "syarat", rule.pk), {"version": "2"})
    assert gone.status_code == 422


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


def test_chair_archives_and_nothing_changes_after(client: Client, world: World) -> None:
    enter(client, world, "chair").post(world.url("competition-archive"))

    assert Competition.objects.get(slug="kipp").status == CompetitionStatus.ARCHIVED
    assert client.post(world.url("setup-facts"), {**FACTS, "version": "2"}).status_code == 422
    assert client.post(world.url("part-add", "kategori"), {"name": "A"}).status_code == 422


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


@pytest.mark.parametrize(
    ("name", "title"),
    [("announcement-remove", "Kabar"), ("material-remove", "Bahan"), ("part-remove", "Umum")],
)
def test_question_before_a_removal_quotes_the_title(
    organizer: Client, world: World, name: str, title: str
) -> None:
    asked = organizer.get(example(world, f"competitions:{name}")).content.decode()

    assert f"Remove “{title}”?" in asked


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
