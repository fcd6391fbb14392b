"""The robustness sheet: computed once per ranking, from the frozen inputs alone."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from accounts.working import Tell
from judging.models import Ranking, Robustness
from judging.queries.law import entries_from_plain
from judging.ranking import law_from_plain
from judging.ranking.robustness import Change, Variation, effect_of, inside, variations_of


def compute_robustness(ranking: Ranking, *, tell: Tell, at: datetime) -> Robustness:
    """The same inputs give the same sheet: what was computed for them before is taken over."""
    known = Robustness.objects.filter(inputs_hash=ranking.inputs_hash).first()
    result = known.result if known else _result(ranking, tell=tell)
    row, _is_new = Robustness.objects.get_or_create(
        ranking=ranking,
        defaults={"inputs_hash": ranking.inputs_hash, "result": result, "computed_at": at},
    )
    return row


def _result(ranking: Ranking, *, tell: Tell) -> dict[str, Any]:
    law, entries = law_from_plain(ranking.law), entries_from_plain(ranking.inputs)
    variations = variations_of(law, entries)
    before, effects = inside(law, entries, Variation(Change.NOTHING)), []
    for done, each in enumerate(variations):
        tell(done, total=len(variations))
        effects.append(effect_of(each, before=before, after=inside(law, entries, each)))
    return {"inside": before, "effects": [asdict(effect) for effect in effects]}
