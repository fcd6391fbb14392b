"""Submission by authorisation: shortly before the close, once, or not at all."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.audit import trail_of
from accounts.models import Membership, Message
from competitions.models import Round
from proposals import services
from proposals.invariants import moves_are_in_the_trail, sent_before_the_end
from proposals.models import Answer, Authorisation, Proposal, Submission
from proposals.queries.standing import HEADSTART
from proposals.services.standing import submit_by_authorisation
from proposals.workflow import ProposalStatus
from tests import make
from tests.proposals.scene import Scene, city_scene
from tests.proposals.test_endorsing import MICROSECOND, refusal
from tests.proposals.test_races import together

HOUR = timedelta(hours=1)


def authorised(scene: Scene, proposal: Proposal) -> Proposal:
    services.authorise_submission(proposal, by=scene.endorser, at=make.NOON)
    return proposal


def sweep(at: datetime) -> int:
    return services.submit_authorised(clock=lambda: at)


def status_of(proposal: Proposal) -> str:
    return Proposal.objects.get(pk=proposal.pk).status


def test_valid_draft_is_sent_shortly_before_the_units_close(scene: Scene) -> None:
    proposal = authorised(scene, scene.draft("BREXIT"))
    end = scene.submission.ends_at

    assert sweep(end - HEADSTART - MICROSECOND) == 0
    assert sweep(end - HEADSTART) == 1
    assert sweep(end - HEADSTART) == 0

    submission = Submission.objects.get()
    assert (submission.receipt, submission.submitted_by) == ("KIPP-2020-0001", scene.endorser)
    assert submission.received_at == end - HEADSTART
    assert [(entry.action, entry.actor) for entry in trail_of(proposal)] == [
        ("proposal.authorised", scene.endorser),
        ("proposal.sent", None),
        ("proposal.submitted", scene.endorser),
        ("proposal.submitted_by_authorisation", None),
    ]
    told = Message.objects.filter(kind="proposal_submitted").values_list("recipient", flat=True)
    assert set(told) == {scene.author.pk, scene.endorser.pk}
    assert [*moves_are_in_the_trail(end), *sent_before_the_end(end)] == []


def test_what_was_handed_over_is_sent_before_the_endorsers_close(scene: Scene) -> None:
    authorised(scene, scene.sent())

    assert sweep(scene.submission.ends_at - HEADSTART) == 0
    assert sweep(scene.endorsement.ends_at - MICROSECOND) == 1


def test_late_sweeper_sends_nothing(scene: Scene) -> None:
    proposal = authorised(scene, scene.draft())

    assert sweep(scene.submission.ends_at) == 0
    assert status_of(proposal) == ProposalStatus.DRAFT


def test_without_authorisation_nothing_is_sent(scene: Scene) -> None:
    scene.draft()
    revoked = authorised(scene, scene.draft())
    services.revoke_authorisation(revoked, by=scene.endorser, at=make.NOON)

    assert sweep(scene.submission.ends_at - MICROSECOND) == 0


def test_return_ends_the_authorisation(scene: Scene) -> None:
    proposal = authorised(scene, scene.sent())
    services.return_proposal(proposal, note="x", section_notes={}, by=scene.endorser, at=make.NOON)

    assert Authorisation.objects.filter(ended_at=None).count() == 0


def test_who_endorses_no_more_authorises_no_more(scene: Scene) -> None:
    authorised(scene, scene.draft())
    Membership.objects.filter(user=scene.endorser).update(ended_at=make.NOON)

    assert sweep(scene.submission.ends_at - MICROSECOND) == 0


def test_incomplete_one_is_told_why_in_time_and_stops_nobody(scene: Scene) -> None:
    broken = authorised(scene, scene.draft("SAKTI"))
    Answer.objects.filter(proposal=broken, section=scene.impact).update(text="", word_count=0)
    authorised(scene, scene.draft())
    end = scene.submission.ends_at

    warned = [
        services.warn_authorised(at=end - before)
        for before in (25 * HOUR, 24 * HOUR, 23 * HOUR, 3 * HOUR, HOUR)
    ]

    assert warned == [0, 1, 0, 1, 0]
    mails = Message.objects.filter(kind="proposal_invalid")
    assert {mail.recipient for mail in mails} == {scene.author, scene.endorser}
    assert ["Dampak" in mail.text for mail in mails] == [True] * 4
    assert sweep(end - MICROSECOND) == 1
    assert status_of(broken) == ProposalStatus.DRAFT


def test_mended_in_the_last_minutes_is_sent_by_the_next_tick(scene: Scene) -> None:
    proposal = authorised(scene, scene.draft())
    answers = Answer.objects.filter(proposal=proposal, section=scene.impact)
    answers.update(text="", word_count=0)
    end = scene.submission.ends_at

    before = sweep(end - HEADSTART)
    answers.update(text="Satu", word_count=1)

    assert [before, sweep(end - MICROSECOND)] == [0, 1]


def test_authorised_twice_or_after_the_close_is_refused(scene: Scene) -> None:
    proposal = scene.draft()

    def give(at: datetime) -> Authorisation:
        return services.authorise_submission(proposal, by=scene.endorser, at=at)

    assert refusal(lambda: give(scene.submission.ends_at)) == "closed"
    give(make.NOON)
    assert refusal(lambda: give(make.NOON)) == "exists"


def test_unit_sees_it_and_endorser_takes_it_back(scene: Scene, client: Client) -> None:
    Round.objects.update(starts_at=make.NOON, ends_at=make.NOON + 999 * make.DAY)
    proposal = scene.draft()
    page = reverse("proposals:proposal-page", args=[proposal.pk])
    give = reverse("proposals:authorisation-give", args=[proposal.pk])
    revoke = reverse("proposals:authorisation-revoke", args=[proposal.pk])
    client.force_login(scene.author)
    client.cookies["django_language"] = "en"
    assert [client.post(give).status_code, "authorised it on" in seen(client, page)] == [403, False]

    client.force_login(scene.endorser)
    assert [client.post(give).status_code, client.post(give).status_code] == [302, 302]
    assert "is authorised already" in seen(client, page)
    client.force_login(scene.author)
    assert f"{scene.endorser.full_name} authorised it on" in seen(client, page)
    client.force_login(scene.endorser)
    client.post(revoke)

    assert "authorised it on" not in seen(client, page)
    assert "Automatic submission authorised" in seen(client, page)


def seen(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.mark.django_db(transaction=True)
def test_many_sweepers_send_once() -> None:
    scene = city_scene()
    for _number in range(3):
        authorised(scene, scene.draft())
    at = scene.submission.ends_at - MICROSECOND

    found = together(*[lambda: sweep(at)] * 5)

    assert sum(int(str(count)) for count in found) == 3
    assert Submission.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_revoked_while_the_sweeper_waits_is_not_sent() -> None:
    scene = city_scene()
    authorised(scene, scene.draft())
    held = Authorisation.objects.select_related("proposal__competition", "proposal__unit").get()
    at, holding = scene.submission.ends_at - MICROSECOND, threading.Event()

    def revoke() -> str:
        with transaction.atomic():
            services.revoke_authorisation(
                Proposal.objects.for_page().get(), by=scene.endorser, at=at
            )
            holding.set()
            threading.Event().wait(timeout=0.5)
        return "revoked"

    def send() -> int:
        holding.wait(timeout=20)
        return submit_by_authorisation(held, clock=lambda: at)

    assert together(revoke, send) == ["revoked", 0]
    assert Submission.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_killed_sweeper_leaves_nothing_half_done() -> None:
    """The database loses it with everything written and nothing committed; the next one sends."""
    scene = city_scene()
    proposal = authorised(scene, scene.draft())
    at = scene.submission.ends_at - MICROSECOND

    def die() -> str:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                sweep(at)
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        except OperationalError:
            return "killed"
        return "alive"

    assert together(die) == ["killed"]
    assert [Submission.objects.count(), status_of(proposal)] == [0, ProposalStatus.DRAFT]
    assert [sweep(at), sweep(at)] == [1, 0]
    assert Submission.objects.get().receipt == "KIPP-2020-0001"
