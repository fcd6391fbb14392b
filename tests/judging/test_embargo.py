"""Released now, read from an exact instant on: what the hour changes, and what follows it."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Message
from judging import services
from judging.models import Award, Publication
from judging.queries.results import current_publication, latest_winners
from judging.workflow import StageStatus
from proposals.models import RegisterEntry
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, at, closed, find_offenders

pytestmark = pytest.mark.django_db

HOUR = make.NOON + timedelta(hours=3)
TICK = timedelta(microseconds=1)
SECRET = ("Inovasi Dinas 00", "Inovasi Dinas 01", "188.45/7/2026", "Wali Kota")


def released(made: City, *, visible_from: datetime = HOUR) -> Publication:
    proposed = services.propose_publication(
        made.stage,
        decree_number="188.45/7/2026",
        decree_on=date(2026, 3, 2),
        signer_role="Wali Kota",
        visible_from=visible_from,
        by=made.organizer,
        at=make.NOON,
    )
    return services.release_publication(proposed, by=made.chair, at=make.NOON)


def public_pages(made: City) -> list[str]:
    slug = made.competition.slug
    code = Award.objects.get(place=1).code
    return [
        "/",
        f"/kompetisi/{slug}/",
        reverse("judging:public-results", args=[slug]),
        reverse("judging:public-results-csv", args=[slug]),
        reverse("judging:public-results-json", args=[slug]),
        reverse("judging:public-proof", args=[slug]),
        reverse("judging:public-bundle", args=[slug, made.stage.key]),
        reverse("judging:certificate", args=[code]),
        reverse("judging:certificate-pdf", args=[code]),
    ]


def answers(clients: dict[str, Client], pages: list[str]) -> dict[str, Any]:
    return {path: client.get(path) for client in clients.values() for path in pages}


def test_nobody_without_a_seat_reads_a_byte_before_the_instant() -> None:
    made, _ranking = closed()
    author = make.user()
    make.membership(author, made.agencies[0])
    public = Client()
    with time_machine.travel(HOUR - TICK, tick=False):
        unreleased = {
            path: public.get(path).content for path in ("/", f"/kompetisi/{made.competition.slug}/")
        }
        publication = released(made)
        connection.check_constraints()
    pages = public_pages(made)
    queue = f"/juri/tahap/{made.stage.pk}/"

    with time_machine.travel(HOUR - TICK, tick=False):
        services.unveil_due(at=HOUR - TICK)
        before = answers({"public": public}, pages)
        judge = answers({"judge": signed_in(made.judges[0])}, pages)
        status = signed_in(made.judges[0]).get(queue).context["stage"].status
        writer = answers({"author": signed_in(author)}, pages)
        register = public.get("/inovasi-daerah/", {"q": "Inovasi Dinas"}).content.decode()
        statuses = [before[path].status_code for path in pages]
    with time_machine.travel(HOUR, tick=False):
        after = answers({"public": public}, pages)
        on_time = Message.objects.filter(kind="results_released").count()
    services.unveil_due(at=HOUR)
    services.unveil_due(at=HOUR)

    assert statuses == [200, 200, 200, 404, 404, 404, 404, 404, 404]
    assert {path: before[path].content for path in unreleased} == unreleased
    for answered in (before, judge, writer):
        told = {
            path: [word for word in SECRET if word in reply.content.decode(errors="replace")]
            for path, reply in answered.items()
        }
        assert {path: words for path, words in told.items() if words} == {}
    assert status == StageStatus.CLOSED
    assert "Inovasi Dinas 00" not in register
    assert [after[path].status_code for path in pages] == [200] * len(pages)
    for path in (pages[0], pages[2], pages[4]):
        assert "Inovasi Dinas 00" in after[path].content.decode()
    assert on_time == 0
    assert Message.objects.filter(kind="results_released").count() == 1
    assert RegisterEntry.objects.count() == 2
    publication.refresh_from_db()
    assert publication.unveiled_at == HOUR
    made.stage.refresh_from_db()
    assert made.stage.status == StageStatus.PUBLISHED
    assert find_offenders() == []


@pytest.mark.parametrize(
    ("withdrawn_at", "told"),
    [(make.NOON, "are not published yet"), (HOUR + TICK, "were withdrawn")],
    ids=["under embargo", "after its hour"],
)
def test_public_page_tells_of_a_withdrawal_only_what_the_public_has_seen(
    withdrawn_at: datetime, told: str
) -> None:
    made, _ranking = closed()
    publication = released(made)
    services.withdraw_publication(publication, reason="Salah", by=made.chair, at=withdrawn_at)

    with time_machine.travel(HOUR + make.DAY, tick=False):
        page = Client().get(reverse("judging:public-results", args=[made.competition.slug]))

    assert f"The results {told}" in page.content.decode()


def test_instant_itself_is_out_and_the_moment_before_is_not() -> None:
    made, _ranking = closed()
    publication = released(made)

    shown = [
        current_publication(made.competition.slug, at=moment) for moment in (HOUR - TICK, HOUR)
    ]

    assert shown == [None, publication]
    assert latest_winners(at=HOUR - TICK) is None
    newest = latest_winners(at=HOUR)
    assert newest is not None
    assert (newest.slug, newest.winners[0].place) == (made.competition.slug, 1)


def test_withdrawal_under_embargo_was_never_public_and_tells_nobody() -> None:
    made, _ranking = closed()
    author = make.user()
    make.membership(author, made.agencies[0])
    publication = released(made)
    code = Award.objects.get(place=1).code
    with pytest.raises(ValidationError, match="waits for its hour"):
        services.reopen_stage(made.stage, reason="Salah", by=made.chair, at=make.NOON)
    with pytest.raises(ValidationError, match="waits for its hour"):
        released(made)

    services.withdraw_publication(publication, reason="Salah SK", by=made.chair, at=make.NOON)

    assert services.unveil_due(at=HOUR) == 0
    assert not Message.objects.filter(recipient=author).exists()
    with time_machine.travel(HOUR, tick=False):
        assert Client().get(reverse("judging:certificate", args=[code])).status_code == 404
    assert services.reopen_stage(made.stage, reason="Salah", by=made.chair, at=make.NOON)
    assert find_offenders() == []


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("visible_from", "2026-03-02T11:59"),
        ("visible_from", "besok pagi"),
        ("decree_on", "2026-03-03"),
        ("decree_on", "2025-01-02"),
        ("decree_number", "Keputusan"),
        ("decree_number", "<b>1</b>"),
    ],
)
def test_bad_decree_or_hour_is_refused_at_its_field_with_what_was_typed(
    field: str, typed: str
) -> None:
    made, _ranking = closed(judges=1, entries=2)
    form = {"decree_number": "188.45/1", "decree_on": "2026-03-02", "visible_from": ""}

    with time_machine.travel(make.NOON, tick=False):
        reply = signed_in(made.organizer).post(
            at(made, "publication-propose"), {**form, field: typed}
        )

    assert reply.status_code == 422
    assert list(reply.context["form"].errors) == [field]
    assert reply.context["form"][field].value() == typed
    assert not Publication.objects.exists()


def test_embargo_is_typed_in_local_time_and_shown_to_the_second_person() -> None:
    made, _ranking = closed(judges=1, entries=2)
    form = {
        "decree_number": "188.45/1",
        "decree_on": "2026-03-03",
        "visible_from": "2026-03-03T09:00",
    }

    with time_machine.travel(make.NOON, tick=False):
        signed_in(made.organizer).post(at(made, "publication-propose"), form)
        publication = Publication.objects.get()
        release = reverse("judging:publication-release", args=[made.competition.slug, 1])
        asked = signed_in(made.chair).get(release).content.decode()
        signed_in(made.chair).post(release)
        page = signed_in(made.chair).get(
            reverse("judging:publication", args=[made.competition.slug, 1])
        )
        listed = signed_in(made.chair).get(
            reverse("judging:publication-list", args=[made.competition.slug])
        )

    assert publication.visible_from == datetime.fromisoformat("2026-03-03T09:00+07:00")
    assert page.context["status"] == "Under embargo"
    assert [status for _row, status, _tone in listed.context["rows"]] == ["Under embargo"]
    assert "3 Maret 2026" in asked
    assert page.context["is_out"] is False
    assert "nominate" not in page.context["actions"]
    assert "certify" in page.context["actions"]


def test_json_says_what_the_page_says() -> None:
    made, _ranking = closed()
    publication = released(made)
    award = Award.objects.get(place=1)

    with time_machine.travel(HOUR, tick=False):
        reply = Client().get(reverse("judging:public-results-json", args=[made.competition.slug]))

    data = json.loads(reply.content)
    assert data.pop("tiers")[0] == {
        "name": "Top 1",
        "size": 1,
        "winners": [
            {
                "place": 1,
                "title": "Inovasi Dinas 00",
                "unit": "Dinas 00",
                "score": "86",
                "certificate": award.code,
                "certificate_url": f"{settings.SITE_URL}/sertifikat/{award.code}/",
            }
        ],
    }
    assert data == {
        "format": 1,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "source": f"{settings.SITE_URL}/kompetisi/{made.competition.slug}/hasil/",
        "competition": {
            "slug": made.competition.slug,
            "name": made.competition.name,
            "year": made.competition.year,
        },
        "version": 1,
        "visible_from": HOUR.isoformat(),
        "decree": {"number": "188.45/7/2026", "date": "2026-03-02"},
        "inputs_sha256": publication.ranking.inputs_hash,
        "reorderings": [],
    }
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
