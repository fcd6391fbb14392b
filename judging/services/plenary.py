"""The plenary: convened on a frozen ranking, discussed item by item, and what it moves.

Everything is written under the lock of the stage, so a release, a reopening or a second version is
either before or after, never in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from judging.models import Conflict, Entry, Plenary, PlenaryItem, Ranking, Reordering, Stage
from judging.plenary import Item
from judging.queries.law import entries_from_plain
from judging.queries.plenary import (
    agenda_of,
    items_of,
    leavers_of,
    list_after,
    moves_of,
    session_of,
    waiting_of,
)
from judging.queries.voting import open_ties
from judging.ranking import RuleError, law_from_plain
from judging.services.freezing import freeze_ranking, refuse_bound, refuse_sitting
from judging.services.locks import lock_stage, refusal
from judging.services.minutes import write_addendum
from judging.workflow import REORDERING_FLOW, ReorderingMove, ReorderingStatus, StageStatus


def convene_plenary(stage: Stage, *, by: User, at: datetime) -> Plenary:
    """Draw up the order of discussion; it stays as it is while the plenary sits.

    Chances take seconds in a large stage, so they are computed before it is held; what was frozen
    meanwhile refuses.
    """
    seen = Stage.objects.get(pk=stage.pk)
    ranking = _frozen(seen)
    refuse_sitting(seen)
    if open_ties(ranking):
        raise ValidationError(
            _("Entries are tied at a line. Record the vote of the panel first."), code="tied"
        )
    return _convene(stage, ranking=ranking, agenda=agenda_of(ranking), by=by, at=at)


@transaction.atomic
def _convene(
    stage: Stage, *, ranking: Ranking, agenda: Sequence[Item], by: User, at: datetime
) -> Plenary:
    locked = lock_stage(stage)
    _refuse_stale(_frozen(locked), version=ranking.version)
    refuse_bound(locked)
    refuse_sitting(locked)
    plenary = Plenary.objects.create(ranking=ranking, opened_by=by, opened_at=at)
    entries = dict(locked.entries.values_list("submission__receipt", "pk"))
    PlenaryItem.objects.bulk_create(
        PlenaryItem(
            plenary=plenary,
            entry_id=entries[item.key],
            position=position,
            chance=item.chance,
            margin=item.margin,
        )
        for position, item in enumerate(agenda, start=1)
    )
    record(by, "plenary.convened", locked, at=at, version=ranking.version, items=len(agenda))
    return plenary


@transaction.atomic
def call_item(plenary: Plenary, *, position: int, by: User, at: datetime) -> PlenaryItem:
    """What is discussed from now on; who must leave is written down at this moment."""
    stage, locked, _ranking = _in_session(plenary)
    item = locked.items.select_related("entry__submission").get(position=position)
    away = leavers_of(stage, [item.entry_id]).get(item.entry_id, [])
    if locked.current == position and item.away == away:
        return item
    item.called_at, item.away = at, away
    item.save(update_fields=["called_at", "away"])
    Plenary.objects.filter(pk=locked.pk).update(current=position)
    receipt = item.entry.submission.receipt
    record(by, "plenary.called", stage, at=at, position=position, entry=receipt, away=away)
    return item


@transaction.atomic
def propose_reordering(
    plenary: Plenary, *, entry: Entry, place: int, reason: str, version: int, by: User, at: datetime
) -> Reordering:
    """The chair's change, beside those that wait already; it counts once a second confirms.

    `version`: of the ranking that the chair looked at.
    """
    stage, locked, ranking = _in_session(plenary)
    _refuse_stale(ranking, version=version)
    _refuse_barred(by, [entry.pk])
    last = locked.reorderings.aggregate(last=Max("number"))["last"] or 0
    proposed = Reordering(
        plenary=locked,
        number=last + 1,
        entry=entry,
        place=place,
        reason=reason.strip(),
        proposed_by=by,
        proposed_at=at,
    )
    _try(ranking, [*waiting_of(locked), proposed])
    proposed.save(force_insert=True)
    record(
        by,
        "plenary.proposed",
        stage,
        at=at,
        reason=proposed.reason,
        number=proposed.number,
        entry=entry.submission.receipt,
        place=place,
    )
    return proposed


@transaction.atomic
def withdraw_reordering(reordering: Reordering, *, by: User, at: datetime) -> None:
    """Take a change back that waits; refused where another that waits builds on it."""
    stage, locked, ranking = _in_session(reordering.plenary)
    fresh = Reordering.objects.get(pk=reordering.pk)
    REORDERING_FLOW.advance(fresh, ReorderingMove.WITHDRAW, decided_by_id=by.pk, decided_at=at)
    _try(ranking, list(waiting_of(locked)))
    record(by, "plenary.withdrawn", stage, at=at, number=fresh.number)


@transaction.atomic
def confirm_reorderings(
    plenary: Plenary, *, numbers: Sequence[int], version: int, by: User, at: datetime
) -> Ranking:
    """The second pair of eyes: all that waits becomes the next version; the old one stays.

    `numbers`: what the second person was shown.
    """
    stage, locked, ranking = _in_session(plenary)
    _refuse_stale(ranking, version=version)
    waiting = list(waiting_of(locked))
    if not waiting or [row.number for row in waiting] != list(numbers):
        raise ValidationError(
            _("The changes that wait are others by now. Look at them again."), code="stale"
        )
    if by.pk in {row.proposed_by_id for row in waiting}:
        raise ValidationError(
            _("A second person confirms what one person proposed."), code="second_person"
        )
    _refuse_barred(by, [row.entry_id for row in waiting])
    rows = [*ranking.reorderings, *(_plain(row, by=by, at=at) for row in waiting)]
    law, inputs = law_from_plain(ranking.law), entries_from_plain(ranking.inputs)
    frozen = freeze_ranking(stage, law=law, inputs=inputs, reorderings=rows, by=by, at=at)
    for row in waiting:
        REORDERING_FLOW.advance(row, ReorderingMove.CONFIRM, decided_by_id=by.pk, decided_at=at)
    record(
        by,
        "stage.reordered",
        stage,
        at=at,
        reason=" / ".join(row.reason for row in waiting),
        numbers=list(numbers),
        ranking=frozen.version,
        inputs_hash=frozen.inputs_hash,
    )
    return frozen


@transaction.atomic
def end_plenary(plenary: Plenary, *, by: User, at: datetime) -> None:
    """Close the session; what was discussed, and who left, goes to the minutes as an addendum."""
    stage, locked, ranking = _in_session(plenary)
    if waiting_of(locked).exists():
        raise ValidationError(
            _("Changes of the order wait for a second person. Confirm or withdraw them first."),
            code="waiting",
        )
    Plenary.objects.filter(pk=locked.pk).update(closed_at=at, current=None)
    with translation.override("id"):
        text = _report(locked)
    write_addendum(ranking, text=text, by=by, at=at)
    record(by, "plenary.ended", stage, at=at, version=ranking.version)


def _report(plenary: Plenary) -> str:
    called = items_of(plenary).filter(called_at__isnull=False).order_by("called_at", "position")
    lines = [
        _("%(title)s: left the room: %(names)s.")
        % {"title": getattr(item, "title", ""), "names": ", ".join(item.away) or _("nobody")}
        for item in called
    ]
    moved = plenary.reorderings.filter(status=ReorderingStatus.CONFIRMED)
    head = _("Plenary on version %(version)d: %(count)d entries discussed, %(moved)d moved.")
    told = {"version": plenary.ranking.version, "count": len(lines), "moved": moved.count()}
    return "\n".join([head % told, *lines])


def _plain(row: Reordering, *, by: User, at: datetime) -> dict[str, object]:
    return {
        "key": row.entry.submission.receipt,
        "place": row.place,
        "reason": row.reason,
        "proposed_by": str(row.proposed_by),
        "confirmed_by": str(by),
        "at": at.isoformat(),
    }


def _in_session(plenary: Plenary) -> tuple[Stage, Plenary, Ranking]:
    """Stage, session and newest ranking, held alone."""
    stage = lock_stage(plenary.ranking.stage)
    ranking = _frozen(stage)
    refuse_bound(stage)
    locked = session_of(stage)
    if locked is None or locked.pk != plenary.pk:
        raise ValidationError(_("This plenary has ended."), code="not_now")
    return stage, locked, ranking


def _frozen(stage: Stage) -> Ranking:
    ranking = stage.rankings.order_by("-version").first()
    if stage.status != StageStatus.CLOSED or ranking is None:
        raise ValidationError(_("The plenary sits after the close."), code="not_now")
    return ranking


def _refuse_stale(ranking: Ranking, *, version: int) -> None:
    if ranking.version != version:
        raise ValidationError(
            _("The ranking was frozen anew. Look at the newest version."), code="stale"
        )


def _refuse_barred(user: User, entries: Sequence[int]) -> None:
    """Whoever must leave the room for an entry neither moves it nor confirms that."""
    if Conflict.objects.filter(panelist__user=user, entry__in=entries).exists():
        raise ValidationError(
            _("You have a conflict of interest with this entry. Somebody else decides on it."),
            code="conflict",
        )


def _try(ranking: Ranking, waiting: Sequence[Reordering]) -> None:
    try:
        list_after(ranking, moves_of(waiting))
    except RuleError as error:
        raise refusal(error) from error
