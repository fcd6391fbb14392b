"""What opening a stage would do: the entries it pulls, the conflicts it finds, who reads what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from accounts.models import Membership
from judging.assigning import Field, Plan, Reader, assign_entries, default_readings
from judging.models import Panelist, Stage, Standing
from judging.queries.law import latest_ranking, law_of, previous_stage
from judging.ranking import LawError, RuleError
from judging.ranking.errors import gettext_noop
from judging.workflow import StageStatus
from proposals.models import Submission
from proposals.workflow import ProposalStatus

# Whoever left a unit within this time is still in conflict with its proposals.
CONFLICT_MEMORY = timedelta(days=730)
FROZEN = frozenset({StageStatus.CLOSED, StageStatus.PUBLISHED})
UNDECIDED = frozenset({ProposalStatus.SUBMITTED, ProposalStatus.COMPLETION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinship:
    """A judge and an entry that the unit tree keeps apart; `unit_name` is the judge's unit."""

    panelist: Panelist
    submission: Submission
    unit_name: str


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
    conflicts: Sequence[Kinship]
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


def plan_opening(stage: Stage, *, at: datetime, seed: int) -> Opening:
    submissions = list(submissions_for(stage))
    panel = list(stage.panel.select_related("user"))
    conflicts = find_kinships(panel, submissions, at=at)
    field = Field(
        readers=tuple(Reader(str(panelist.pk), panelist.capacity) for panelist in panel),
        entries=tuple(submission.receipt for submission in submissions),
        conflicts=frozenset((str(each.panelist.pk), each.submission.receipt) for each in conflicts),
    )
    readings = stage.readings or default_readings(judges=len(panel), entries=len(submissions))
    plan = assign_entries(field, readings=readings, seed=seed)
    return Opening(
        submissions=submissions,
        panel=panel,
        conflicts=conflicts,
        plan=plan,
        problems=[*law_problems(stage), *_field_problems(stage, submissions, panel, plan)],
    )


def submissions_for(stage: Stage) -> QuerySet[Submission]:
    """The eligible proposals for a first stage; else who advanced from the stage before."""
    wanted = Submission.objects.filter(
        proposal__competition_id=stage.competition_id,
        proposal__status=ProposalStatus.ELIGIBLE,
        superseded_at=None,
    )
    before = previous_stage(stage)
    if before is not None:
        advanced = Standing.objects.filter(ranking=latest_ranking(before), advances=True)
        wanted = wanted.filter(proposal__in=advanced.values("entry__proposal_id"))
    return wanted.select_related("proposal__unit").order_by("proposal__title", "pk")


def find_kinships(
    panel: Sequence[Panelist], submissions: Sequence[Submission], *, at: datetime
) -> list[Kinship]:
    """Judges of the proposal's unit, or of one above or below it, now or in the last two years."""
    units = defaultdict(list)
    memberships = Membership.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=at - CONFLICT_MEMORY),
        user__in=[panelist.user_id for panelist in panel],
    )
    for membership in memberships.select_related("unit"):
        units[membership.user_id].append(membership.unit)
    found = []
    for panelist in panel:
        for submission in submissions:
            kin = [u for u in units[panelist.user_id] if u.is_kin_of(submission.proposal.unit)]
            if kin:
                kinship = Kinship(panelist=panelist, submission=submission, unit_name=kin[0].name)
                found.append(kinship)
    return found


def law_problems(stage: Stage) -> list[RuleError]:
    """Why the stage could never open: its law contradicts itself or names what is not there."""
    try:
        law = law_of(stage)
    except LawError as error:
        return [error]
    before = Stage.objects.filter(
        competition_id=stage.competition_id, order__lt=stage.order, key__in=law.earlier_stages
    )
    unknown = law.earlier_stages - {each.key for each in before}
    return [
        LawError(
            gettext_noop("The weights name the stage %(name)s, which is not an earlier stage."),
            code="unknown_stage",
            name=name,
        )
        for name in sorted(unknown)
    ]


def _field_problems(
    stage: Stage, submissions: Sequence[Submission], panel: Sequence[Panelist], plan: Plan
) -> list[RuleError]:
    before = previous_stage(stage)
    undecided = stage.competition.proposals.filter(status__in=UNDECIDED).count()
    checks = [
        (
            before is not None and before.status not in FROZEN,
            RuleError(gettext_noop("Close the stage before this one first."), code="too_early"),
        ),
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
