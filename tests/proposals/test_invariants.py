"""Each promise is kept by a year of moves, and each breach is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage

from accounts.audit import record
from accounts.models import AuditEntry
from kipp.lib.files import key_of
from proposals import invariants, services
from proposals.content import digest
from proposals.models import Answer, Attachment, Proposal, RegisterEntry, Revision, Submission
from proposals.queries.files import files_of
from proposals.receipts import seal
from tests import make
from tests.kept import kept
from tests.lib.samples import jpg_file
from tests.proposals.scene import Scene, city_scene


@pytest.fixture
def year(db: None) -> Scene:
    return year_of_moves()


@kept
def year_of_moves() -> Scene:
    scene = city_scene()
    proposal = scene.draft()
    services.attach_file(
        proposal,
        slot=scene.photo,
        file=BytesIO(jpg_file()),
        name="foto.jpg",
        by=scene.author,
        at=make.NOON,
    )
    submission = scene.submitted()
    services.screen_submission(submission, verdict="passed", by=scene.organizer, at=make.NOON)
    services.reopen_screening(submission.proposal, reason="x", by=scene.chair, at=make.NOON)
    services.withdraw_proposal(scene.sent(), reason="x", by=scene.author, at=make.NOON)
    return scene


def offenders() -> list[str]:
    at = make.NOON + timedelta(days=2000)
    return [check.__name__ for check in invariants.INVARIANTS for _sentence in check(at)]


def test_year_of_moves_keeps_every_promise(year: Scene) -> None:
    assert offenders() == []


def overtake() -> None:
    Submission.objects.filter(proposal__status="submitted").update(superseded_at=make.NOON)


def lose_file() -> None:
    default_storage.delete(key_of(Attachment.objects.get().sha256))


def unclean(text: str) -> None:
    for model in (Answer, Revision):
        model.objects.update(text=text)


def write_over_file() -> None:
    key = key_of(Attachment.objects.get().sha256)
    default_storage.delete(key)
    default_storage.save(key, BytesIO(b"lain"))


def reseal(*, previous: str) -> None:
    """Whoever has the key can sign a link; it still does not fit between its neighbours."""
    submission = Submission.objects.get()
    seal(submission, previous=previous)
    submission.save()


UNSIGNED = "receipts_are_signed"


@pytest.mark.parametrize(
    ("breach", "found"),
    [
        (overtake, "received_have_one_current_submission"),
        (lambda: Submission.objects.update(sha256="0" * 64), f"hashes_recompute {UNSIGNED}"),
        (lose_file, "files_are_there"),
        (write_over_file, "files_are_there"),
        (lambda: Attachment.objects.update(size=1), "files_are_there"),
        (
            lambda: Submission.objects.update(received_at=make.NOON + 99 * make.DAY),
            f"sent_before_the_end {UNSIGNED}",
        ),
        (
            lambda: Proposal.objects.filter(status="draft").update(status="awaiting"),
            "moves_are_in_the_trail",
        ),
        (
            lambda: AuditEntry.objects.filter(action="proposal.sent").delete(),
            "moves_are_in_the_trail",
        ),
        (lambda: Submission.objects.update(number=7), f"receipts_count_without_gaps {UNSIGNED}"),
        (lambda: Submission.objects.update(signature="x"), UNSIGNED),
        (lambda: Submission.objects.update(link="x"), UNSIGNED),
        (lambda: reseal(previous="1" * 64), "receipts_form_one_chain"),
        (lambda: unclean("a\u0301"), "text_is_clean"),
        (lambda: unclean("a\u202eb"), "text_is_clean"),
        (lambda: Answer.objects.update(text="lain"), "revisions_count_up_to_the_text"),
        (lambda: Answer.objects.update(version=2), "revisions_count_up_to_the_text"),
        (lambda: Revision.objects.update(version=2), "revisions_count_up_to_the_text"),
        (lambda: Revision.objects.all().delete(), "revisions_count_up_to_the_text"),
    ],
)
def test_breach_is_found(year: Scene, breach: Callable[[], object], found: str) -> None:
    breach()

    assert set(offenders()) == set(found.split())


def test_an_entry_that_no_award_explains_is_found(scene: Scene) -> None:
    won = [services.Past("KIPP", "kota", 2019, "Top 45")]
    innovation = services.register_past_innovation(
        None, title="Bank Sampah", awards=won, by=scene.chair, at=make.NOON
    )
    assert offenders() == []

    RegisterEntry.objects.update(summary="Draf")
    changed = offenders()
    innovation.history.all().delete()

    assert (changed, offenders()) == (["the_register_says_what_awards_say"],) * 2


def test_a_draft_that_was_authorised_and_left_behind_is_found(scene: Scene) -> None:
    early = make.NOON - 5 * make.DAY
    proposal = scene.draft()
    services.authorise_submission(proposal, by=scene.endorser, at=early)
    Answer.objects.update(saved_at=early)

    assert offenders() == ["what_was_authorised_was_sent"]


def test_silence_that_was_told_twice_is_found(scene: Scene) -> None:
    proposal = scene.sent()
    for _letter in range(2):
        record(None, "proposal.escalated", proposal, at=make.NOON)

    assert offenders() == ["silence_is_told_once"]


def test_wrong_size_is_found_though_a_frozen_copy_says_it_right(scene: Scene) -> None:
    proposal = scene.draft()
    photo = services.attach_file(
        proposal,
        slot=scene.photo,
        file=BytesIO(jpg_file()),
        name="foto.jpg",
        by=scene.author,
        at=make.NOON,
    )
    services.send_for_endorsement(proposal, by=scene.author, at=make.NOON)
    submission = services.submit_proposal(proposal, token=uuid4(), by=scene.endorser, at=make.NOON)
    assert photo.sha256 in {file["sha256"] for file in files_of(submission)}
    assert offenders() == []

    Attachment.objects.filter(pk=photo.pk).update(size=1)

    assert offenders() == ["files_are_there"]


def test_content_of_another_receipt_is_found(year: Scene) -> None:
    submission = Submission.objects.get()
    submission.content["receipt"] = "KIPP-2020-0099"
    Submission.objects.update(content=submission.content, sha256=digest(submission.content))

    assert offenders() == ["hashes_recompute", UNSIGNED, UNSIGNED]


def test_second_receipt_follows_the_first(year: Scene) -> None:
    year.submitted()
    assert offenders() == []

    Submission.objects.filter(number=2).update(judged_at=make.NOON)

    assert set(offenders()) == {UNSIGNED, "receipts_form_one_chain"}
