"""A plenary in session, and what is done in it: for the tests of services and pages."""

from __future__ import annotations

from typing import Any

from judging import services
from judging.models import Conflict, Plenary, Ranking, Reordering
from tests import make
from tests.judging.field import City, closed
from tests.kept import kept

REASON = "Bukti lapangan lebih kuat."


@kept
def sitting(**fields: Any) -> tuple[City, Plenary]:
    """A plenary on three entries of which two are within the line."""
    made, _ranking = closed(**{"advance_count": 2, **fields})
    return made, services.convene_plenary(made.stage, by=made.chair, at=make.NOON)


def receipts(ranking: Ranking) -> list[str]:
    rows = ranking.standings.order_by("order")
    return list(rows.values_list("entry__submission__receipt", flat=True))


def wish(made: City, plenary: Plenary, agency: int, place: int, **changes: Any) -> Reordering:
    entry = made.stage.entries.get(proposal__unit=made.agencies[agency])
    terms = {
        "reason": REASON,
        "version": 1,
        "by": made.chair,
        "at": make.NOON,
    }
    return services.propose_reordering(plenary, entry=entry, place=place, **{**terms, **changes})


def confirmed(made: City, plenary: Plenary, **changes: Any) -> Ranking:
    terms = {"numbers": [1], "version": 1, "by": made.organizer, "at": make.NOON}
    return services.confirm_reorderings(plenary, **{**terms, **changes})


def bar(made: City, judge: int, agency: int) -> None:
    Conflict.objects.create(
        panelist=made.stage.panel.get(user=made.judges[judge]),
        entry=made.stage.entries.get(proposal__unit=made.agencies[agency]),
        ground=Conflict.Ground.UNIT,
        note="Dinas rahasia",
        noted_at=make.NOON,
    )


def position_of(made: City, plenary: Plenary, agency: int) -> int:
    item = plenary.items.get(entry__proposal__unit=made.agencies[agency])
    return item.position
