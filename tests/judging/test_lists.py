"""Every list of judging asks the database as often for thirty rows as for one."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from judging import services
from tests import make
from tests.judging.field import City, at, closed, opened
from tests.judging.test_desk import signed_in

pytestmark = pytest.mark.django_db

AT_MOST = 12
# The stage, its newest ranking, the agenda, who leaves, what is called and what comes next.
AT_MOST_IN_SESSION = 16


def query_count(client: Client, url: str) -> int:
    """Statements of the second visit; the first one fills the caches of the process."""
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def costs(client: Client, urls: dict[str, str]) -> dict[str, int]:
    return {name: query_count(client, url) for name, url in urls.items()}


def assert_constant(few: dict[str, int], many: dict[str, int]) -> None:
    assert many == few
    assert {name: count for name, count in many.items() if count > AT_MOST} == {}


def desk_costs(*, entries: int) -> dict[str, int]:
    made = opened(judges=1, entries=entries, name=f"Kota {entries}")
    urls = {
        "desk": reverse("judging:desk"),
        "queue": reverse("judging:queue", args=[made.stage.pk]),
    }
    return costs(signed_in(made.judges[0]), urls)


def test_queue_of_a_judge_costs_the_same_at_any_length() -> None:
    assert_constant(desk_costs(entries=1), desk_costs(entries=30))


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
        "publication": reverse("judging:publication", args=[slug, 1]),
    }
    public = {"public": reverse("judging:public-results", args=[slug])}
    return costs(signed_in(made.chair), urls) | costs(Client(), public)


def test_pages_of_the_committee_and_the_public_cost_the_same_for_any_number_of_entries() -> None:
    assert_constant(committee_costs(entries=1), committee_costs(entries=30))


def plenary_costs(*, entries: int) -> dict[str, int]:
    """Of the agenda in session, one entry called, for the chair and for a judge."""
    made, _ranking = closed(judges=1, entries=entries, name=f"Kota {entries}")
    plenary = services.convene_plenary(made.stage, by=made.chair, at=make.NOON)
    services.call_item(plenary, position=1, by=made.chair, at=make.NOON)
    seat = {"seat": reverse("judging:plenary-seat", args=[made.stage.pk])}
    own = costs(signed_in(made.judges[0]), seat)
    return own | costs(signed_in(made.chair), {"plenary": at(made, "plenary")})


def test_plenary_costs_the_same_for_any_number_of_entries() -> None:
    one, many = plenary_costs(entries=1), plenary_costs(entries=20)

    assert one == many
    assert max(many.values()) <= AT_MOST_IN_SESSION


def panel_costs(*, judges: int) -> dict[str, int]:
    made, _ranking = closed(judges=judges, entries=1, name=f"Kota {judges}")
    names = ("stage", "results")
    return costs(signed_in(made.chair), {name: at(made, name) for name in names})


def test_panel_costs_the_same_for_one_judge_and_for_thirty() -> None:
    assert_constant(panel_costs(judges=1), panel_costs(judges=30))


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
