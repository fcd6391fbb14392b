from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from judging.models import Ranking, Stage
from judging.queries.law import entries_from_plain, latest_ranking
from judging.ranking import law_from_plain, rank_entries, tied_at_cuts, with_votes
from judging.services.freezing import freeze_ranking, refuse_bound
from judging.services.locks import lock_stage
from judging.workflow import StageStatus


@transaction.atomic
def record_panel_vote(
    stage: Stage,
    *,
    orders: Sequence[Sequence[str]],
    reason: str,
    version: int,
    by: User,
    at: datetime,
) -> Ranking:
    """Part by the panel's order, best first, who stays tied at a line; receipts by group.

    Nothing but the vote changes: scores and law are those of version `version`, which stays.
    """
    if not reason.strip():
        raise ValidationError(_("Write when and how the panel voted."), code="reason")
    locked = lock_stage(stage)
    if locked.status != StageStatus.CLOSED:
        raise ValidationError(_("The panel votes after the close."), code="not_now")
    refuse_bound(locked)
    last = latest_ranking(locked)
    if last is None or last.version != version:
        raise ValidationError(
            _("The ranking was frozen anew. Look at the newest version."), code="stale"
        )
    law, inputs = law_from_plain(last.law), entries_from_plain(last.inputs)
    groups = tied_at_cuts(rank_entries(law, inputs))
    if not groups or _tied(orders) != _tied([[line.key for line in group] for group in groups]):
        raise ValidationError(
            _("Put exactly the entries in order that are tied at a line."), code="not_tied"
        )
    voted = with_votes(inputs, orders=orders)
    frozen = freeze_ranking(locked, law=law, inputs=voted, by=by, at=at)
    record(
        by,
        "stage.panel_voted",
        locked,
        at=at,
        reason=reason.strip(),
        orders=[list(order) for order in orders],
        ranking=frozen.version,
        inputs_hash=frozen.inputs_hash,
    )
    return frozen


def _tied(groups: Sequence[Sequence[str]]) -> list[list[str]]:
    """Groups without their order."""
    return sorted(sorted(group) for group in groups)
