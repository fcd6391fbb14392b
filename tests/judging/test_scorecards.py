"""The scorecards of an entry for the committee: whole, with their history, only after the close."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from competitions.models import CommitteeSeat
from judging import services
from judging.services import Sheet
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, at, marks, opened
from tests.judging.test_matrix_pages import on_paper, sheet

pytestmark = pytest.mark.django_db

REASON = "Salah membaca lampiran"


def scored() -> City:
    """The first judge scores agency 0 twice; the second hands in nothing, the third steps back."""
    made = opened(judges=3, entries=2)
    first, second, third = made.judges
    revised = made.score(first, 0, "80", "70")
    services.revise_scorecard(revised, reason=REASON, by=first, at=make.NOON)
    given = Sheet(
        values=marks("90", "71").values,
        comments={"kebaruan": "Baru di Jawa Timur"},
        comment="Layak ditiru",
    )
    services.submit_scorecard(revised, sheet=given, version=revised.version, by=first, at=make.NOON)
    begun = made.sheet(second, 0)
    services.declare_no_conflict(begun, by=second, at=make.NOON)
    secret = Sheet(values={"kebaruan": Decimal(13)}, comment="Belum selesai")
    services.save_scorecard(begun, sheet=secret, version=begun.version, by=second, at=make.NOON)
    services.declare_conflict(made.sheet(third, 0), reason="Kerabat", by=third, at=make.NOON)
    return made


def close(made: City, *, missing: int) -> None:
    services.close_stage(made.stage, missing_accepted=missing, by=made.chair, at=make.NOON)


def page_of(made: City, *, role: str = "chair") -> Any:
    person = made.chair
    if role != "chair":
        person = make.user()
        make.seat(person, made.competition, role)
    entry = made.stage.entries.get(proposal__unit=made.agencies[0])
    return signed_in(person).get(at(made, "scorecards", entry.pk))


@pytest.mark.parametrize("role", CommitteeSeat.Role.values)
def test_scorecard_is_read_with_values_comments_and_history_after_the_close(role: str) -> None:
    made = scored()
    close(made, missing=5)

    page = page_of(made, role=role)

    first, second, third = page.context["cards"]
    assert [(card.judge, card.total_text) for card in (first, second, third)] == [
        ("Juri 0", "82,4"),
        ("Juri 1", ""),
        ("Juri 2", ""),
    ]
    assert [(row.label, row.value, row.comment) for row in first.rows] == [
        ("Signifikansi", "90", ""),
        ("Kebaruan", "71", "Baru di Jawa Timur"),
    ]
    assert first.comment == "Layak ditiru"
    assert [(line.text, line.by, line.note) for line in first.history] == [
        ("Scorecard submitted", "Juri 0", ""),
        ("Scorecard taken back to change it", "Juri 0", REASON),
        ("Scorecard submitted", "Juri 0", ""),
        ("Declared free of conflict", "Juri 0", ""),
    ]
    assert [(line.text, line.note) for line in third.history] == [
        ("Stepped back for a conflict of interest", "Kerabat")
    ]
    assert (second.rows, second.comment, third.rows) == ([], "", [])
    assert b"Belum selesai" not in page.content  # what was never handed in stays the judge's


def test_no_scorecard_is_read_before_the_close_or_after_a_reopening() -> None:
    made = scored()

    before = page_of(made).status_code
    close(made, missing=5)
    between = page_of(made).status_code
    services.reopen_stage(made.stage, reason="Salah baca", by=made.chair, at=make.NOON)

    assert (before, between, page_of(made).status_code) == (403, 200, 403)


def test_scorecards_of_another_stage_are_not_there() -> None:
    made, other = scored(), opened(entries=1, name="Kota Kediri")
    close(made, missing=5)
    foreign = other.stage.entries.get()

    assert signed_in(made.chair).get(at(made, "scorecards", foreign.pk)).status_code == 404


def test_disagreement_and_ranking_lead_to_the_scorecards() -> None:
    made = opened(judges=2, entries=1)
    for judge, value in zip(made.judges, ("90", "60"), strict=True):
        made.score(judge, 0, value, value)
    close(made, missing=0)
    client, entry = signed_in(made.organizer), made.stage.entries.get()

    pages = [client.get(at(made, name)).content.decode() for name in ("control-room", "results")]

    assert [f'href="{at(made, "scorecards", entry.pk)}"' in page for page in pages] == [True, True]


def test_corrected_total_from_paper_says_what_it_was() -> None:
    made = on_paper(entries=1)
    for mark, reason in (("80", ""), ("82", "Salah ketik")):
        services.enter_matrix_file(
            sheet(made, (mark, mark)),
            name="matriks.csv",
            reason=reason,
            stage=made.stage,
            by=made.organizer,
            at=make.NOON,
        )
    close(made, missing=0)

    first, _second = page_of(made).context["cards"]

    assert (first.total_text, [row.value for row in first.rows]) == ("82", ["82"])
    assert [(line.text, line.note) for line in first.history] == [
        ("Total from paper corrected: 80 became 82", "Salah ketik")
    ]
