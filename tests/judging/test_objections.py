"""Objections: who makes them, until when, who may answer, and what everybody hears of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Message, User
from competitions.models import CommitteeSeat, ObjectionReason, Round
from judging import services
from judging.models import Objection, Publication
from judging.queries.differences import difference_of
from judging.queries.objections import bars_of, counts_of
from judging.services import Objector
from judging.workflow import ObjectionMove
from kipp.janitor import stored_files
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, at, closed, code_of, marks, published
from tests.kept import kept
from tests.lib import samples

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
START, END = make.NOON, make.NOON + 5 * DAY
TICK = timedelta(microseconds=1)


def objected(made: City, publication: Publication, **fields: object) -> Objection:
    reason = ObjectionReason.objects.get()
    given = {"text": "Datanya keliru.", "proposal": None, "evidence": None, "at": START, **fields}
    given.setdefault("objector", Objector(user=None, name="Warga", contact="Warga@contoh.example"))
    return services.make_objection(publication, reason=reason, **given)  # type: ignore[arg-type]


@kept
def contested() -> tuple[City, Publication, User]:
    """Results are out, the round for objections is open, and an auditor had no hand in it."""
    made, publication = published()
    make.round_(made.competition, Round.Kind.OBJECTION, starts_at=START, ends_at=END)
    ObjectionReason.objects.create(
        competition=made.competition, key="data", label="Data keliru", article="Bab IV"
    )
    auditor = make.user("Auditor")
    make.seat(auditor, made.competition, CommitteeSeat.Role.AUDITOR)
    return made, publication, auditor


def open_now(made: City) -> None:
    """A request is judged by the database's clock, which no test moves."""
    begun = timezone.now() - DAY
    Round.objects.filter(competition=made.competition, kind=Round.Kind.OBJECTION).update(
        starts_at=begun, ends_at=begun + 2 * DAY
    )


def make_url(made: City) -> str:
    return reverse("judging:objection-make", args=[made.competition.slug])


@pytest.mark.parametrize(
    ("moment", "refused"),
    [(START - TICK, "closed"), (START, ""), (END - TICK, ""), (END, "closed")],
)
def test_window_takes_its_first_instant_and_not_its_end(moment: datetime, refused: str) -> None:
    made, publication, _auditor = contested()

    if refused:
        with pytest.raises(ValidationError) as error:
            objected(made, publication, at=moment)
        assert code_of(error) == refused
    else:
        made_one = objected(made, publication, at=moment)
        assert made_one.due_at > moment + made.competition.objection_days * DAY
    assert Objection.objects.count() == (0 if refused else 1)


def test_second_objection_for_the_same_reason_is_told_and_a_sixth_too() -> None:
    made, publication, _auditor = contested()
    objected(made, publication)

    with pytest.raises(ValidationError, match="already"):
        objected(made, publication, text="Sekali lagi.")
    for proposal in made.competition.proposals.all():
        objected(made, publication, proposal=proposal)
    assert list(Objection.objects.order_by("number").values_list("number", flat=True)) == [
        1,
        2,
        3,
        4,
    ]
    assert counts_of(made.competition) == {"received": 4, "open": 4, "upheld": 0, "rejected": 0}


def test_author_objects_with_evidence_and_follows_the_answer_by_its_code() -> None:
    made, _publication, auditor = contested()
    open_now(made)
    author = make.user("Penulis")
    make.membership(author, made.agencies[2])
    form = {"reason": "data", "about": "", "text": "Angka <b>tidak</b> sama."}
    file = SimpleUploadedFile("bukti.pdf", samples.pdf_file())

    reply = signed_in(author).post(make_url(made), {**form, "evidence": file})
    objection = Objection.objects.get()
    page = reverse("judging:objection", args=[made.competition.slug, objection.pk])
    evidence = reverse("judging:objection-evidence", args=[made.competition.slug, objection.pk])
    appoint = reverse("judging:objection-appoint", args=[made.competition.slug, objection.pk])
    decide = reverse("judging:objection-decide", args=[made.competition.slug, objection.pk])
    barred = signed_in(made.organizer).post(appoint, {"officer": made.chair.pk})
    signed_in(made.organizer).post(appoint, {"officer": auditor.pk})
    early = signed_in(made.chair).post(decide, {"move": "reject", "decision": "Tidak"})
    empty = signed_in(auditor).post(decide, {"move": "uphold", "decision": " ", "version": 2})
    answer = {"move": "uphold", "decision": "Benar: baris 3.", "version": 2}
    signed_in(auditor).post(decide, answer)
    again = signed_in(auditor).post(decide, answer)
    shown = signed_in(auditor).get(page).content.decode()
    followed = Client().get(reply.headers["Location"]).content.decode()
    results = Client().get(reverse("judging:public-results", args=[made.competition.slug]))

    objection.refresh_from_db()
    assert (objection.made_by, objection.status) == (author, "upheld")
    assert objection.evidence_sha256 in stored_files()
    assert signed_in(made.chair).get(evidence).getvalue().startswith(b"%PDF")
    assert signed_in(author).get(evidence).status_code == 404
    assert barred.status_code == 422
    assert "released these results" in str(barred.context["appoint"].errors) or "merilis" in str(
        barred.context["appoint"].errors
    )
    assert (early.status_code, empty.status_code, again.status_code) == (403, 422, 403)
    assert "Angka &lt;b&gt;tidak&lt;/b&gt; sama." in shown
    assert "Benar: baris 3." in followed
    assert auditor.full_name not in followed
    assert results.context["counts"] == {"received": 1, "open": 0, "upheld": 1, "rejected": 0}
    kinds = Message.objects.filter(kind__startswith="objection").values_list("kind", "recipient")
    assert set(kinds) == {
        ("objection_received", author.pk),
        ("objection_made", made.chair.pk),
        ("objection_made", made.organizer.pk),
        ("objection_appointed", auditor.pk),
        ("objection_answered", author.pk),
    }


def test_stranger_objects_only_where_the_edition_lets_everybody() -> None:
    made, _publication, _auditor = contested()
    open_now(made)
    stranger = Client()
    form = {"reason": "data", "text": "Ini bukan inovasi baru.", "name": "Warga"}

    refused = stranger.post(make_url(made), {**form, "contact": "w@contoh.example"})
    made.competition.__class__.objects.update(objections_public=True)
    nameless = stranger.post(make_url(made), {**form, "contact": "bukan surel"})
    taken = stranger.post(make_url(made), {**form, "contact": "w@contoh.example"})
    double = stranger.post(make_url(made), {**form, "contact": "W@contoh.example"})
    Round.objects.filter(kind=Round.Kind.OBJECTION).update(ends_at=timezone.now())
    late = stranger.post(make_url(made), {**form, "contact": "x@contoh.example"})

    assert (refused.status_code, nameless.status_code, taken.status_code) == (403, 422, 302)
    assert list(nameless.context["form"].errors) == ["contact"]
    assert (double.status_code, late.status_code) == (422, 409)
    for reply in (double, late):
        assert "Ini bukan inovasi baru." in reply.content.decode()
    assert Objection.objects.get().contact == "w@contoh.example"
    assert Message.objects.filter(kind="objection_received", to_email="w@contoh.example").exists()


def test_whoever_had_a_hand_in_it_cannot_answer() -> None:
    made, publication, auditor = contested()
    objection = objected(made, publication, proposal=made.competition.proposals.first())
    member = make.user("Anggota")
    make.seat(member, made.competition, CommitteeSeat.Role.AUDITOR)
    make.membership(member, made.agencies[0], Membership.Role.ENDORSER)
    judge = made.judges[0]
    make.seat(judge, made.competition, CommitteeSeat.Role.AUDITOR)
    ways = {user: len(list(bars_of(user, objection))) for user in (judge, member, auditor)}

    assert ways == {judge: 1, member: 1, auditor: 0}
    assert len(list(bars_of(made.organizer, objection))) == 1
    assert len(list(bars_of(made.chair, objection))) == 2
    for user in (judge, member, made.chair, made.organizer):
        with pytest.raises(ValidationError) as error:
            services.appoint_officer(objection, officer=user, by=made.chair, at=START)
        assert code_of(error) == "involved"


def test_officer_who_changes_loses_the_old_ones_answer() -> None:
    made, publication, auditor = contested()
    objection = objected(made, publication)
    second = make.user("Auditor kedua")
    make.seat(second, made.competition, CommitteeSeat.Role.AUDITOR)
    services.appoint_officer(objection, officer=auditor, by=made.chair, at=START)
    held = services.appoint_officer(objection, officer=second, by=made.chair, at=START)
    answer = {"move": ObjectionMove.REJECT, "decision": "Tidak terbukti.", "version": held.version}

    with pytest.raises(ValidationError) as error:
        services.decide_objection(objection, by=auditor, at=START, **answer)  # type: ignore[arg-type]
    assert code_of(error) == "stale"
    done = services.decide_objection(objection, by=second, at=START, **answer)  # type: ignore[arg-type]
    assert done.status == "rejected"


def test_officer_is_reminded_once_before_the_limit_and_chairs_once_after_it() -> None:
    made, publication, auditor = contested()
    objection = objected(made, publication)
    due = objection.due_at

    assert services.remind_of_objections(at=due - DAY - TICK) == 0
    assert services.remind_of_objections(at=due - DAY) == 1  # nobody appointed: the chair
    services.appoint_officer(objection, officer=auditor, by=made.chair, at=due - DAY)
    counts = [services.remind_of_objections(at=due - DAY + TICK * n) for n in range(2)]
    assert counts == [1, 0]
    assert services.remind_of_objections(at=due) == 2
    assert services.remind_of_objections(at=due + DAY) == 0
    services.decide_objection(
        objection, move=ObjectionMove.REJECT, decision="Tidak.", version=2, by=auditor, at=due + DAY
    )
    waiting = Message.objects.filter(kind="objection_due", status=Message.Status.QUEUED)
    assert not waiting.exists()


def test_new_run_shows_its_difference_and_writes_it_to_the_old_minutes() -> None:
    made, first = closed(judges=1, entries=3)
    services.reopen_stage(made.stage, reason="Sanggahan 1", by=made.chair, at=make.NOON)
    sheet = made.sheet(made.judges[0], 2)
    services.revise_scorecard(sheet, reason="Salah baca", by=made.judges[0], at=make.NOON)
    services.submit_scorecard(
        sheet,
        sheet=marks("100", "100"),
        version=sheet.version,
        by=made.judges[0],
        at=make.NOON,
    )
    second = services.close_stage(made.stage, by=made.chair, at=make.NOON)

    page = signed_in(made.chair).get(at(made, "ranking-difference", 2))
    difference = difference_of(second)

    assert difference is not None
    assert [(each.title, each.now and each.now.place) for each in difference.won] == [
        ("Inovasi Dinas 02", 1),
        ("Inovasi Dinas 00", 2),
        ("Inovasi Dinas 01", 3),
    ]
    assert difference.moved == []
    assert page.status_code == 200
    assert signed_in(made.chair).get(at(made, "ranking-difference", 1)).status_code == 404
    text = first.addenda.get().text
    assert "Inovasi Dinas 02 (Dinas 02)" in text
    assert second.addenda.count() == 0
