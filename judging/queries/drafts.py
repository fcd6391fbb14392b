"""What the committee sees of a draft: its statistics, its judges, its entries, its gaps."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from judging.assigning import (
    Move,
    MoveError,
    Objection,
    Pair,
    Statistics,
    Unfilled,
    apply_move,
    measure,
    plan_of,
    severity_errors,
)
from judging.models import AssignmentDraft, Panelist, Stage
from judging.queries.planning import Situation, reasons_in, situation_of
from proposals.models import Submission

# By about this share of the scale two readings of one entry differ by chance alone.
CHANCE_SHARE = 0.08
OBJECTIONS = {
    Objection.NOTHING: gettext_lazy("Choose who gives the reading up, or who takes it."),
    Objection.SAME: gettext_lazy("Choose two different judges and two different proposals."),
    Objection.UNKNOWN: gettext_lazy("This judge or this proposal is not in the stage any more."),
    Objection.NOT_READING: gettext_lazy("%(judge)s does not read %(entry)s in this draft."),
    Objection.STARTED: gettext_lazy("%(judge)s has begun %(entry)s: begun work stays."),
    Objection.CONFLICT: gettext_lazy("%(judge)s has a conflict of interest with %(entry)s."),
    Objection.READS_ALREADY: gettext_lazy("%(judge)s reads %(entry)s already."),
    Objection.CAPACITY: gettext_lazy("%(judge)s would read more than agreed."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeLine:
    panelist: Panelist
    load: int
    conflicts: int
    error: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    submission: Submission
    readers: Sequence[Panelist]


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLine:
    submission: Submission
    gap: Unfilled


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """`is_fresh`: judges, entries and conflicts are still those it was planned from."""

    draft: AssignmentDraft
    situation: Situation
    statistics: Statistics
    is_fresh: bool

    def judges(self) -> list[JudgeLine]:
        pairs = reasons_in(self.draft)
        loads = Counter(judge for judge, _entry in pairs)
        barred = Counter(judge for judge, _entry in self.situation.field.conflicts)
        errors = severity_errors(pairs)
        return [
            JudgeLine(
                panelist=panelist, load=loads[key], conflicts=barred[key], error=errors.get(key)
            )
            for key, panelist in self.situation.panel.items()
        ]

    def entries(self) -> list[EntryLine]:
        readers: dict[str, list[Panelist]] = defaultdict(list)
        for judge, entry in reasons_in(self.draft):
            if judge in self.situation.panel:
                readers[entry].append(self.situation.panel[judge])
        return [
            EntryLine(submission=submission, readers=readers[receipt])
            for receipt, submission in self.situation.submissions.items()
        ]

    def gaps(self) -> list[GapLine]:
        plan = plan_of(
            self.situation.field,
            reasons_in(self.draft),
            wanted=self.situation.wanted,
            seed=self.draft.seed,
        )
        return [
            GapLine(submission=self.situation.submissions[gap.entry], gap=gap)
            for gap in plan.unfilled
        ]


def view_draft(draft: AssignmentDraft, *, at: datetime) -> DraftView:
    return _view(draft, situation_of(draft.stage, at=at))


def view_both(
    first: AssignmentDraft, second: AssignmentDraft, *, at: datetime
) -> tuple[DraftView, DraftView]:
    """Two of one stage, held against the same situation."""
    situation = situation_of(first.stage, at=at)
    return _view(first, situation), _view(second, situation)


def _view(draft: AssignmentDraft, situation: Situation) -> DraftView:
    situation = replace(situation, wanted={**situation.wanted, **draft.readings})
    return DraftView(
        draft=draft,
        situation=situation,
        statistics=measure(situation.field, reasons_in(draft)),
        is_fresh=situation.hash == draft.inputs_hash,
    )


def effect_of(view: DraftView, move: Move) -> Statistics:
    """The statistics after the move; a ValidationError says why it is not possible."""
    before = frozenset(reasons_in(view.draft))
    try:
        after = apply_move(view.situation.field, before, move=move, started=view.situation.begun)
    except MoveError as error:
        raise objection(error, view.situation) from error
    return measure(view.situation.field, after)


def objection(error: MoveError, situation: Situation) -> ValidationError:
    """Why a move is not possible, with the names of judge and proposal."""
    judge, entry = situation.panel.get(error.judge), situation.submissions.get(error.entry)
    names = {"judge": judge or "", "entry": entry.proposal.title if entry else ""}
    return ValidationError(str(OBJECTIONS[error.objection]), code="move", params=names)


def moved_apart(first: AssignmentDraft, second: AssignmentDraft) -> int:
    """Readings that only the first draft has."""
    return len(reasons_in(first).keys() - reasons_in(second).keys())


def statistic_rows(*columns: Statistics, stage: Stage) -> list[tuple[str, list[str]]]:
    """Label and one text for each column."""
    width = float(stage.scale_max - stage.scale_min)
    rows: list[tuple[str, list[str]]] = [
        (_("Scorecards"), [str(each.readings) for each in columns]),
        (_("Load of a judge: least, middle, most"), [_loads(each) for each in columns]),
        (_("Judges without any entry"), [str(each.idle) for each in columns]),
        (
            _("Readings of an entry: least, most"),
            [f"{each.read_min} – {each.read_max}" for each in columns],
        ),
        (_("Read by a judge of just this field"), [_share(each.fitting) for each in columns]),
        (_("Read by a judge of another field"), [_share(each.strange) for each in columns]),
        (_("Judges are comparable"), [_comparable(each) for each in columns]),
        (_("Fewest judges that one shares entries with"), [str(each.ties_min) for each in columns]),
        (
            _("Expected error of a judge's severity, in points: mean, worst"),
            [_errors(each, width=width) for each in columns],
        ),
    ]
    return rows


def _loads(each: Statistics) -> str:
    middle = number_format(each.load_median, 0 if each.load_median % 1 == 0 else 1)
    return f"{each.load_min} – {middle} – {each.load_max}"


def _share(share: float | None) -> str:
    return "–" if share is None else f"{number_format(100 * share, 0)} %"


def _comparable(each: Statistics) -> str:
    if each.islands <= 1:
        return _("yes, all of them")
    return _("no: %(count)s groups share no entry") % {"count": each.islands}


def _errors(each: Statistics, *, width: float) -> str:
    if each.error_mean is None or each.error_max is None:
        return "–"
    mean, worst = (CHANCE_SHARE * width * error for error in (each.error_mean, each.error_max))
    return f"±{number_format(mean, 1)} – ±{number_format(worst, 1)}"


def takers_of(view: DraftView, receipt: str) -> list[Panelist]:
    """Judges who could begin to read the entry."""
    pairs, field = reasons_in(view.draft), view.situation.field
    taken: set[Pair] = set(pairs) | set(field.conflicts)
    return [
        panelist for key, panelist in view.situation.panel.items() if (key, receipt) not in taken
    ]


def givers_of(view: DraftView, receipt: str) -> list[Panelist]:
    """Judges whose reading of the entry may be taken away."""
    return [
        view.situation.panel[judge]
        for judge, entry in reasons_in(view.draft)
        if entry == receipt
        and judge in view.situation.panel
        and (judge, entry) not in view.situation.begun
    ]


def returns_of(view: DraftView, *, giver: str, taker: str) -> Mapping[str, Submission]:
    """Entries that the taker could hand back to the giver."""
    pairs, conflicts = reasons_in(view.draft), view.situation.field.conflicts
    return {
        entry: view.situation.submissions[entry]
        for judge, entry in pairs
        if judge == taker
        and entry in view.situation.submissions
        and (giver, entry) not in pairs
        and (giver, entry) not in conflicts
        and (judge, entry) not in view.situation.begun
    }
