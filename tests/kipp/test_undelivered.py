"""A mail that reaches nobody is shown to whoever can put it right, and to nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail as sent_mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.delivery import deliver_due
from accounts.models import Invitation, Message, Reception, User
from accounts.services import invite_member, invite_person
from tests import make
from tests.background.wanting import everything
from tests.competitions.world import World, build, errors

pytestmark = pytest.mark.django_db
NEW = "benar@demo.example"


@pytest.fixture
def world() -> World:
    return build()


@pytest.fixture
def organizer(client: Client, world: World) -> Client:
    client.force_login(world.people["organizer"])
    return client


def failed(world: World, reader: User, number: int = 1, **fields: Any) -> Message:
    return Message.objects.create(
        **{
            "kind": "reminder_authors",
            "dedupe_key": f"failed:{number}",
            "recipient": reader,
            "to_email": reader.email,
            "edition": world.competition.pk,
            "subject": "Kirim",
            "text": "Isi",
            "html": "<p>Isi</p>",
            "status": "failed",
            "last_error": "550 nobody",
            "created_at": make.NOON,
            "due_at": make.NOON,
            **fields,
        }
    )


def correct(client: Client, world: World, mail: Message, email: str = NEW) -> Any:
    url = reverse("mail-correct", args=[world.competition.slug, mail.pk])
    return client.post(url, {"email": email})


def test_log_shows_this_competitions_mails_and_no_title_of_a_draft(
    organizer: Client, world: World
) -> None:
    author = world.people["author"]
    own = [
        failed(world, author, 1),
        failed(world, author, 2, object_type="proposal", subject="Judul rahasia", status="sent",
               sent_at=make.NOON),
    ]  # fmt: skip
    failed(world, author, 3, edition=make.competition().pk)
    url = reverse("mail-log", args=[world.competition.slug])

    everything, chosen = organizer.get(url), organizer.get(url, {"status": "failed"})
    nobody = organizer.get(url, {"q": "tidak ada orang ini"})

    assert set(everything.context["page"]) == set(own)
    assert "Judul rahasia" not in everything.content.decode()
    assert (list(chosen.context["page"]), list(nobody.context["page"])) == ([own[0]], [])


def test_log_costs_the_same_for_one_mail_and_for_thirty(organizer: Client, world: World) -> None:
    url = reverse("mail-log", args=[world.competition.slug])
    counts: list[int] = []
    for numbers in (range(1), range(1, 30)):
        for number in numbers:
            failed(world, make.user(), number)
        organizer.get(url)
        with CaptureQueriesContext(connection) as asked:
            page = organizer.get(url).context["page"]
        counts.append(len(asked))

    assert page.paginator.count == 30
    assert counts[0] == counts[1] <= 12


def test_dashboard_counts_what_failed_for_the_committee(world: World) -> None:
    failed(world, world.people["author"])
    actors = [Client(), Client()]
    for client, name in zip(actors, ("chair", "author"), strict=True):
        client.force_login(world.people[name])

    chair, author = (client.get(reverse("dashboard")).context["tasks"] for client in actors)

    url = reverse("mail-log", args=[world.competition.slug])
    assert [task.url for task in chair if task.url.startswith(url)] == [f"{url}?status=failed"]
    assert [task.url for task in author if task.url.startswith(url)] == []


def test_person_who_signs_in_keeps_that_address_and_gets_the_mail(
    organizer: Client, world: World
) -> None:
    author = world.people["author"]
    author.set_password("batik kawung malang 1914")
    author.save()
    old = author.email
    mail, late = failed(world, author, 1), failed(world, author, 2, expires_at=make.NOON)

    correct(organizer, world, mail)
    failed(world, author, 3, status="queued")
    failed(world, author, 4, status="queued", is_secret=True)
    deliver_due(clock=lambda: make.NOON + 900 * make.DAY, wanted_among=everything)

    author.refresh_from_db()
    late.refresh_from_db()
    assert (author.email, Reception.objects.get(user=author).address) == (old, NEW)
    assert late.status == "failed"
    assert [mail.to for mail in sent_mail.outbox] == [[NEW], [old], [NEW]]


def test_account_that_nobody_opened_moves_with_its_invitation(
    organizer: Client, world: World
) -> None:
    judge = make.user("Juri")
    make.seat(judge, world.competition, "auditor")
    invite_person(judge, purpose="Juri", by=world.people["organizer"], at=make.NOON)
    Message.objects.filter(recipient=judge).update(status="failed", text="", html="")

    correct(organizer, world, Message.objects.get(recipient=judge))

    judge.refresh_from_db()
    assert (judge.email, Invitation.objects.get().email) == (NEW, NEW)
    rows = Message.objects.filter(recipient=judge).order_by("pk").values_list("to_email", "status")
    assert [status for _address, status in rows] == ["expired", "queued"]
    assert rows[1][0] == NEW


def test_invitation_of_who_has_no_account_is_shown_when_it_went_astray(
    organizer: Client, world: World
) -> None:
    by = world.people["endorser"]
    other = make.unit(level="government")
    for number, unit in enumerate((world.agency, world.agency, other)):
        invite_member(unit, role="author", email=f"baru{number}@kota.example", by=by, at=make.NOON)
    astray = Message.objects.exclude(to_email="baru1@kota.example")
    astray.update(status="failed", last_error="550 nobody")
    url = reverse("mail-log", args=[world.competition.slug])

    page = organizer.get(url)

    assert [mail.to_email for mail in page.context["page"]] == ["baru0@kota.example"]
    assert correct(organizer, world, page.context["page"][0]).status_code == 404


def test_address_of_somebody_else_is_refused(organizer: Client, world: World) -> None:
    answer = correct(organizer, world, failed(world, make.user()), world.people["chair"].email)

    assert answer.status_code == 422
    assert "email" in errors(answer)


def test_mail_that_did_not_fail_is_not_corrected(organizer: Client, world: World) -> None:
    sent = failed(world, world.people["author"], status="sent", sent_at=make.NOON)

    assert correct(organizer, world, sent).status_code == 404
