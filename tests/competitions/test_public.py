from __future__ import annotations

from datetime import timedelta

import icalendar
import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from competitions import queries, services
from competitions.models import Announcement, Competition, Extension, Round
from competitions.services import extend_round
from competitions.workflow import CompetitionStatus
from kipp.editions.files import preset_path, read_edition
from kipp.editions.loading import load_edition
from kipp.lib import clock
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def competition() -> Competition:
    host = make.unit("Kota Malang", level="government")
    definition = read_edition(preset_path("kipp-kota").read_bytes())
    loaded = load_edition(definition, host=host, by=None, at=make.NOON)
    Competition.objects.update(status=CompetitionStatus.PUBLISHED)
    loaded.refresh_from_db()
    return loaded


def move_to_now(competition: Competition) -> None:
    now = timezone.now()
    competition.rounds.filter(kind="submission").update(
        starts_at=now - make.DAY, ends_at=now + 3 * make.DAY
    )


def test_page_shows_the_whole_edition(client: Client, competition: Competition) -> None:
    move_to_now(competition)

    page = client.get(f"/kompetisi/{competition.slug}/")

    text = page.content.decode()
    assert page.status_code == 200
    assert page.context["schedule"].countdown.label == "Pengajuan proposal closes in"
    for part in ("Signifikansi", "Top 10", "Ketahanan Pangan", "Surat Pernyataan Implementasi"):
        assert part in text


def test_page_strikes_the_old_end_out(client: Client, competition: Competition) -> None:
    round_ = competition.rounds.get(kind="submission")
    Extension.objects.create(
        round=round_,
        old_ends_at=round_.ends_at,
        new_ends_at=round_.ends_at + make.DAY,
        reason="-",
        letter_number="005/7/2020",
        granted_by=make.user(),
        granted_at=make.NOON,
    )

    text = client.get(f"/kompetisi/{competition.slug}/").content.decode()

    assert "29 Februari 2020 pukul 23.59 WIB</del>" in text
    assert "1 Maret 2020 pukul 23.59 WIB" in text
    assert "005/7/2020" in text


def test_what_one_unit_was_granted_stands_on_the_committees_page_alone(
    client: Client, competition: Competition
) -> None:
    organizer, unit = make.user(), make.unit("Puskesmas Janti", parent=competition.host)
    make.seat(organizer, competition)
    make.extension(competition.rounds.get(kind="submission"), unit=unit)

    public = client.get(f"/kompetisi/{competition.slug}/").content.decode()
    client.force_login(organizer)
    inside = client.get(f"/kompetisi/{competition.slug}/panitia/").content.decode()

    assert "Puskesmas Janti" not in public
    assert "Puskesmas Janti: " in inside


def test_schedule_lists_the_rounds_as_they_come() -> None:
    competition = make.competition()
    make.round_(competition, starts_at=make.NOON + 9 * make.DAY, ends_at=make.NOON + 20 * make.DAY)
    screening = make.round_(competition, Round.Kind.SCREENING, starts_at=make.NOON)
    Round.objects.filter(pk=screening.pk).update(order=9)

    schedule = queries.schedule_of(competition, at=make.NOON)

    assert [row.round.kind for row in schedule.rows] == ["screening", "submission"]


def test_markdown_of_organisers_is_harmless(client: Client, competition: Competition) -> None:
    attack = "<script>alert(1)</script> [x](javascript:alert(1)) **tebal**"
    Competition.objects.update(guidelines=attack, theme=attack)
    Announcement.objects.create(
        competition=competition, title=attack, body=attack, published_at=make.NOON
    )

    text = client.get(f"/kompetisi/{competition.slug}/").content.decode()

    assert "<script>alert" not in text
    assert 'href="javascript' not in text
    assert "<strong>tebal</strong>" in text


def test_draft_is_a_404_for_all_but_its_committee(client: Client, competition: Competition) -> None:
    Competition.objects.update(status=CompetitionStatus.DRAFT)
    person = make.user()
    make.seat(person, competition)

    assert client.get(f"/kompetisi/{competition.slug}/").status_code == 404
    assert client.get(f"/kompetisi/{competition.slug}/kalender.ics").status_code == 404
    client.force_login(person)
    assert client.get(f"/kompetisi/{competition.slug}/").status_code == 200


def events(client: Client, competition: Competition) -> list[icalendar.Event]:
    answer = client.get(f"/kompetisi/{competition.slug}/kalender.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(answer.content)
    return [part for part in calendar.walk("VEVENT") if isinstance(part, icalendar.Event)]


def test_calendar_keeps_its_ids_and_counts_moves(client: Client, competition: Competition) -> None:
    before = events(client, competition)
    round_ = competition.rounds.get(kind="submission")
    services.extend_round(
        round_,
        by=make.user(),
        at=round_.starts_at,
        new_ends_at=round_.ends_at + make.DAY,
        reason="-",
        letter_number="1",
    )

    after = events(client, competition)

    assert [event["uid"] for event in after] == [event["uid"] for event in before]
    moved = [
        (old["sequence"], new["sequence"], new.end)
        for old, new in zip(before, after, strict=True)
        if old.end != new.end
    ]
    assert moved == [(0, 1, round_.ends_at + make.DAY)]
    told = {str(event["description"]) for event in after if "description" in event}
    assert told == {f"previously {clock.show_end(round_.ends_at, zone=competition.time_zone)}"}


def test_calendar_names_the_place_of_a_workshop_and_no_units_extension(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    competition = make.competition()
    make.workshop(competition, place="Balai Kota")
    make.extension(make.round_(competition), unit=make.unit(parent=competition.host))

    with django_assert_num_queries(3):
        found = events(client, competition)

    assert [str(event.get("location", "")) for event in found] == ["Balai Kota", ""]
    assert [event for event in found if "description" in event] == []


def test_running_competitions_are_published_and_not_over() -> None:
    running, over, draft = (make.competition() for _ in range(3))
    make.round_(running)
    make.round_(over, ends_at=make.NOON)
    make.round_(draft)
    Competition.objects.filter(pk=draft.pk).update(status=CompetitionStatus.DRAFT)

    cards = queries.running_competitions(make.NOON)

    assert [card.slug for card in cards] == [running.slug]
    assert cards[0].open_rounds == ("submission",)


def test_running_competitions_cost_the_same_however_many(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    host = make.unit(level="government")
    for number in range(30):
        make.round_(make.competition(host=host), ends_at=make.NOON + timedelta(hours=number + 1))

    with django_assert_num_queries(1):
        cards = queries.running_competitions(make.NOON)

    assert len(cards) == 30


def test_countdown_goes_to_the_next_start_when_nothing_is_open() -> None:
    competition = make.competition()
    make.round_(competition, Round.Kind.SCREENING, starts_at=make.NOON + make.DAY)

    countdown = queries.countdown_of(competition, at=make.NOON)

    assert countdown is not None
    assert countdown.ends_at == make.NOON + make.DAY
    assert queries.countdown_of(competition, at=make.NOON + 99 * make.DAY) is None


@pytest.mark.parametrize(
    ("kind", "before", "during"),
    [
        (Round.Kind.WORKSHOP, "workshop starts in", "workshop ends in"),
        (Round.Kind.SUBMISSION, "submission begins in", "submission closes in"),
        (Round.Kind.ENDORSEMENT, "endorsement begins in", "endorsement closes in"),
        (Round.Kind.SCREENING, "screening starts in", "screening ends in"),
        (Round.Kind.JUDGING, "judging starts in", "judging ends in"),
        (Round.Kind.OBJECTION, "objection begins in", "objection closes in"),
        (Round.Kind.ANNOUNCEMENT, "announcement starts in", "announcement goes on for"),
    ],
)
def test_countdown_speaks_of_a_close_only_where_something_is_handed_in(
    kind: str, before: str, during: str
) -> None:
    round_ = make.round_(make.competition(), kind)
    moments = [round_.starts_at - make.DAY, make.NOON]

    cards = [queries.running_competitions(at)[0].countdown for at in moments]
    pages = [queries.schedule_of(round_.competition, at=at).countdown for at in moments]
    boards = [queries.countdown_of(round_.competition, at=at) for at in moments]

    for told in (cards, pages, boards):
        assert [each and each.label for each in told] == [before, during]


def test_countdown_names_the_end_before_an_extension_to_whom_it_concerns() -> None:
    competition = make.competition()
    agency = make.unit(parent=competition.host)
    round_ = make.round_(competition)
    granted = make.extension(round_, unit=agency)
    old, new = granted.old_ends_at, granted.new_ends_at

    told = [
        queries.countdown_of(competition, at=make.NOON, unit_paths=paths)
        for paths in ([], [agency.path], [make.unit(parent=competition.host).path])
    ]

    previously = f"previously {clock.show_end(old, zone=competition.time_zone)}"
    assert [each and (each.ends_at, each.earlier) for each in told] == [
        (old, ""),
        (new, previously),
        (old, ""),
    ]


def test_strangers_read_the_end_before_an_extension_for_all(client: Client) -> None:
    competition = make.competition()
    round_ = make.round_(competition, ends_at=timezone.now() + make.DAY)
    extend_round(
        round_,
        new_ends_at=round_.ends_at + make.DAY,
        reason="Listrik padam",
        letter_number="005/1",
        by=make.user(),
        at=timezone.now(),
    )

    pages = [client.get(path).content.decode() for path in ("/", f"/kompetisi/{competition.slug}/")]

    old = clock.show_end(round_.ends_at, zone=competition.time_zone)
    assert [f"previously {old}" in page for page in pages] == [True, True]
