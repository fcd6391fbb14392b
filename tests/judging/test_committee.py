from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import Message
from competitions.models import CommitteeSeat
from competitions.reminders import Obligation
from judging import services
from judging.models import Assignment, Ranking, Score, Standing
from judging.queries import judges_with_open_sheets
from judging.queries.results import results_of
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, at, city, closed, find_offenders, opened, published

pytestmark = pytest.mark.django_db


def test_organiser_sees_counts_but_no_total_before_the_close() -> None:
    made = opened(judges=2, entries=2)
    made.score(made.judges[0], 0, "83", "61")  # 74.2
    client = signed_in(made.chair)
    shown = [client.get(at(made, name)) for name in ("stage", "entry-list", "stage-close")]

    for page in shown:
        text = page.content.decode()
        assert page.status_code == 200
        assert not [leak for leak in ("74,2", "74.2", "83,00", "61,00") if leak in text]
    assert [client.get(at(made, name)).status_code for name in ("results", "results-csv")] == [
        403,
        403,
    ]
    assert results_of(made.stage) is None
    assert [row["done_count"] for row in shown[0].context["judges"]] == [1, 0]


def test_totals_hide_again_when_the_stage_is_reopened() -> None:
    made, _ranking = closed()
    client = signed_in(made.chair)
    assert client.get(at(made, "results")).status_code == 200

    stage = services.reopen_stage(made.stage, reason="Keberatan", by=made.chair, at=make.NOON)

    assert client.get(at(made, "results")).status_code == 403
    assert client.get(at(made, "results-xlsx")).status_code == 403
    assert results_of(stage) is None


def test_two_databases_that_differ_in_one_score_look_alike_before_the_close() -> None:
    """Non-interference: whatever a judge typed, the committee's pages are the same bytes."""
    made = opened(judges=2, entries=2)
    judge = made.judges[0]
    made.score(judge, 0, "83", "61")
    client = signed_in(made.organizer)
    names = ("stage", "entry-list")
    before = [client.get(at(made, name)).content for name in names]

    Score.objects.filter(criterion__key="kebaruan").update(value=12)
    Assignment.objects.filter(status="submitted").update(total="54.6")

    after = [client.get(at(made, name)).content for name in names]
    assert [_without_tokens(page) for page in before] == [_without_tokens(page) for page in after]


def _without_tokens(page: bytes) -> list[bytes]:
    return [
        line
        for line in page.splitlines()
        if b"csrfmiddlewaretoken" not in line and b"server-time" not in line
    ]


@pytest.mark.parametrize("name", ["stage", "entry-list", "stage-setup", "stage-open"])
def test_committee_pages_do_not_exist_for_others(name: str) -> None:
    made = city()
    outsiders = [made.judges[0], make.user(is_staff=True, is_superuser=True), make.user()]
    make.seat(outsiders[2], make.competition(), CommitteeSeat.Role.CHAIR)

    assert [signed_in(each).get(at(made, name)).status_code for each in outsiders] == [404] * 3
    assert Client().get(at(made, name)).status_code == 302
    assert signed_in(made.chair).get(at(made, name)).status_code == 200


def test_auditor_looks_but_does_not_touch() -> None:
    made, _ranking = closed()
    auditor = make.user()
    make.seat(auditor, made.competition, CommitteeSeat.Role.AUDITOR)
    client = signed_in(auditor)

    assert client.get(at(made, "results")).status_code == 200
    assert client.post(at(made, "stage-reopen"), {"reason": "x"}).status_code == 403
    assert client.get(at(made, "publication-propose")).status_code == 403


def law_form(made: City, **changes: str) -> dict[str, str]:
    stage = made.stage
    form = {
        "version": str(stage.version),
        "name": stage.name,
        "kind": stage.kind,
        "scored_on": stage.scored_on,
        "correction": stage.correction,
        "scale_min": "0",
        "scale_max": "100",
        "scale_step": "1",
        "method": "mean",
        "method_parameter": "",
        "rounding_step": "0.01",
        "min_readings": "1",
        "readings": "",
        "rank_style": "standard",
        "tie_margin": "0",
        "tie_break": "criterion:signifikansi,median",
        "at_line": "keep",
        "advance_count": "2",
        "stage_weights": "",
        "kriteria-TOTAL_FORMS": "2",
        "kriteria-INITIAL_FORMS": "2",
        "kriteria-0-key": "signifikansi",
        "kriteria-0-label": "Signifikansi",
        "kriteria-0-weight": "70",
        "kriteria-0-levels": "25 = Kurang\n100 = Istimewa",
        "kriteria-1-key": "kebaruan",
        "kriteria-1-label": "Kebaruan",
        "kriteria-1-weight": "30",
    }
    return {**form, **changes}


def test_setup_saves_law_and_rubric() -> None:
    made = city()
    client = signed_in(made.chair)

    shown = client.get(at(made, "stage-setup"))
    saved = client.post(at(made, "stage-setup"), law_form(made))

    assert shown.status_code == 200
    assert saved.headers["Location"] == at(made, "stage")
    made.stage.refresh_from_db()
    assert made.stage.tie_break == ["criterion:signifikansi", "median"]
    assert list(made.stage.criteria.values_list("key", "weight", "levels")) == [
        (
            "signifikansi",
            Decimal(70),
            [{"value": "25", "label": "Kurang"}, {"value": "100", "label": "Istimewa"}],
        ),
        ("kebaruan", Decimal(30), []),
    ]
    stale = client.post(at(made, "stage-setup"), law_form(made, version="1", name="Nama saya"))
    assert stale.status_code == 409
    assert "Nama saya" in stale.content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"scale_max": "-1"},
        {"scale_step": "0"},
        {"advance_count": "0"},
        {"name": "x" * 161},
        {"stage_weights": "desk: 30"},
        {"stage_weights": "desk = NaN"},
        {"stage_weights": "desk = 1e400"},
        {"stage_weights": "desk = 1e999999999"},
        {"stage_weights": "desk = 1_0"},
        {"kriteria-0-weight": "1e400"},
        {"kriteria-0-key": "../etc"},
        {"kriteria-1-key": "signifikansi"},
        {"kriteria-0-levels": "tinggi = 5"},
        {"kriteria-0-levels": "1e999999999 = tinggi"},
    ],
)
def test_setup_refuses_nonsense_and_keeps_what_was_typed(changes: dict[str, str]) -> None:
    made = city()

    page = signed_in(made.chair).post(
        at(made, "stage-setup"), law_form(made, **{"name": "Nama saya", **changes})
    )

    assert page.status_code == 422
    made.stage.refresh_from_db()
    assert made.stage.name == "Desk"
    assert list(made.stage.criteria.values_list("weight", flat=True)) == [60, 40]


def test_opening_previews_and_then_opens() -> None:
    made = city()
    make.membership(made.judges[0], made.agencies[0])
    client = signed_in(made.chair)

    preview = client.get(at(made, "stage-open"))
    opening = client.post(at(made, "stage-open"))

    loads = [load.entry_count for load in preview.context["opening"].loads]
    assert sorted(loads) == [2, 3]
    assert opening.headers["Location"] == at(made, "stage")
    assert client.post(at(made, "stage-open")).status_code == 403


def test_opening_says_what_is_missing() -> None:
    made = city()
    made.stage.criteria.filter(key="kebaruan").delete()
    client = signed_in(made.chair)

    preview = client.get(at(made, "stage-open"))
    refused = client.post(at(made, "stage-open"))

    assert len(preview.context["problems"]) == 1
    assert refused.status_code == 422


def test_reminding_a_judge_tells_by_mail() -> None:
    made = opened(judges=1)
    client = signed_in(made.organizer)
    seat = made.stage.panel.get()

    client.post(at(made, "panelist-remind", seat.pk))

    assert Message.objects.filter(kind="judging_sheets_open").count() == 1
    assert client.post(at(made, "panelist-remind", seat.pk + 999)).status_code == 404


def test_closing_asks_for_the_number_that_was_shown() -> None:
    made = opened(judges=1, entries=2)
    client = signed_in(made.chair)
    form = {"missing": "2", "confirm": "on"}

    shown = client.get(at(made, "stage-close"))
    unconfirmed = client.post(at(made, "stage-close"), {"missing": "2"})
    fewer = client.post(at(made, "stage-close"), {**form, "missing": "1"})
    done = client.post(at(made, "stage-close"), form)
    twice = client.post(at(made, "stage-close"), form)

    assert shown.context["missing"] == 2
    assert (unconfirmed.status_code, fewer.status_code) == (422, 409)
    assert done.headers["Location"] == at(made, "results")
    assert twice.status_code == 403
    assert Ranking.objects.count() == 1


def test_reminder_rows_name_judges_with_open_sheets() -> None:
    made = opened(judges=2, entries=2)
    done, late = made.judges
    for number in range(2):
        made.score(done, number, "1", "1")
    made.score(late, 0, "1", "1")

    round_ = made.stage.round
    rows = judges_with_open_sheets(round_)

    assert rows == [Obligation(late, None, make.NOON, 1)]
    assert judges_with_open_sheets(round_, among=[late]) == rows
    assert judges_with_open_sheets(round_, among=[done]) == []
    services.close_stage(made.stage, missing_accepted=1, by=made.chair, at=make.NOON)
    assert judges_with_open_sheets(round_) == []


def test_invariants_hold_after_a_whole_year_and_name_offenders() -> None:
    _made, publication = published()
    assert find_offenders() == []

    sheet = Assignment.objects.filter(status="submitted").first()
    assert sheet is not None
    Score.objects.filter(assignment=sheet, criterion__key="kebaruan").update(value="55.5")
    Standing.objects.filter(place=1).update(score="99")
    publication.ranking.stage.__class__.objects.update(status="closed")

    offenders = find_offenders()
    assert len(offenders) == 4
    assert offenders[0].startswith(f"Scorecard {sheet.pk} says")
    assert offenders[1].endswith("which is not on the scale of its stage.")
    assert offenders[2].endswith("says something else than its inputs.")
    assert offenders[3].endswith("is released while its stage is not locked.")


def test_reopening_needs_a_reason() -> None:
    made, _ranking = closed()
    client = signed_in(made.chair)

    shown = client.get(at(made, "stage-reopen"))
    empty = client.post(at(made, "stage-reopen"), {"reason": ""})
    done = client.post(at(made, "stage-reopen"), {"reason": "Keberatan diterima"})

    assert (shown.status_code, empty.status_code) == (200, 422)
    assert done.headers["Location"] == at(made, "stage")
    made.stage.refresh_from_db()
    assert made.stage.status == "open"
