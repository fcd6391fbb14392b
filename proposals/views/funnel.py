"""The funnel drawn: how many stand where."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kipp.lib.charts import Bar, bars
from proposals.queries.board import Funnel


def funnel_bars(funnel: Funnel) -> list[Bar]:
    steps = [
        (_("Units that have not started"), funnel.idle),
        (_("With the author"), funnel.unfinished),
        (_("Awaiting endorsement"), funnel.awaiting),
        (_("Waiting for screening"), funnel.submitted),
        (_("Passed the screening"), funnel.eligible),
        (_("Did not pass the screening"), funnel.ineligible),
    ]
    return bars(steps)
