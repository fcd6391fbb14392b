"""The control room: after the close only, the same figures each time."""

from __future__ import annotations

import pytest

from judging import services
from judging.models import Ranking
from judging.queries.control import control_of
from tests import make
from tests.clients import signed_in
from tests.judging.field import at, closed, opened

pytestmark = pytest.mark.django_db


def test_control_room_shows_nothing_before_the_close() -> None:
    made = opened(judges=2, entries=2)

    assert signed_in(made.chair).get(at(made, "control-room")).status_code == 403


def test_control_room_tells_judges_apart_and_says_why_it_corrects_nothing() -> None:
    made, frozen = closed(judges=2, entries=3)

    page = signed_in(made.chair).get(at(made, "control-room"))

    assert [row.label for row in page.context["spreads"]] == ["Juri 0", "Juri 1"]
    labels = [row.label for row in page.context["agreements"]]
    assert labels == ["Total", "Signifikansi", "Kebaruan"]
    (first, _second) = page.context["spread_rows"]
    assert (first.judge, first.count, first.deviation) == ("Juri 0", 3, "1,00")
    assert first.ends == ("84,00", "84,50", "85,00", "85,50", "86,00")
    assert "84,50" in page.content.decode()
    assert len(page.context["refusals"]) == 1
    assert [row.place for row in page.context["compared"]] == ["1", "2", "3"]
    assert control_of(frozen) == control_of(Ranking.objects.get())


def figure(shown: str) -> str:
    return shown.replace(",", ".").replace("−", "-")


def test_control_room_tells_severity_chances_and_the_price_of_a_spread_rule() -> None:
    law = {"advance_count": 6, "spread_by": "track", "spread_limit": 5}
    made = opened(judges=3, entries=9, **law)
    made.competition.tiers.all().delete()
    for number in range(9):
        for place, (judge, severity) in enumerate(zip(made.judges, (0, -8, 8), strict=True)):
            value = str(75 - 2 * number + severity + (number * (place + 2)) % 5 - 2)
            made.score(judge, number, value, value)
    services.close_stage(made.stage, by=made.chair, at=make.NOON)

    page = signed_in(made.chair).get(at(made, "control-room"))

    assert page.context["refusals"] == []
    strict, even, mild = page.context["severities"]
    assert [row.label for row in (strict, even, mild)] == ["Juri 1", "Juri 0", "Juri 2"]
    assert -9 < float(figure(strict.mean_text)) < -7
    low, high = (float(figure(end)) for end in strict.range_text.split(" … "))
    assert low < -8 < high < -5
    grey = [row.title for row in page.context["compared"] if row.is_grey]
    assert grey
    assert sorted(bar.label for bar in page.context["chances"]) == sorted(grey)
    price = page.context["control"].price
    left = made.stage.rankings.get().standings.get(decision="passed")
    assert (price.entering, price.leaving) == ([], [left.entry.proposal.title])
    assert price.points == left.score
    assert page.context["spread_points"] in page.content.decode()


def test_wide_disagreements_name_both_judges() -> None:
    made = opened(judges=2, entries=2)
    for number, values in enumerate((("90", "60"), ("80", "79"))):
        for judge, value in zip(made.judges, values, strict=True):
            made.score(judge, number, value, value)
    made.stage.refresh_from_db()
    signed_in(made.chair).post(at(made, "stage-close"), {"missing": "0", "confirm": "on"})

    page = signed_in(made.chair).get(at(made, "control-room"))

    entry = made.stage.entries.get(proposal__unit=made.agencies[0])
    assert page.context["disagreements"] == [
        (entry.pk, "Inovasi Dinas 00", "60,00 (Juri 1)", "90,00 (Juri 0)", "30,00")
    ]
