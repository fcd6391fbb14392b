"""What opening a stage would do: the entries it pulls, the conflicts it finds, who reads what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import prefetch_related_objects

from judging.assigning import Plan, assign_panels, plan_of
from judging.models import AssignmentDraft, Panelist, Stage
from judging.queries.conflicts import Found
from judging.queries.law import GROUPS, law_of, previous_stage
from judging.queries.planning import reasons_in, situation_of
from judging.queries.plenary import session_of
from judging.ranking import LawError, RuleError, SpreadBy
from judging.ranking.errors import gettext_noop
from judging.workflow import StageStatus
from proposals.models import Submission
from proposals.workflow import ProposalStatus

FROZEN = frozenset({StageStatus.CLOSED, StageStatus.PUBLISHED})
UNDECIDED = frozenset({ProposalStatus.SUBMITTED, ProposalStatus.COMPLETION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    panelist: Panelist
    entry_count: int
    conflict_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """`problems` keep the stage shut; each is a sentence with a code."""

    submissions: Sequence[Submission]
    panel: Sequence[Panelist]
    conflicts: Sequence[Found]
    plan: Plan
    problems: Sequence[RuleError]

    @property
    def loads(self) -> list[Load]:
        read = Counter(reading.judge for reading in self.plan.readings)
        barred = Counter(conflict.panelist.pk for conflict in self.conflicts)
        return [
            Load(
                panelist=panelist,
                entry_count=read[str(panelist.pk)],
                conflict_count=barred[panelist.pk],
            )
            for panelist in self.panel
        ]


def plan_opening(
    stage: Stage, *, at: datetime, seed: int, draft: AssignmentDraft | None = None
) -> Opening:
    """What the draft says, or without one what the portal would hand out by itself."""
    situation = situation_of(stage, at=at)
    field, wanted = situation.field, situation.wanted
    plan = (
        plan_of(field, reasons_in(draft), wanted=draft.readings, seed=draft.seed)
        if draft
        else assign_panels(field, wanted=wanted, seed=seed)
    )
    submissions = list(situation.submissions.values())
    panel = list(situation.panel.values())
    problems = [
        *law_problems(stage),
        *spread_problems(stage, submissions),
        *_field_problems(stage, submissions, panel, plan),
    ]
    return Opening(
        submissions=submissions,
        panel=panel,
        conflicts=situation.conflicts,
        plan=plan,
        problems=problems,
    )


def law_problems(stage: Stage) -> list[RuleError]:
    """Why the stage could never open: its law contradicts itself or names what is not there."""
    prefetch_related_objects([stage], "criteria")
    try:
        law = law_of(stage)
    except LawError as error:
        return [error]
    before = Stage.objects.filter(
        competition_id=stage.competition_id, order__lt=stage.order, key__in=law.earlier_stages
    )
    unknown = law.earlier_stages - {each.key for each in before}
    return [
        *(
            LawError(
                gettext_noop("The weights name the stage %(name)s, which is not an earlier stage."),
                code="unknown_stage",
                name=name,
            )
            for name in sorted(unknown)
        ),
        *_level_problems(stage),
    ]


def _level_problems(stage: Stage) -> Iterator[LawError]:
    """Labels beside the scale would guide judges to values that the form refuses."""
    for criterion in stage.criteria.all():
        values = [Decimal(str(level["value"])) for level in criterion.levels]
        on_scale = all(stage.scale_min <= value <= stage.scale_max for value in values)
        if not on_scale or values != sorted(values):
            yield LawError(
                gettext_noop("The levels of %(name)s must lie on the scale, from low to high."),
                code="levels",
                name=criterion.label,
            )


def spread_problems(stage: Stage, submissions: Iterable[Submission]) -> list[RuleError]:
    """Whoever stands in no group could not be ranked at the close."""
    if not stage.spread_by:
        return []
    name = GROUPS[SpreadBy(stage.spread_by)]
    return [
        RuleError(
            gettext_noop("The law spreads by group, and %(entry)s has none."),
            code="no_group",
            entry=each.proposal.title,
        )
        for each in submissions
        if getattr(each.proposal, name) is None
    ]


def _field_problems(
    stage: Stage, submissions: Sequence[Submission], panel: Sequence[Panelist], plan: Plan
) -> list[RuleError]:
    before = previous_stage(stage)
    undecided = stage.competition.proposals.filter(status__in=UNDECIDED).count()
    checks = [
        *_checks_before(before),
        (
            before is None and undecided > 0,
            RuleError(
                gettext_noop("%(count)s proposals wait for their screening. Decide them first."),
                code="unscreened",
                count=undecided,
            ),
        ),
        (
            not submissions,
            RuleError(gettext_noop("There is no entry to judge."), code="no_entries"),
        ),
        (not panel, RuleError(gettext_noop("Nobody sits on the panel."), code="no_panel")),
        (
            bool(panel and submissions) and plan.readings_min < stage.min_readings,
            RuleError(
                gettext_noop(
                    "An entry would have %(count)s readings; the law asks for %(needed)s. "
                    "Seat more judges."
                ),
                code="too_few_judges",
                count=plan.readings_min,
                needed=stage.min_readings,
            ),
        ),
    ]
    return [problem for is_met, problem in checks if is_met]


def _checks_before(before: Stage | None) -> list[tuple[bool, RuleError]]:
    """What the stage before may still change of who comes."""
    if before is None:
        return []
    return [
        (
            before.status not in FROZEN,
            RuleError(gettext_noop("Close the stage before this one first."), code="too_early"),
        ),
        (
            session_of(before) is not None,
            RuleError(
                gettext_noop("The plenary on the stage before this is in session. End it first."),
                code="in_session",
            ),
        ),
    ]
