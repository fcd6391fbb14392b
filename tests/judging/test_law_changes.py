"""Nothing about a law changes once its stage is open, but by an act that everybody hears of."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Message
from competitions.models import Announcement
from judging import services
from judging.models import LawChange
from judging.queries.minutes import minutes_of
from tests import make
from tests.clients import signed_in
from tests.judging.field import at, city, code_of, last_entry, opened

pytestmark = pytest.mark.django_db

MEDIAN: dict[str, Any] = {"method": "median"}


def test_change_of_an_open_law_is_kept_announced_and_in_the_minutes() -> None:
    made = opened(judges=2, entries=2)
    made.stage.refresh_from_db()
    change = services.change_law(
        made.stage,
        law=MEDIAN,
        reason="Juri ketiga sakit",
        version=made.stage.version,
        by=made.chair,
        at=make.NOON,
    )
    for number, values in enumerate((("90", "70"), ("60", "50"))):
        for judge, value in zip(made.judges, values, strict=True):
            made.score(judge, number, value, value)

    frozen = services.close_stage(made.stage, by=made.chair, at=make.NOON)

    assert (change.before["method"], change.after["method"]) == ("mean", "median")
    assert frozen.law == change.after
    assert Announcement.objects.get().body == "Juri ketiga sakit"
    assert Message.objects.filter(kind="judging_law_changed").count() == 2
    acts = [(each.action, each.reason) for each in minutes_of(frozen).moves]
    assert acts == [("stage.law_changed", "Juri ketiga sakit")]


@pytest.mark.parametrize(
    ("law", "reason", "step", "code"),
    [
        (MEDIAN, " ", 0, "reason"),
        (MEDIAN, "Sebab", 1, "stale"),
        ({"method": "mean"}, "Sebab", 0, "same"),
        ({"tie_margin": Decimal("0.5")}, "Sebab", 0, "tie_margin"),
        ({"tie_break": ["undian"]}, "Sebab", 0, "unknown_tie_break"),
        ({"spread_by": "category", "spread_limit": 1}, "Sebab", 0, "no_group"),
    ],
)
def test_change_that_cannot_stand_leaves_the_law(
    law: dict[str, Any], reason: str, step: int, code: str
) -> None:
    made = opened(judges=1, entries=1)
    made.stage.refresh_from_db()
    version = made.stage.version + step

    with pytest.raises(ValidationError) as caught:
        services.change_law(
            made.stage, law=law, reason=reason, version=version, by=made.chair, at=make.NOON
        )

    assert code_of(caught) == code
    assert not LawChange.objects.exists()


def test_tiers_stay_where_they_are_cut_once_the_last_stage_is_open() -> None:
    made = city(judges=1, entries=1)
    last = make.stage(made.competition, "final")
    make.criterion(last)
    tier = made.competition.tiers.get(key="top2")
    client, slug = signed_in(made.organizer), made.competition.slug

    def ask(act: str, *where: object, **typed: object) -> int:
        address = reverse(f"competitions:part-{act}", args=[slug, "jenjang", *where])
        return client.post(address, typed).status_code

    services.open_stage(made.stage, by=made.chair, at=make.NOON)
    free = ask("change", tier.pk, name="Top 4", size="4", version="1")
    made.score(made.judges[0], 0, "80", "70")
    services.close_stage(made.stage, by=made.chair, at=make.NOON)
    services.seat_panelist(last, user=made.judges[0], by=made.chair, at=make.NOON)
    services.open_stage(last, by=made.chair, at=make.NOON)
    fixed = [
        ask("change", tier.pk, name="Top 3", size="3", version="2"),
        ask("add", name="Top 9", size="9"),
        ask("remove", tier.pk, version="2"),
    ]
    named = ask("change", tier.pk, name="Empat terbaik", size="4", version="2")

    assert (free, fixed, named) == (302, [422, 422, 422], 302)
    tiers = made.competition.tiers.values_list("key", "name", "size")
    assert list(tiers) == [("top2", "Empat terbaik", 4), ("top1", "Top 1", 1)]


def test_chair_changes_the_law_on_a_page_and_no_organizer_does() -> None:
    made = opened(judges=1, entries=1)
    page = at(made, "law-change")
    form = signed_in(made.chair).get(page).context["form"]
    sent = {name: value for name in form.fields if (value := form[name].value()) is not None}
    assert (sent["rounding_step"], sent["tie_margin"]) == ("0.01", "0")
    sent |= {"at_line": "leave", "reason": "Kursi terbatas", "tie_break": ""}

    done = signed_in(made.chair).post(page, sent)

    assert signed_in(made.organizer).get(page).status_code == 403
    assert done.headers["Location"] == at(made, "stage")
    assert last_entry(made.stage).data["changed"] == ["at_line"]
