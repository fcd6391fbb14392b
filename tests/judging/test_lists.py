"""Every list of judging asks the database as often for thirty rows as for one."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from judging import services
from judging.models import Stage
from judging.panels import PanelKind
from judging.services import Objector, Sheet
from kipp.lib.files import store_file
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, at, city, closed, marks, opened
from tests.judging.plenaries import wish
from tests.judging.test_drafts import drafted
from tests.judging.test_objections import contested, objected
from tests.judging.timetables import hours, released

pytestmark = pytest.mark.django_db

AT_MOST = 12


def query_count(client: Client, url: str) -> int:
    """Statements of the second visit; the first one fills the caches of the process."""
    look(client, url)
    with CaptureQueriesContext(connection) as captured:
        look(client, url)
    return len(captured)


def look(client: Client, url: str) -> None:
    page = client.get(url)
    assert page.status_code == 200
    if page.streaming:
        page.getvalue()  # closes the file


def costs(client: Client, urls: dict[str, str]) -> dict[str, int]:
    return {name: query_count(client, url) for name, url in urls.items()}


def assert_constant(many: dict[str, int], few: dict[str, int]) -> None:
    """The many come first: their scene is the dear one, and kept for the next test."""
    assert many == few
    assert {name: count for name, count in many.items() if count > AT_MOST} == {}


def desk_costs(*, entries: int) -> dict[str, int]:
    made = opened(judges=1, entries=entries, name=f"Kota {entries}")
    urls = {
        "desk": reverse("judging:desk"),
        "queue": reverse("judging:queue", args=[made.stage.pk]),
        "own-scores": reverse("judging:own-scores", args=[made.stage.pk]),
    }
    watched = {name: at(made, name) for name in ("forecast", "readings-fill")}
    return costs(signed_in(made.judges[0]), urls) | costs(signed_in(made.chair), watched)


def test_queue_of_a_judge_costs_the_same_at_any_length() -> None:
    assert_constant(desk_costs(entries=30), desk_costs(entries=1))


def test_desk_costs_the_same_for_one_stage_and_for_thirty() -> None:
    judge = make.user()
    client = signed_in(judge)

    counts = []
    for more in (1, 29):
        for _number in range(more):
            read = make.stage(make.competition(), status="open")
            make.panelist(read, judge)
        counts.append(query_count(client, reverse("judging:desk")))

    assert counts[0] == counts[1] <= AT_MOST


def publish(made: City, *, number: int) -> None:
    """One more version: proposed and released; it stands until the next one is wanted."""
    publication = services.propose_publication(
        made.stage,
        decree_number=f"188.45/{number}/2026",
        decree_on=date(2026, 3, 2),
        by=made.organizer,
        at=make.NOON,
    )
    services.release_publication(publication, by=made.chair, at=make.NOON)


def withdraw(made: City) -> None:
    publication = made.competition.publications.get(status="released")
    services.withdraw_publication(publication, reason="Salah SK", by=made.chair, at=make.NOON)


def committee_costs(*, entries: int) -> dict[str, int]:
    made, _ranking = closed(judges=2, entries=entries, name=f"Kota {entries}")
    publish(made, number=1)
    slug = made.competition.slug
    urls = {
        "stages": reverse("judging:stage-list", args=[slug]),
        "publications": reverse("judging:publication-list", args=[slug]),
        "stage": at(made, "stage"),
        "entries": at(made, "entry-list"),
        "results": at(made, "results"),
        "minutes": at(made, "minutes"),
        "control-room": at(made, "control-room"),
        "publication": reverse("judging:publication", args=[slug, 1]),
    }
    pages = ("public-results", "public-proof")
    public = {page: reverse(f"judging:{page}", args=[slug]) for page in pages}
    return costs(signed_in(made.chair), urls) | costs(Client(), public)


def test_pages_of_the_committee_and_the_public_cost_the_same_for_any_number_of_entries() -> None:
    assert_constant(committee_costs(entries=30), committee_costs(entries=1))


def scorecards_cost(*, judges: int) -> int:
    made, _ranking = closed(judges=judges, entries=1, name=f"Kota {judges}")
    address = at(made, "scorecards", made.stage.entries.get().pk)
    return query_count(signed_in(made.chair), address)


def test_scorecards_of_an_entry_cost_the_same_for_any_number_of_judges() -> None:
    assert scorecards_cost(judges=30) == scorecards_cost(judges=1) <= AT_MOST


def plenary_costs(*, entries: int) -> dict[str, int]:
    """Of the agenda in session, one entry called, one to be moved: for the chair and a judge."""
    made, _ranking = closed(judges=1, entries=entries, name=f"Kota {entries}")
    plenary = services.convene_plenary(made.stage, by=made.chair, at=make.NOON)
    services.call_item(plenary, position=1, by=made.chair, at=make.NOON)
    wish(made, plenary, 1, 1)
    seat = {"seat": reverse("judging:plenary-seat", args=[made.stage.pk])}
    own = costs(signed_in(made.judges[0]), seat)
    return own | costs(signed_in(made.chair), {"plenary": at(made, "plenary")})


def test_plenary_costs_the_same_for_any_number_of_entries() -> None:
    assert_constant(plenary_costs(entries=30), plenary_costs(entries=2))


def panel_costs(*, judges: int) -> dict[str, int]:
    made, _ranking = closed(judges=judges, entries=1, name=f"Kota {judges}")
    names = ("stage", "results")
    return costs(signed_in(made.chair), {name: at(made, name) for name in names})


def test_panel_costs_the_same_for_one_judge_and_for_thirty() -> None:
    assert_constant(panel_costs(judges=30), panel_costs(judges=1))


def test_stages_cost_the_same_for_one_and_for_thirty() -> None:
    made = opened(judges=1, entries=1)
    client, url = signed_in(made.chair), reverse("judging:stage-list", args=[made.competition.slug])

    one = query_count(client, url)
    for number in range(29):
        make.panelist(make.stage(made.competition, f"tahap-{number}"))

    assert query_count(client, url) == one <= AT_MOST


def test_versions_cost_the_same_for_one_and_for_thirty() -> None:
    made, _ranking = closed(judges=1, entries=1)
    client = signed_in(made.chair)
    url = reverse("judging:publication-list", args=[made.competition.slug])

    publish(made, number=1)
    one = query_count(client, url)
    for number in range(2, 31):
        withdraw(made)
        made.stage.refresh_from_db()
        publish(made, number=number)

    page = client.get(url)
    assert [row.number for row in page.context["page"]] == list(range(30, 5, -1))
    assert query_count(client, url) == one <= AT_MOST


def planning_costs(*, entries: int) -> dict[str, int]:
    """Of a draft with its readings, and of the pairs kept apart: a judge of the host's own."""
    made = city(judges=2, entries=entries, name=f"Kota {entries}")
    for agency in made.agencies:
        make.membership(made.judges[0], agency)
    make.panelist(made.stage)
    for seed in (5, 6):
        drafted(made, readings={"desk": 1}, seed=seed)
    receipt = made.competition.proposals.earliest("pk").submissions.get().receipt
    urls = {
        "drafts": at(made, "draft-list"),
        "draft": at(made, "draft", 1),
        "compared": f"{at(made, 'draft-compare', 1)}?dengan=2",
        "move": at(made, "draft-move", 1, receipt),
        "release": at(made, "draft-release", 1),
        "conflicts": at(made, "conflict-list"),
    }
    return costs(signed_in(made.organizer), urls)


def test_plans_of_the_readings_cost_the_same_for_any_number_of_entries() -> None:
    assert_constant(planning_costs(entries=30), planning_costs(entries=1))


def timetable_costs(*, entries: int) -> dict[str, int]:
    made = opened(judges=1, entries=entries, name=f"Kota {entries}", kind="presentation")
    released(made, days=[hours(6, 22)])
    pages = ("timetable", "timetable-swap", "timetable-paper")
    own = costs(signed_in(made.chair), {page: at(made, page) for page in pages})
    return own | costs(Client(), {"board": at(made, "board")})


def test_timetable_costs_the_same_for_one_team_and_for_thirty() -> None:
    assert_constant(timetable_costs(entries=30), timetable_costs(entries=1))


def visit_costs(*, entries: int) -> dict[str, int]:
    made = city(judges=1, entries=entries, name=f"Kota {entries}", kind=Stage.Kind.FIELD)
    made.stage.panel.update(kind=PanelKind.FIELD)
    client = signed_in(made.chair)
    asked = costs(client, {"checklist": at(made, "checklist")})
    services.open_stage(made.stage, by=made.chair, at=make.NOON, seed=7)
    return asked | costs(client, {"visits": at(made, "visit-list")})


def test_visits_cost_the_same_for_one_entry_and_for_thirty() -> None:
    assert_constant(visit_costs(entries=30), visit_costs(entries=1))


def frozen_costs(*, entries: int) -> dict[str, int]:
    """Of a first close what else it could say and whom to read again; of a second what it moved."""
    rule = {"second_look_readings": 1, "second_look_gap": "10"}
    made = opened(judges=2, entries=entries, name=f"Kota {entries}", **rule)
    for judge, value in zip(made.judges, (90, 50), strict=True):
        for number in range(entries):
            made.score(judge, number, str(value - number), str(value - number))
    first = services.close_stage(made.stage, by=made.chair, at=make.NOON)
    services.compute_robustness(first, tell=lambda _done, /, *, total: None, at=make.NOON)  # noqa: ARG005
    client = signed_in(made.chair)
    found = costs(client, {name: at(made, name) for name in ("robustness", "second-look")})
    stage = first.stage
    services.reopen_stage(stage, reason="Salah baca", by=made.chair, at=make.NOON)
    for judge in made.judges:
        sheet = made.sheet(judge, entries - 1)
        services.revise_scorecard(sheet, reason="Salah baca", by=judge, at=make.NOON)
        services.submit_scorecard(
            sheet, sheet=marks("100", "100"), version=sheet.version, by=judge, at=make.NOON
        )
    services.close_stage(stage, by=made.chair, at=make.NOON)
    return found | costs(client, {"difference": at(made, "ranking-difference", 2)})


def test_what_a_close_says_more_costs_the_same_for_two_entries_and_for_thirty() -> None:
    assert_constant(frozen_costs(entries=2), frozen_costs(entries=30))


def reported_costs(*, photos: int) -> dict[str, int]:
    """Of the sheet of a later judge, and of one of the photos that it shows."""
    made = opened(judges=1, entries=1, name=f"Kota {photos}")
    sheet = made.sheet(made.judges[0], 0)
    services.declare_no_conflict(sheet, by=made.judges[0], at=make.NOON)
    seen = store_file(io.BytesIO(b"foto")).sha256
    photo = {"name": "a.jpg", "caption": "", "media_type": "image/jpeg", "sha256": seen}
    report = {"stage": "lapangan", "name": "Lapangan", "order": -1, "visited_on": "", "summary": ""}
    shown = [{**photo, "thumbnail_sha256": seen}] * photos
    sheet.entry.submission.field_reports = [{**report, "team": [], "answers": [], "photos": shown}]
    sheet.entry.submission.save(update_fields=["field_reports"])
    urls = {
        "sheet": reverse("judging:sheet", args=[sheet.pk]),
        "photo": reverse("judging:reported-photo", args=[sheet.pk, seen]),
    }
    return costs(signed_in(made.judges[0]), urls)


def test_reported_photos_cost_the_same_for_one_and_for_thirty() -> None:
    assert_constant(reported_costs(photos=1), reported_costs(photos=30))


def feedback_costs(*, entries: int) -> int:
    """Each entry has a comment that nobody has looked over."""
    made = opened(judges=1, entries=entries, name=f"Kota {entries}")
    for number in range(entries):
        sheet = made.sheet(made.judges[0], number)
        services.declare_no_conflict(sheet, by=made.judges[0], at=make.NOON)
        given = Sheet(values=marks("80", "70").values, comments={"kebaruan": "Baik."})
        services.submit_scorecard(
            sheet, sheet=given, version=sheet.version, by=made.judges[0], at=make.NOON
        )
    services.close_stage(made.stage, by=made.chair, at=make.NOON)
    publish(made, number=1)
    publication = made.competition.publications.get()
    services.prepare_feedback(publication, by=made.chair, at=make.NOON)
    url = reverse("judging:feedback-review", args=[made.competition.slug, 1])
    return query_count(signed_in(made.chair), url)


def test_comments_to_look_over_cost_the_same_for_one_and_for_thirty() -> None:
    assert feedback_costs(entries=30) == feedback_costs(entries=1) <= AT_MOST


def test_objections_cost_the_same_for_one_and_for_thirty() -> None:
    made, publication, _auditor = contested()
    client = signed_in(made.chair)
    url = reverse("judging:objection-list", args=[made.competition.slug])
    counts = []
    for more in (1, 29):
        for number in range(more):
            writer = Objector(user=None, name="Warga", contact=f"warga{more + number}@demo.example")
            objected(made, publication, objector=writer)
        counts.append(query_count(client, url))

    assert client.get(url).context["page"].paginator.count == 30
    assert counts[0] == counts[1] <= AT_MOST
