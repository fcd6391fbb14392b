from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import timezone

from accounts.models import Deputy, Membership
from competitions.models import EligibilityRule
from competitions.reminders import Obligation
from proposals import services
from proposals.models import EarlierAward, Proposal, Submission
from proposals.queries.board import Chosen, board_of, board_rows, first_rows, funnel_of
from proposals.queries.desk import next_in_queue, screening_queue, waiting_count
from proposals.queries.endorsing import QueueRow
from proposals.queries.people import endorsers_with_queue, unfinished_authors
from proposals.queries.preflight import problems_of
from proposals.queries.progress import section_lines
from tests import make
from tests.proposals.scene import Scene

HELD = make.NOON - make.DAY


def author_row(scene: Scene, *, since: datetime, count: int) -> Obligation:
    return Obligation(scene.author, scene.clinic.path, since, count)


def test_author_owes_a_start_then_a_sending_then_nothing(scene: Scene) -> None:
    round_ = scene.submission
    assert unfinished_authors(round_) == [author_row(scene, since=round_.starts_at, count=1)]

    proposal = scene.draft(held_since=HELD)
    scene.draft()
    assert unfinished_authors(round_) == [author_row(scene, since=HELD, count=2)]

    Proposal.objects.exclude(pk=proposal.pk).update(status="withdrawn")
    services.send_for_endorsement(proposal, by=scene.author, at=make.NOON)
    assert unfinished_authors(round_) == []
    assert unfinished_authors(round_, among=[scene.author]) == []


def test_only_the_one_who_is_asked_about(scene: Scene) -> None:
    neighbour = make.user()
    make.membership(neighbour, scene.agency)
    scene.draft()

    found = unfinished_authors(scene.submission, among=[neighbour])

    assert [owed.recipient for owed in found] == [neighbour]


def test_who_left_or_stands_elsewhere_owes_nothing(scene: Scene) -> None:
    Membership.objects.filter(user=scene.author).update(ended_at=make.NOON)
    make.membership(make.user(), make.unit(level="government"))
    make.membership(make.user(), scene.city)

    assert unfinished_authors(scene.submission) == []


def test_endorser_owes_what_lies_on_the_desk(scene: Scene) -> None:
    assert endorsers_with_queue(scene.endorsement) == []

    scene.sent(at=HELD)
    scene.sent()

    assert endorsers_with_queue(scene.endorsement) == [
        Obligation(scene.endorser, scene.agency.path, HELD, 2)
    ]


def test_deputy_owes_what_lies_on_the_desk_while_standing_in(scene: Scene) -> None:
    scene.sent(at=HELD)
    deputy, now = make.user(), timezone.now()
    make.membership(deputy, scene.agency)
    period = {"starts_at": now - make.DAY, "ends_at": now + make.DAY}
    stand_in = Deputy.objects.create(
        unit=scene.agency, user=deputy, named_by=scene.endorser, named_at=now, **period
    )

    assert {owed.recipient for owed in endorsers_with_queue(scene.endorsement)} == {
        scene.endorser,
        deputy,
    }
    make.membership(deputy, scene.agency, Membership.Role.ENDORSER)
    owed = endorsers_with_queue(scene.endorsement, among=[deputy])
    assert owed == [Obligation(deputy, scene.agency.path, HELD, 1)]
    Membership.objects.filter(user=deputy, role=Membership.Role.ENDORSER).delete()
    Deputy.objects.filter(pk=stand_in.pk).update(revoked_at=now)
    assert endorsers_with_queue(scene.endorsement, among=[deputy]) == []


def test_screen_counter_and_mail_agree_on_unfinished(scene: Scene) -> None:
    scene.draft()
    scene.sent()
    scene.submitted()

    funnel = funnel_of(scene.competition)

    mailed = sum(owed.count for owed in unfinished_authors(scene.submission))
    assert (funnel.unfinished, funnel.awaiting, funnel.submitted) == (mailed, 1, 1)
    assert board_of(scene.competition, chosen={"holder": "author"}).count() == mailed


def test_board_hides_what_was_not_received(scene: Scene) -> None:
    scene.draft("Rahasia Draf")
    scene.submitted("Terang")

    rows = board_rows(board_of(scene.competition, chosen={}), at=make.NOON)

    assert sorted(row.title for row in rows) == ["", "Terang"]
    assert {row.percent for row in rows} == {100}


def test_first_page_of_the_board_is_that_of_any_other(scene: Scene) -> None:
    scene.draft("Rahasia Draf")
    scene.submitted("Terang")
    everything = board_of(scene.competition, chosen={})

    assert first_rows(scene.competition, at=make.NOON) == board_rows(everything, at=make.NOON)
    assert funnel_of(scene.competition).all == everything.count()


def frozen_file(kind: str, *, thumbnail: str, is_statement: bool = False) -> dict[str, object]:
    return {"media_type": kind, "thumbnail_sha256": thumbnail, "is_statement": is_statement}


def test_database_keeps_what_lists_show_of_the_frozen_copy(scene: Scene) -> None:
    sent = scene.submitted("Air Bersih")
    header, [section, *_others] = sent.content["header"], sent.content["sections"]
    files = [
        frozen_file("image/png", thumbnail="a letter", is_statement=True),
        frozen_file("application/pdf", thumbnail=""),
        frozen_file("image/jpeg", thumbnail="the photo"),
        frozen_file("image/jpeg", thumbnail="another"),
    ]
    long = {**section, "text": "kata " * 400}
    Submission.objects.filter(pk=sent.pk).update(
        content={**sent.content, "files": files, "sections": [long]}
    )

    sent.refresh_from_db()

    assert (sent.title, sent.unit_name) == (header["title"], header["unit"]["name"])
    assert sent.opening == long["text"][:600]
    assert sent.thumbnail == "the photo"


def test_search_does_not_tell_what_the_list_hides(scene: Scene) -> None:
    scene.draft("Rahasia Draf")
    scene.submitted("Terang")

    def found(text: str) -> int:
        return board_of(scene.competition, chosen={"text": text}).count()

    assert [found("Rahasia"), found("terang"), found("janti"), found("KIPP-2020-0001")] == [
        0,
        1,
        2,
        1,
    ]


def test_board_knows_a_completion_by_its_frozen_title(scene: Scene) -> None:
    submission = scene.submitted("Judul Beku")
    proposal = submission.proposal
    services.screen_submission(
        submission,
        verdict="completion",
        reasons=["incomplete"],
        note="",
        due_at=make.NOON + make.DAY,
        unlocked=["header:title"],
        by=scene.organizer,
        at=make.NOON,
    )
    Proposal.objects.filter(pk=proposal.pk).update(title="Judul Cair")

    rows = board_rows(board_of(scene.competition, chosen={}), at=make.NOON)
    found = [
        board_of(scene.competition, chosen={"text": text}).count() for text in ("Beku", "Cair")
    ]

    assert [(row.status, row.title) for row in rows] == [("completion", "Judul Beku")]
    assert found == [1, 0]


def test_board_filters(scene: Scene) -> None:
    scene.draft()
    scene.sent()
    other = make.unit(parent=scene.city)
    make.proposal(other, scene.track)
    wanted: list[Chosen] = [
        {"status": "draft"},
        {"holder": "endorser"},
        {"agency": other.pk},
        {"status": "draft", "agency": scene.agency.pk},
        {"status": "", "holder": "", "agency": None, "text": ""},
    ]

    assert [board_of(scene.competition, chosen=chosen).count() for chosen in wanted] == [
        2,
        1,
        1,
        1,
        3,
    ]


def test_draft_counts_its_completeness(scene: Scene) -> None:
    make.slot(scene.track, "surat", is_required=True)
    proposal = make.proposal(scene.clinic, scene.track)
    make.answer(proposal, scene.summary)

    [row] = board_rows(board_of(scene.competition, chosen={}), at=make.NOON + 3 * make.DAY)

    assert (row.percent, row.days_held, row.is_chaseable) == (33, 3, True)


def test_next_in_queue_goes_round(scene: Scene) -> None:
    first, second, third = (
        scene.submitted(at=make.NOON + number * make.DAY) for number in range(3)
    )
    scene.sent()

    waiting = [row["proposal_id"] for row in screening_queue(scene.competition)]
    assert waiting == [each.proposal_id for each in (first, second, third)]
    assert waiting_count(scene.competition.pk) == 3
    assert next_in_queue(second) == third.proposal_id
    assert next_in_queue(third) == first.proposal_id


def test_rules_read_the_register_and_the_neighbours(scene: Scene) -> None:
    kinds = EligibilityRule.Kind
    make.rule(scene.track, kinds.NO_EARLIER_TIER, tiers=["Top 45"])
    make.rule(scene.track, kinds.QUOTA, limit=1)
    make.rule(scene.track, kinds.UNIQUE_TITLE)
    make.rule(scene.track, kinds.MIN_AGE, limit=12)
    scene.competition.categories.create(key="kes", name="Kesehatan")
    earlier = scene.draft("BREXIT", started_on=make.NOON.date())
    neighbour = make.proposal(make.unit("Dinas Lain", parent=scene.city), scene.track, "brexit")
    Proposal.objects.filter(pk=neighbour.pk).update(
        endorsing_unit=scene.agency, status="submitted", submitted_at=make.NOON
    )
    EarlierAward.objects.create(
        innovation=earlier.innovation, contest="KIPP", level="nasional", year=2019, tier="top 45"
    )

    assert [finding.code for finding in problems_of(earlier)] == [
        "category_missing",
        "earlier_winner",
        "over_quota",
        "duplicate_title",
        "too_young",
    ]


def test_note_is_open_until_the_section_changes(scene: Scene) -> None:
    proposal = scene.sent()
    services.return_proposal(
        proposal,
        note="",
        section_notes={"ringkasan": "Perbaiki"},
        by=scene.endorser,
        at=make.NOON,
    )
    states = [line.state.value for line in section_lines(proposal)]
    services.save_answer(
        proposal,
        section=scene.summary,
        text="satu dua tiga empat",
        version=1,
        by=scene.author,
        at=make.NOON + make.DAY,
    )

    assert states == ["problem", "complete"]
    assert [line.state.value for line in section_lines(proposal)] == ["complete", "complete"]
    assert section_lines(proposal)[0].note == "Perbaiki"


@pytest.mark.parametrize(
    ("hours", "days"), [(None, None), (-1, None), (71, None), (72, 3), (208, 8)]
)
def test_time_left_is_told_in_days_until_the_last_three(
    scene: Scene, hours: int | None, days: int | None
) -> None:
    row = QueueRow(scene.draft(), ends_at=None, hours_left=hours)

    assert row.days_left == days
