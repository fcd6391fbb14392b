"""Feedback: gathered, cleared, looked over, released; read by the own unit as the law allows."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Message
from competitions.models import Competition
from judging import services
from judging.feedback import feedback_blocks
from judging.models import Feedback, FeedbackNote, Publication
from judging.queries.feedback import sheet_of
from judging.services import Sheet
from proposals.models import Proposal
from tests import make
from tests.clients import signed_in
from tests.finishing import finish_jobs
from tests.judging.field import City, code_of, opened, propose
from tests.judging.plenaries import confirmed, sitting, wish
from tests.judging.test_conflicts import rename
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def commented() -> tuple[City, Publication]:
    """Juri 0 writes of the other judge by name and by alias; the results are out."""
    made = opened(judges=2, entries=3)
    for number, judge in enumerate(made.judges):
        judge.full_name = ("Dr. Ratna Dewi, M.Si.", "Joko Susilo")[number]
        judge.save(update_fields=["full_name"])
    alias = made.stage.panel.get(user=made.judges[1]).alias
    for judge in made.judges:
        for number in range(3):
            sheet = made.sheet(judge, number)
            services.declare_no_conflict(sheet, by=judge, at=make.NOON)
            values = {"signifikansi": Decimal(90 - number), "kebaruan": Decimal(80 - number)}
            comments = {"kebaruan": f"Seperti kata Joko ({alias}), baru."} if number == 0 else {}
            services.submit_scorecard(
                sheet,
                sheet=Sheet(values=values, comments=comments),
                version=sheet.version,
                by=judge,
                at=make.NOON,
            )
    services.close_stage(made.stage, by=made.chair, at=make.NOON)
    publication = services.release_publication(propose(made), by=made.chair, at=make.NOON)
    return made, publication


def first_proposal(made: City) -> Proposal:
    found: Proposal = made.competition.proposals.get(unit=made.agencies[0])
    return found


def test_feedback_waits_for_the_chairs_eye_and_then_reaches_the_own_unit_alone() -> None:
    made, publication = commented()
    author, rival = make.user(), make.user()
    make.membership(author, made.agencies[0])
    make.membership(rival, made.agencies[1])
    proposal = first_proposal(made)
    own = reverse("judging:feedback", args=[proposal.pk])
    paper = reverse("judging:feedback-pdf", args=[proposal.pk])
    where = [made.competition.slug, publication.number]
    chair, page = signed_in(made.chair), reverse("judging:feedback-review", args=where)

    before = signed_in(author).get(own)
    chair.post(reverse("judging:feedback-prepare", args=where))
    chair.post(reverse("judging:feedback-prepare", args=where))
    early = chair.post(reverse("judging:feedback-release", args=where))
    shown = chair.get(page)
    notes = list(FeedbackNote.objects.order_by("pk"))
    texts = {f"note_{notes[0].pk}": "Seperti kata juri lain, baru.", f"note_{notes[1].pk}": ""}
    chair.post(page, texts)
    still = signed_in(author).get(paper)
    released = chair.post(reverse("judging:feedback-release", args=where))
    late = chair.post(page, texts)
    after = signed_in(author).get(own)
    pdf = signed_in(author).get(paper).content
    job = chair.post(reverse("judging:feedback-make", args=where), follow=True).context["job"]
    finish_jobs()
    packed = chair.get(reverse("job-file", args=[job.pk])).getvalue()

    assert before.context["sheet"] is None
    assert (early.status_code, released.status_code, late.status_code) == (422, 302, 409)
    assert still.status_code == 404
    assert [(note.text, note.is_marked) for note in notes] == [
        ("Seperti kata [juri] ([juri]), baru.", True)
    ] * 2
    assert shown.status_code == 200
    assert after.context["sheet"].stages[0].comments == [
        ("Kebaruan", "Seperti kata juri lain, baru.")
    ]
    for secret in ("Ratna", "Joko", "Susilo"):
        assert secret not in after.content.decode()
    assert len(pikepdf.open(io.BytesIO(pdf)).pages) == 1
    assert len(zipfile.ZipFile(io.BytesIO(packed)).namelist()) == 4
    assert signed_in(rival).get(own).status_code == 404
    assert signed_in(made.chair).get(own).status_code == 403
    assert Message.objects.filter(kind="feedback_released", recipient=author).count() == 1
    assert signed_in(made.organizer).get(page).status_code == 403


@pytest.mark.parametrize(
    ("shows", "expected"),
    [
        ("none", ([], None, None, [])),
        ("band", ([], None, 1, [])),
        ("means", ([Decimal("90.00"), Decimal("80.00")], None, None, [])),
        ("all", ([Decimal("90.00"), Decimal("80.00")], 1, None, [Decimal(86)] * 2)),
    ],
)
def test_scores_are_what_the_edition_says(shows: str, expected: object) -> None:
    made, publication = commented()
    Competition.objects.update(feedback_scores=shows)
    publication = Publication.objects.get(pk=publication.pk)
    feedback = services.prepare_feedback(publication, by=made.chair, at=make.NOON)

    sheet = sheet_of(feedback, first_proposal(made))

    assert sheet is not None
    stage = sheet.stages[0]
    means = [each.mean for each in stage.criteria]
    assert (means, stage.place, stage.quarter, list(stage.totals)) == expected
    assert feedback_blocks(sheet)[0]["text"] == made.stage.name


BECAUSE = ["Moved by the plenary, because", "Kata [juri], bukti lapangan lebih kuat."]


@pytest.mark.parametrize(
    ("shows", "expected"),
    [
        ("none", [["Readings", "2"], BECAUSE]),
        (
            "band",
            [
                ["Readings", "2"],
                ["Quarter", "1 of 4, among 3 ranked"],
                ["Quarter by the law", "3 of 4"],
                BECAUSE,
            ],
        ),
        ("means", [["Readings", "2"], BECAUSE]),
        (
            "all",
            [
                ["Readings", "2"],
                ["Place", "1 of 3"],
                ["Place by the law", "3 of 3"],
                BECAUSE,
                ["Score", "84"],
                ["Totals of the judges", "84; 84"],
            ],
        ),
    ],
)
def test_author_reads_what_the_plenary_moved(shows: str, expected: object) -> None:
    made, plenary = sitting()
    rename(made.judges[1], full_name="Joko Susilo")
    wish(made, plenary, 2, 1, reason="Kata Joko, bukti lapangan lebih kuat.")
    confirmed(made, plenary)
    services.end_plenary(plenary, by=made.chair, at=make.NOON)
    services.release_publication(propose(made), by=made.chair, at=make.NOON)
    Competition.objects.update(feedback_scores=shows)
    publication = Publication.objects.get()
    feedback = services.prepare_feedback(publication, by=made.chair, at=make.NOON)

    sheet = sheet_of(feedback, made.competition.proposals.get(unit=made.agencies[2]))

    assert sheet is not None
    assert feedback_blocks(sheet)[1] == {"kind": "facts", "rows": expected}


def test_withdrawn_results_take_the_feedback_along() -> None:
    made, publication = commented()
    author = make.user()
    make.membership(author, made.agencies[0])
    feedback = services.prepare_feedback(publication, by=made.chair, at=make.NOON)
    texts = dict.fromkeys(feedback.notes.values_list("pk", flat=True), "Baik.")
    services.review_notes(feedback, texts=texts, by=made.chair, at=make.NOON)
    services.release_feedback(feedback, by=made.chair, at=make.NOON)
    url = reverse("judging:feedback", args=[first_proposal(made).pk])
    page = reverse("proposals:proposal-page", args=[first_proposal(made).pk])
    assert signed_in(author).get(url).context["sheet"] is not None
    assert url in signed_in(author).get(page).content.decode()
    assert url not in signed_in(made.chair).get(page).content.decode()

    services.withdraw_publication(publication, reason="Salah", by=made.chair, at=make.NOON)

    assert signed_in(author).get(url).context["sheet"] is None
    assert url not in signed_in(author).get(page).content.decode()
    with pytest.raises(ValidationError) as error:
        services.release_feedback(feedback, by=made.chair, at=make.NOON)
    assert code_of(error) == "not_now"
    assert Feedback.objects.count() == 1
