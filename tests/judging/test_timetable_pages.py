"""The timetable in the browser: committee, teams and everybody."""

from __future__ import annotations

from datetime import datetime, time

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from judging import services
from judging.models import Absence, Timetable, Wish
from kipp.editions.dumping import dump_edition
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, at, city
from tests.judging.timetables import (
    DAY,
    drafted,
    framed,
    presenting,
    slots_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> City:
    return presenting()


FRAME = {
    "slot_minutes": "30",
    "rooms": "Aula\n",
    "pauses": "",
    "version": "0",
    "hari-TOTAL_FORMS": "1",
    "hari-INITIAL_FORMS": "0",
    "hari-0-day": str(DAY),
    "hari-0-starts": "08:00",
    "hari-0-ends": "10:00",
}


def test_organizer_walks_from_days_to_release(made: City) -> None:
    client = signed_in(made.organizer)
    page = at(made, "timetable")

    assert client.post(at(made, "timetable-setup"), FRAME)["Location"] == page
    assert client.post(at(made, "timetable-draft"), {"version": "1"})["Location"] == page
    shown = client.get(page)
    assert len(shown.context["room_days"][0].lines) == 4
    assert client.post(at(made, "timetable-release"), {"version": "2"})["Location"] == page
    assert client.post(at(made, "timetable-release"), {"version": "2"}).status_code == 409
    slot = slots_of(made.stage.timetable)[0]
    called = client.post(at(made, "slot-call", slot.pk), {"version": "1"})
    assert called["Location"] == f"{page}#slot-{slot.pk}"
    assert client.post(at(made, "slot-call", slot.pk), {"version": "1"}).status_code == 409
    assert client.get(at(made, "timetable-paper")).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"slot_minutes": "0"},
        {"rooms": " \n "},
        {"pauses": "jam makan"},
        {"hari-0-ends": "07:00"},
        {"hari-0-day": "31-02-2026"},
        {"hari-TOTAL_FORMS": "100000"},
        {"slot_minutes": "240"},
    ],
)
def test_wrong_frame_keeps_what_was_typed(made: City, wrong: dict[str, str]) -> None:
    answer = signed_in(made.organizer).post(at(made, "timetable-setup"), {**FRAME, **wrong})

    assert answer.status_code == 422
    assert not Timetable.objects.exists()
    assert answer.context["form"]["version"].value() == "0"


def test_swap_page_shows_the_effect_before_it_happens(made: City) -> None:
    table = drafted(made)
    first, second, *_others = slots_of(table)
    entry = second.entry
    assert entry
    asked = Wish(entry=entry, want="not_before", clock=time(8, 30))
    services.add_wish(asked, by=made.organizer, at=make.NOON)
    client = signed_in(made.organizer)
    chosen = {"first": str(first.pk), "second": str(second.pk)}

    shown = client.get(at(made, "timetable-swap"), chosen)

    assert shown.context["effect"].broken == [f"{entry}: Asked not to come before 08.30."]
    assert [slot.entry_id for slot in slots_of(table)][:2] == [first.entry_id, second.entry_id]
    done = client.post(at(made, "timetable-swap"), {**chosen, "version": str(table.version)})
    assert done.status_code == 302
    late = client.post(at(made, "timetable-swap"), {**chosen, "version": str(table.version)})
    assert late.status_code == 409
    odd = client.get(at(made, "timetable-swap"), {"first": "x", "second": str(first.pk)})
    assert odd.status_code == 200


def test_wishes_and_absences_come_and_go_on_the_page(made: City) -> None:
    framed(made)
    client = signed_in(made.organizer)
    entry, panelist = made.stage.entries.first(), made.stage.panel.first()
    assert entry
    assert panelist
    wish = {"entry": entry.pk, "want": "not_on", "day": str(DAY)}
    absence = {"panelist": panelist.pk, "day": str(DAY), "starts": "08:00", "ends": "09:00"}

    for name, sent in (("wish-add", wish), ("absence-add", absence)):
        assert client.post(at(made, name), sent).status_code == 302
        assert client.post(at(made, name), sent).status_code == 422
        assert client.post(at(made, name), {**sent, "day": ""}).status_code == 422
    assert client.post(at(made, "wish-remove", Wish.objects.get().pk)).status_code == 302
    assert client.post(at(made, "absence-remove", Absence.objects.get().pk)).status_code == 302
    assert (Wish.objects.count(), Absence.objects.count()) == (0, 0)
    history = client.get(at(made, "stage")).context["history"]
    assert [(line.text, line.note) for line in history[:4]] == [
        ("Absence of a judge removed", str(panelist)),
        ("Wish of a team removed", str(entry)),
        ("Absence of a judge noted", str(panelist)),
        ("Wish of a team noted", str(entry)),
    ]


def test_desk_stage_has_no_timetable() -> None:
    desk = city()

    assert signed_in(desk.organizer).get(at(desk, "timetable")).status_code == 404


def test_team_sees_its_own_slot_after_the_release_only(made: City) -> None:
    author = User.objects.get(full_name="Penulis Dinas 00")
    proposal = made.stage.entries.get(proposal__unit=made.agencies[0]).proposal
    client = signed_in(author)
    page = reverse("judging:appearance", args=[proposal.pk])
    table = drafted(made)

    asked = client.post(f"{page}permintaan/", {"want": "not_on", "day": str(DAY)})
    assert asked["Location"] == page
    assert client.get(page).context["appearances"][0].line is None
    assert client.get(f"{page}kalender.ics").status_code == 404
    number = Wish.objects.get().pk
    assert client.post(f"{page}permintaan/{number}/hapus/").status_code == 302
    services.release_timetable(table, version=2, by=made.chair, at=make.NOON)

    appearance = client.get(page).context["appearances"][0]
    slot = table.slots.get(entry__proposal=proposal)
    assert appearance.line.slot == slot
    late = client.post(f"{page}permintaan/", {"want": "not_on", "day": str(DAY)})
    assert late.status_code == 404
    [event] = icalendar.Calendar.from_ical(client.get(f"{page}kalender.ics").content).walk("VEVENT")
    assert (event["LOCATION"], event.decoded("DTSTART")) == ("Aula", slot.starts_at)
    foreign = signed_in(User.objects.get(full_name="Penulis Dinas 01"))
    assert foreign.get(page).status_code == 404


def test_judge_sees_the_times_of_the_own_panel_after_the_release(made: City) -> None:
    judge = made.judges[0]
    services.declare_conflict(made.sheet(judge, 0), reason="Adik", by=judge, at=make.NOON)
    table = drafted(made)
    page = reverse("judging:queue", args=[made.stage.pk])

    before = signed_in(judge).get(page).context["room_days"]
    services.release_timetable(table, version=table.version, by=made.chair, at=make.NOON)
    after = signed_in(judge).get(page)

    assert before == []
    heard = [line.title for sheet in after.context["room_days"] for line in sheet.lines]
    assert sorted(heard) == ["Inovasi Dinas 01", "Inovasi Dinas 02"]
    assert after.context["room_days"][0].lines[0].time in after.content.decode()


def test_public_board_follows_the_room(made: City) -> None:
    table = drafted(made)
    url = reverse("judging:board", args=[made.competition.slug, made.stage.key])
    assert Client().get(url).status_code == 404
    services.release_timetable(table, version=2, by=made.chair, at=make.NOON)
    first = slots_of(table)[0]

    waiting = Client().get(url).context["rooms"]["Aula"]
    services.call_team(first, version=first.version, by=made.chair, at=make.NOON)
    running, coming = Client().get(url).context["rooms"]["Aula"]

    assert (waiting[0], waiting[1].slot.pk) == (None, first.pk)
    assert (running.slot.pk, coming.slot.pk) == (first.pk, slots_of(table)[1].pk)
    feed = icalendar.Calendar.from_ical(Client().get(f"{url[:-1]}.ics").content)
    assert len(feed.walk("VEVENT")) == 3


def test_public_board_is_watched(made: City) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname='public_stamp'")
        watched = {name for (name,) in cursor.fetchall()}

    assert {"judging_timetable", "judging_slot", "judging_stage"} <= watched


def test_edition_file_holds_days_and_rooms(made: City) -> None:
    framed(made, pauses=["09:00-09:30"])

    [stage] = dump_edition(made.competition)["stages"]

    assert stage["timetable"] == {
        "slot_minutes": 30,
        "rooms": ["Aula"],
        "pauses": ["09:00-09:30"],
        "days": [
            {
                "starts": datetime.combine(DAY, time(8)),
                "ends": datetime.combine(DAY, time(10)),
            }
        ],
    }
