"""The robustness sheet: asked for on a page, computed by a worker, kept with its ranking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import User
from judging.models import Ranking, Robustness
from judging.queries.law import entries_from_plain
from judging.ranking import Entry, Law, law_from_plain
from judging.ranking.robustness import (
    Change,
    Effect,
    Variation,
    effect_of,
    inside,
    variations_of,
)

# A worker that has not been heard of for so long is gone, and another one begins anew.
SILENCE = timedelta(minutes=1)
# Progress is told after so many variations.
STEP = 4


def ask_robustness(ranking: Ranking, *, by: User, at: datetime) -> Robustness:
    """Once per ranking; the same inputs have been computed before, or will be."""
    row, _is_new = Robustness.objects.get_or_create(
        ranking=ranking,
        defaults={"inputs_hash": ranking.inputs_hash, "asked_by": by, "asked_at": at},
    )
    return row


def compute_asked(*, clock: Callable[[], datetime]) -> int:
    """Compute what was asked for and nobody works on; each row is one worker's."""
    done = 0
    waiting = Robustness.objects.filter(finished_at=None).order_by("asked_at")
    for pk in waiting.values_list("pk", flat=True):
        at = clock()
        free = waiting.filter(Q(seen_at=None) | Q(seen_at__lt=at - SILENCE), pk=pk)
        if free.update(seen_at=at, done=0):
            _compute(Robustness.objects.select_related("ranking").get(pk=pk), clock=clock)
            done += 1
    return done


def _compute(row: Robustness, *, clock: Callable[[], datetime]) -> None:
    mine = Robustness.objects.filter(pk=row.pk, finished_at=None)
    known = Robustness.objects.filter(
        inputs_hash=row.inputs_hash, finished_at__isnull=False
    ).first()
    if known is not None:
        facts = {"done": known.total, "total": known.total, "result": known.result}
        mine.update(**facts, finished_at=clock())
        return
    law, entries = law_from_plain(row.ranking.law), entries_from_plain(row.ranking.inputs)
    variations = variations_of(law, entries)
    mine.update(total=len(variations))
    before, effects = inside(law, entries, Variation(Change.NOTHING)), []
    for start in range(0, len(variations), STEP):
        batch = variations[start : start + STEP]
        effects += _effects(law, entries, batch, before=before)
        mine.update(done=len(effects), seen_at=clock())
    result = {"inside": before, "effects": [asdict(effect) for effect in effects]}
    mine.update(result=result, finished_at=clock())


def _effects(
    law: Law, entries: Sequence[Entry], batch: Sequence[Variation], *, before: Sequence[str]
) -> list[Effect]:
    return [effect_of(each, before=before, after=inside(law, entries, each)) for each in batch]
