"""Seats: invited, answered with fields and ties, given back, and the panels they belong to."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Invitation, Message, User
from judging import services
from judging.models import Assignment, Panel, Panelist, Stage
from judging.panels import PanelKind
from judging.queries.minutes import session_of
from judging.queries.planning import situation_of
from judging.workflow import SeatStatus
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, at, city, code_of, find_offenders, last_entry, opened

pytestmark = pytest.mark.django_db
GUEST = {"email": "juri@kampus.example", "full_name": "Prof. Guru", "kind": "desk"}


def invited(made: City, **terms: object) -> Panelist:
    """Somebody with an account, asked for at most five."""
    person = make.user("Juri Tamu", password="pbkdf2_sha256$x")
    return services.invite_panelist(
        made.stage,
        email=person.email,
        full_name="",
        by=made.chair,
        at=make.NOON,
        **{"capacity": 5, **terms},  # type: ignore[arg-type]
    )


def accept(seat: Panelist, **answers: object) -> None:
    services.accept_seat(
        seat,
        **{
            "capacity": 5,
            "tracks": [],
            "categories": [],
            "tied_units": [],
            "note": "",
            "version": seat.version,
            "by": seat.user,
            "at": make.NOON,
            **answers,
        },  # type: ignore[arg-type]
    )
    seat.refresh_from_db()


def test_a_field_team_sits_only_where_it_is_given_entries() -> None:
    """Elsewhere its members were asked, agreed, and never got anything to do."""
    made = city(judges=1)
    terms: dict[str, Any] = {"by": made.chair, "at": make.NOON}
    client, guest = signed_in(made.chair), make.user()

    chosen = client.post(at(made, "panelist-seat"), {**GUEST, "kind": "field"})
    with pytest.raises(ValidationError) as seated:
        services.seat_panelist(made.stage, user=guest, kind="field", **terms)
    Stage.objects.update(kind="field")
    services.seat_panelist(made.stage, user=guest, kind="field", **terms)
    with pytest.raises(ValidationError) as changed:
        services.change_stage(
            made.stage, law={"kind": "desk"}, criteria=[], version=made.stage.version, **terms
        )

    assert (chosen.status_code, list(chosen.context["form"].errors)) == (422, ["kind"])
    assert [list(error.value.message_dict) for error in (seated, changed)] == [["kind"]] * 2
    assert made.stage.panel.get(user=guest).kind == PanelKind.FIELD


def test_newcomer_gets_the_way_in_and_a_known_person_the_question() -> None:
    made = city(judges=1)
    client = signed_in(made.chair)
    known = make.user(password="pbkdf2_sha256$x")

    replies = [
        client.post(at(made, "panelist-seat"), sent)
        for sent in (
            {**GUEST, "capacity": "7"},
            {**GUEST, "email": known.email},
            {**GUEST, "email": known.email},
            {**GUEST, "email": "bukan"},
            {**GUEST, "email": "lain@kampus.example", "capacity": "0"},
        )
    ]

    newcomer = User.objects.get(email=GUEST["email"])
    assert [reply.status_code for reply in replies] == [302, 302, 422, 422, 422]
    assert Invitation.objects.get(user=newcomer).purpose.endswith(str(made.stage))
    mails = Message.objects.order_by("pk").values_list("kind", "to_email")
    assert list(mails) == [
        ("account_invitation", GUEST["email"]),
        ("judging_seat_offered", known.email),
    ]
    seats = made.stage.panel.filter(user__in=[newcomer, known]).order_by("pk")
    assert list(seats.values_list("status", "capacity")) == [("invited", 7), ("invited", None)]
    assert not User.objects.filter(must_use_mfa=True, pk__in=[newcomer.pk, known.pk]).exists()


def test_answer_names_capacity_fields_and_ties_and_the_plan_follows_them() -> None:
    made = city(judges=1, entries=3)
    seat = invited(made)
    client = signed_in(seat.user)
    url = f"/juri/kursi/{seat.pk}/"
    track = made.competition.tracks.get()
    sent = {
        "capacity": "2",
        "tracks": [track.pk],
        "tied_units": [made.agencies[0].pk],
        "answer_note": "Istri saya bekerja di sana.",
        "version": seat.version,
    }

    desk = client.get("/juri/").content.decode()
    too_many = client.post(url, {**sent, "capacity": "6"})
    none = client.post(url, {**sent, "capacity": "0"})
    before = situation_of(made.stage, at=make.NOON)
    done = client.post(url, sent)
    stale = client.post(url, sent)
    situation = situation_of(made.stage, at=make.NOON)

    assert url in desk
    assert [each.status_code for each in (too_many, none, done, stale)] == [422, 422, 302, 409]
    assert "Istri saya" in too_many.content.decode()
    key = str(seat.pk)
    assert (key in before.panel, key in situation.panel) == (False, True)
    (reader,) = [each for each in situation.field.readers if each.key == key]
    assert (reader.capacity, set(reader.topics)) == (2, {f"track:{track.pk}"})
    (found,) = situation.conflicts
    assert (found.ground, found.submission.proposal.unit) == ("tie", made.agencies[0])
    assert last_entry(made.stage).action == "panelist.accepted"
    assert User.objects.get(pk=seat.user_id).must_use_mfa


def test_whoever_declines_or_does_not_answer_reads_nothing_and_sat_nowhere() -> None:
    made = city(judges=2, entries=2)
    declining, silent = invited(made), invited(made)
    client = signed_in(declining.user)
    url = f"/juri/kursi/{declining.pk}/tolak/"

    empty = client.post(url, {"reason": " ", "version": 1})
    done = client.post(url, {"reason": "Sedang cuti", "version": 1})
    again = client.post(url, {"reason": "Sedang cuti", "version": 1})
    services.open_stage(made.stage, by=made.chair, at=make.NOON)

    assert [each.status_code for each in (empty, done, again)] == [422, 302, 404]
    declining.refresh_from_db()
    assert (declining.status, declining.answer_note) == ("declined", "Sedang cuti")
    assert not Assignment.objects.filter(panelist__in=[declining, silent]).exists()
    assert [row["name"] for row in session_of(made.stage, by=made.chair)["panel"]] == [
        "Juri 0",
        "Juri 1",
    ]
    assert signed_in(silent.user).get(f"/juri/tahap/{made.stage.pk}/").status_code == 404


def test_only_the_invited_person_answers_and_not_after_the_close() -> None:
    made = city(judges=1, entries=1)
    seat = invited(made)

    assert signed_in(made.judges[0]).get(f"/juri/kursi/{seat.pk}/").status_code == 404
    with pytest.raises(ValidationError) as error:
        accept(seat, by=made.judges[0])
    assert code_of(error) == "not_yours"
    type(made.stage).objects.filter(pk=made.stage.pk).update(status="closed")
    with pytest.raises(ValidationError) as error:
        accept(seat)
    assert code_of(error) == "closed"


def test_late_acceptance_gets_readings_with_the_next_draft() -> None:
    made = city(judges=2, entries=4, readings=2)
    seat = invited(made)
    services.open_stage(made.stage, by=made.chair, at=make.NOON, seed=1)
    accept(seat)

    draft = services.make_draft(
        made.stage, readings={"desk": 3}, by=made.chair, at=make.NOON, seed=1
    )
    services.release_draft(draft, version=1, by=made.chair, at=make.NOON)

    assert seat.status == SeatStatus.ACCEPTED
    assert Assignment.objects.filter(panelist=seat).count() == 4


def test_judge_removed_in_mid_stage_leaves_what_was_begun_and_frees_the_rest() -> None:
    made = opened(judges=3, entries=4, readings=2)
    judge = made.judges[0]
    own = Assignment.objects.filter(panelist__user=judge).select_related(
        "entry__stage", "panelist", "entry__proposal__unit"
    )
    begun, handed_in, *unopened = own
    made.score(judge, made.agencies.index(handed_in.entry.proposal.unit), "80", "70")
    services.declare_no_conflict(begun, by=judge, at=make.NOON)
    client = signed_in(made.chair)
    url = at(made, "panelist-relieve", begun.panelist_id)

    asked = client.get(url)
    silent = client.post(url, {"reason": ""})
    done = client.post(url, {"reason": "Sakit"})
    again = client.post(url, {"reason": "Sakit"})
    draft = services.make_draft(made.stage, by=made.chair, at=make.NOON, seed=1)
    services.release_draft(draft, version=1, by=made.chair, at=make.NOON)

    assert [each.status_code for each in (asked, silent, done, again)] == [200, 422, 302, 409]
    assert set(own.values_list("pk", flat=True)) == {begun.pk, handed_in.pk}
    for sheet in (begun, *unopened):
        others = Assignment.objects.filter(entry=sheet.entry).exclude(panelist__user=judge)
        assert others.count() == 2
    kept = Assignment.objects.filter(entry=handed_in.entry).exclude(panelist__user=judge)
    assert kept.count() == 1
    assert signed_in(judge).get(f"/juri/lembar/{begun.pk}/").status_code == 200
    assert find_offenders() == []


def test_panels_are_set_up_in_the_browser_and_their_readings_are_planned() -> None:
    made = city(judges=3, entries=2)
    independent = make.user()
    services.seat_panelist(
        made.stage, user=independent, kind="independent", by=made.chair, at=make.NOON
    )
    client = signed_in(made.chair)
    url = at(made, "panel-setup", "desk")

    zero = client.post(url, {"readings": "0", "capacity": "0"})
    done = client.post(url, {"name": "Evaluator dinas", "readings": "2", "capacity": "9"})
    other = client.post(at(made, "panel-setup", "independent"), {"readings": "1"})
    unknown = client.get(at(made, "panel-setup", "field"))
    held = client.post(at(made, "panel-remove", "desk"))
    free = client.post(at(made, "panel-remove", "field"))
    page = client.get(at(made, "stage")).content.decode()
    services.open_stage(made.stage, by=made.chair, at=make.NOON, seed=1)

    assert [r.status_code for r in (zero, done, other, unknown, held, free)] == [
        422, 302, 302, 404, 422, 404,
    ]  # fmt: skip
    assert "Evaluator dinas" in page
    assert list(Panel.objects.values_list("kind", "readings", "capacity")) == [
        ("desk", 2, 9),
        ("independent", 1, None),
    ]
    readers = Assignment.objects.values_list("panelist__kind", flat=True)
    assert sorted(readers) == ["desk"] * 4 + ["independent"] * 2
