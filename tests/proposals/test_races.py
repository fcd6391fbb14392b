"""Real threads on the real database: what many do at once comes out once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership
from accounts.services import end_membership
from competitions.models import Round
from competitions.services import extend_round
from proposals import services
from proposals.models import Answer, Attachment, Proposal, Submission
from tests import make
from tests.lib.samples import jpg_file
from tests.proposals.scene import Scene, city_scene

pytestmark = pytest.mark.django_db(transaction=True)


def together(*verbs: Callable[[], object]) -> list[object]:
    """Run all at the same instant; return what each gave or the code of its refusal."""
    barrier = threading.Barrier(len(verbs))
    found: list[object] = [None] * len(verbs)

    def run(index: int, verb: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=20)
            found[index] = verb()
        except ValidationError as error:
            found[index] = error.error_list[0].code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index, verb)) for index, verb in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


@pytest.fixture
def race_scene() -> Scene:
    return city_scene()


def test_fifty_identical_sends_give_one_receipt(race_scene: Scene) -> None:
    pk, token = race_scene.sent().pk, uuid4()

    def send() -> str:
        proposal = Proposal.objects.for_page().get(pk=pk)
        by = race_scene.endorser
        return services.submit_proposal(proposal, token=token, by=by, at=make.NOON).receipt

    assert together(*[send] * 50) == ["KIPP-2020-0001"] * 50
    assert Submission.objects.count() == 1


def test_two_forms_give_one_submission(race_scene: Scene) -> None:
    pk = race_scene.sent().pk

    def send() -> str:
        proposal = Proposal.objects.for_page().get(pk=pk)
        by = race_scene.endorser
        return services.submit_proposal(proposal, token=uuid4(), by=by, at=make.NOON).receipt

    assert sorted(map(str, together(*[send] * 8))) == ["KIPP-2020-0001", *["not_now"] * 7]


def test_one_token_for_two_proposals_gives_one_receipt_and_one_sentence(race_scene: Scene) -> None:
    """They meet in the table's own constraint: neither sees the other's row when it looks."""
    waiting, token = [race_scene.sent().pk for _ in range(6)], uuid4()

    def send(pk: int) -> str:
        proposal = Proposal.objects.for_page().get(pk=pk)
        by = race_scene.endorser
        return services.submit_proposal(proposal, token=token, by=by, at=make.NOON).receipt

    found = together(*[lambda pk=pk: send(pk) for pk in waiting])

    assert sorted(map(str, found)) == ["KIPP-2020-0001", *["token"] * 5]
    assert Submission.objects.count() == 1


def test_endorser_who_is_dismissed_while_the_send_waits_is_refused(race_scene: Scene) -> None:
    proposal = race_scene.sent()
    holding = threading.Event()

    def dismiss() -> str:
        with transaction.atomic():
            list(Proposal.objects.select_for_update().filter(pk=proposal.pk))
            holding.set()
            wait_until_locked_out()
            seat = Membership.objects.get(user=race_scene.endorser)
            end_membership(seat, by=None, at=make.NOON)
        return "ended"

    def send() -> str:
        holding.wait(timeout=20)
        own = Proposal.objects.for_page().get(pk=proposal.pk)
        by = race_scene.endorser
        return services.submit_proposal(own, token=uuid4(), by=by, at=make.NOON).receipt

    assert together(dismiss, send) == ["ended", "not_now"]
    assert Submission.objects.count() == 0


def wait_until_locked_out() -> None:
    """Until somebody waits for a lock that is held here."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
            if cursor.fetchone():
                return
    pytest.fail("Nobody waited.")


def test_withdrawing_twice_is_done_once(race_scene: Scene) -> None:
    proposal = race_scene.submitted().proposal

    def withdraw() -> str:
        own = Proposal.objects.for_page().get(pk=proposal.pk)
        services.withdraw_proposal(own, reason="x", by=race_scene.author, at=make.NOON)
        return "withdrawn"

    found = together(*[withdraw] * 4)

    assert sorted(map(str, found)) == [*["not_now"] * 3, "withdrawn"]


def test_withdrawing_waits_for_the_close_that_is_being_moved(race_scene: Scene) -> None:
    """Who closes early holds the rounds: a withdrawal that came after the new end is refused."""
    proposal = race_scene.submitted().proposal
    holding, moved = threading.Event(), threading.Event()

    def close_early() -> str:
        with transaction.atomic():
            rounds = Round.objects.filter(competition=race_scene.competition)
            list(rounds.select_for_update())
            holding.set()
            moved.wait(timeout=0.5)
            rounds.update(starts_at=make.NOON - 2 * make.DAY, ends_at=make.NOON - make.DAY)
        return "closed early"

    def withdraw() -> str:
        holding.wait(timeout=20)
        services.withdraw_proposal(proposal, reason="x", by=race_scene.author, at=make.NOON)
        return "withdrawn"

    assert together(close_early, withdraw) == ["closed early", "closed"]
    assert Submission.objects.get().superseded_at is None


def test_many_proposals_at_once_are_numbered_without_gaps(race_scene: Scene) -> None:
    waiting = [race_scene.sent().pk for _ in range(12)]

    def send(pk: int) -> str:
        proposal = Proposal.objects.for_page().get(pk=pk)
        by = race_scene.endorser
        return services.submit_proposal(proposal, token=uuid4(), by=by, at=make.NOON).receipt

    found = together(*[lambda pk=pk: send(pk) for pk in waiting])

    assert sorted(map(str, found)) == [f"KIPP-2020-{number:04d}" for number in range(1, 13)]


def test_of_two_saves_one_wins_and_one_is_told(race_scene: Scene) -> None:
    proposal = make.proposal(race_scene.clinic, race_scene.track)
    make.answer(proposal, race_scene.summary, "awal")

    def save(text: str) -> str:
        return services.save_answer(
            proposal,
            section=race_scene.summary,
            text=text,
            version=1,
            by=race_scene.author,
            at=make.NOON,
        ).text

    found = together(*[lambda n=n: save(f"teks {n}") for n in range(6)])

    stored = Answer.objects.get()
    assert sorted(map(str, found)) == [*["stale"] * 5, stored.text]
    assert stored.version == 2


def test_of_two_first_saves_one_wins(race_scene: Scene) -> None:
    proposal = make.proposal(race_scene.clinic, race_scene.track)

    def save(text: str) -> str:
        return services.save_answer(
            proposal,
            section=race_scene.summary,
            text=text,
            version=0,
            by=race_scene.author,
            at=make.NOON,
        ).text

    found = together(lambda: save("a"), lambda: save("b"))

    assert sorted(map(str, found)) == sorted(["stale", Answer.objects.get().text])


def test_a_save_never_slips_in_after_the_sending(race_scene: Scene) -> None:
    for _ in range(6):
        proposal = race_scene.draft()
        other = Proposal.objects.for_page().get(pk=proposal.pk)

        def save(proposal: Proposal = proposal) -> str:
            return services.save_answer(
                proposal,
                section=race_scene.summary,
                text="baru",
                version=1,
                by=race_scene.author,
                at=make.NOON,
            ).text

        def send(proposal: Proposal = other) -> str:
            services.send_for_endorsement(proposal, by=race_scene.author, at=make.NOON)
            submission = services.submit_proposal(
                proposal, token=uuid4(), by=race_scene.endorser, at=make.NOON
            )
            return str(submission.content["sections"][0]["text"])

        saved, frozen = together(save, send)

        assert (saved, frozen) in {("baru", "baru"), ("not_now", "satu dua tiga")}
        assert Answer.objects.get(proposal=proposal, section=race_scene.summary).text == frozen


def test_uploads_at_once_do_not_pass_the_limit(race_scene: Scene) -> None:
    pk = race_scene.draft().pk

    def attach(width: int) -> str:
        attachment = services.attach_file(
            Proposal.objects.get(pk=pk),
            slot=race_scene.photo,
            file=BytesIO(jpg_file(width)),
            name="foto.jpg",
            by=race_scene.author,
            at=make.NOON,
        )
        return attachment.name

    found = together(*[lambda n=n: attach(40 + n) for n in range(5)])

    assert sorted(map(str, found)) == ["foto.jpg"] * 2 + ["full"] * 3
    assert Attachment.objects.count() == 2


def test_a_send_waits_for_the_extension_that_is_being_granted(race_scene: Scene) -> None:
    """Whoever extends holds the round; the send that came after the old end sees the new one."""
    proposal = race_scene.draft()
    end = race_scene.submission.ends_at
    holding, granted = threading.Event(), threading.Event()

    def extend() -> str:
        with transaction.atomic():
            extend_round(
                race_scene.submission,
                by=race_scene.chair,
                at=make.NOON,
                new_ends_at=end + make.DAY,
                reason="Gangguan",
                letter_number="1",
            )
            holding.set()
            granted.wait(timeout=0.5)
        return "extended"

    def send() -> str:
        holding.wait(timeout=20)
        at = end + timedelta(hours=1)
        services.send_for_endorsement(proposal, by=race_scene.author, at=at)
        return "sent"

    assert together(extend, send) == ["extended", "sent"]
    assert Round.objects.get(pk=race_scene.submission.pk).ends_at == end + make.DAY


def test_autosave_is_four_statements_with_the_commit(race_scene: Scene) -> None:
    """Nothing begins or ends a transaction: the one statement that writes is one by itself."""
    proposal = race_scene.draft()
    client = Client()
    client.force_login(race_scene.author)
    url = reverse("proposals:section-autosave", args=[proposal.pk, "ringkasan"])

    with CaptureQueriesContext(connection) as queries:
        response = client.post(url, {"text": "baru", "version": 1})

    assert (response.status_code, len(queries)) == (200, 4)
