from __future__ import annotations

from judging.models import Ranking, Stage, Standing
from judging.queries.law import entries_from_plain, latest_ranking
from judging.ranking import law_from_plain, rank_entries, tied_at_cuts


def open_ties(frozen: Ranking) -> list[list[Standing]]:
    """What the panel may still put in order, group by group in the order of the list."""
    computed = rank_entries(law_from_plain(frozen.law), entries_from_plain(frozen.inputs))
    groups = tied_at_cuts(computed)
    keys = [line.key for group in groups for line in group]
    tied = frozen.standings.filter(entry__submission__receipt__in=keys)
    standings = {
        each.entry.submission.receipt: each
        for each in tied.select_related("entry__proposal__unit", "entry__submission")
    }
    return [[standings[line.key] for line in group] for group in groups]


def is_tied(stage: Stage) -> bool:
    """Whether the stage's ranking waits for a vote of the panel."""
    frozen = latest_ranking(stage)
    return frozen is not None and bool(open_ties(frozen))
