"""What an assignment is planned from: judges, entries, conflicts and the work that was begun."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from competitions.models import Category, Track
from judging.assigning import Field, Pair, Reader, Reason, default_readings, field_hash
from judging.models import (
    Assignment,
    AssignmentDraft,
    Conflict,
    Entry,
    NamesakeDismissal,
    Panel,
    Panelist,
    Stage,
    Standing,
)
from judging.panels import scoring_kinds
from judging.queries.conflicts import Found, dismissals_in, find_conflicts
from judging.queries.law import latest_ranking, previous_stage
from judging.workflow import AssignmentStatus, SeatStatus, StageStatus
from proposals.models import Submission
from proposals.workflow import ProposalStatus

BEGUN = Q(started_at__isnull=False) | Q(declared_at__isnull=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """`field.kept`: what a plan leaves where it is. `begun`: what no move may take away.

    Panel and submissions by the keys of `judging.assigning`: seat and receipt.
    """

    panel: Mapping[str, Panelist]
    submissions: Mapping[str, Submission]
    conflicts: Sequence[Found]
    field: Field
    wanted: Mapping[str, int | None]
    held: frozenset[Pair]
    begun: frozenset[Pair]

    @property
    def hash(self) -> str:
        return field_hash(self.field, wanted=self.wanted)


def situation_of(
    stage: Stage, *, at: datetime, readings: Mapping[str, int | None] | None = None
) -> Situation:
    """`readings`: other numbers than the stage's own, by kind of panel."""
    submissions = {each.receipt: each for each in submissions_in(stage)}
    panel = {str(each.pk): each for each in seats_of(stage)}
    conflicts = find_conflicts(list(panel.values()), list(submissions.values()), at=at)
    held, begun = _work_in(stage)
    noted = Conflict.objects.filter(entry__stage=stage).values_list(
        "panelist_id", "entry__submission__receipt"
    )
    barred = {(str(judge), receipt) for judge, receipt in noted} | {
        (str(each.panelist.pk), each.submission.receipt) for each in conflicts
    }
    field = Field(
        readers=tuple(_reader(each) for each in panel.values()),
        entries=tuple(submissions),
        topics={receipt: _topics(each) for receipt, each in submissions.items()},
        conflicts=frozenset(barred) - held,
        kept=frozenset(pair for pair in held if pair[0] in panel),
    )
    return Situation(
        panel=panel,
        submissions=submissions,
        conflicts=conflicts,
        field=field,
        wanted={**wanted_readings(stage, field), **(readings or {})},
        held=held,
        begun=begun,
    )


def loosened(situation: Situation) -> Situation:
    """Free what nobody has opened, so that a plan may hand it to others."""
    field = situation.field
    return replace(situation, field=replace(field, kept=field.kept & situation.begun))


def seats_of(stage: Stage) -> QuerySet[Panelist]:
    """Judges who score: they have accepted, or left and their submitted sheets still count."""
    return (
        stage.panel.filter(
            Q(status=SeatStatus.ACCEPTED)
            | Q(
                status=SeatStatus.LEFT,
                assignments__status=AssignmentStatus.SUBMITTED,
            ),
            kind__in=scoring_kinds(stage.kind),
        )
        .distinct()
        .select_related("user")
        .prefetch_related(
            Prefetch("tracks", Track.objects.only("pk")),
            Prefetch("categories", Category.objects.only("pk")),
        )
    )


def wanted_readings(stage: Stage, field: Field) -> dict[str, int | None]:
    """By kind: the panel's own number, the stage's, or what suits the size of the field."""
    own = dict(Panel.objects.filter(stage=stage).values_list("kind", "readings"))
    return {
        kind: own.get(kind)
        or stage.readings
        or default_readings(judges=len(field.of_panel(kind).readers), entries=len(field.entries))
        for kind in field.panels
    }


def submissions_in(stage: Stage) -> QuerySet[Submission]:
    """The entries of an open stage; before that, what it would pull. Without the frozen texts."""
    if stage.status == StageStatus.SETUP:
        found = submissions_for(stage)
    else:
        found = Submission.objects.filter(entries__stage=stage)
    return (
        found.select_related("proposal__unit")
        .defer("content", "claim_checks")
        .order_by("proposal__title", "pk")
    )


def conflicts_in(stage: Stage, *, at: datetime) -> list[Found]:
    """What is found without looking at the plan."""
    panel = seats_of(stage).prefetch_related(None)
    return find_conflicts(list(panel), list(submissions_in(stage)), at=at)


def dismissed_pairs(stage: Stage) -> list[tuple[NamesakeDismissal, int, str]]:
    """Each dismissal with its judge's seat and its entry's receipt, none where it is no entry."""
    dismissed = list(dismissals_in(stage))
    if not dismissed:
        return []
    seats = dict(stage.panel.values_list("user_id", "pk"))
    receipts = dict(submissions_in(stage).values_list("proposal_id", "receipt"))
    return [(row, seats[row.user_id], receipts.get(row.proposal_id, "")) for row in dismissed]


def submissions_for(stage: Stage) -> QuerySet[Submission]:
    """The eligible proposals for a first stage; else who advanced from the stage before."""
    wanted = Submission.objects.filter(
        proposal__competition_id=stage.competition_id,
        proposal__status=ProposalStatus.ELIGIBLE,
        superseded_at=None,
    )
    before = previous_stage(stage)
    if before is None:
        return wanted
    advanced = Standing.objects.filter(ranking=latest_ranking(before), advances=True)
    return wanted.filter(proposal__in=advanced.values("entry__proposal_id"))


def entries_by_receipt(stage: Stage) -> dict[str, Entry]:
    rows = stage.entries.select_related("proposal__unit", "submission")
    return {each.submission.receipt: each for each in rows.defer("submission__content")}


def reasons_in(draft: AssignmentDraft) -> dict[Pair, Reason]:
    return {(judge, entry): Reason(reason) for judge, entry, reason in draft.pairs}


def _reader(panelist: Panelist) -> Reader:
    """Whoever left keeps what was submitted and gets nothing more."""
    capacity = 0 if panelist.status == SeatStatus.LEFT else panelist.capacity
    topics = [f"category:{each.pk}" for each in panelist.categories.all()]
    topics += [f"track:{each.pk}" for each in panelist.tracks.all()]
    return Reader(str(panelist.pk), capacity, panel=panelist.kind, topics=frozenset(topics))


def _topics(submission: Submission) -> tuple[str, ...]:
    proposal = submission.proposal
    category = [f"category:{proposal.category_id}"] if proposal.category_id else []
    return (*category, f"track:{proposal.track_id}")


def _work_in(stage: Stage) -> tuple[frozenset[Pair], frozenset[Pair]]:
    """Who reads what now, and of that what was begun; a recused sheet is nobody's.

    What a judge who left has not submitted is read by somebody else, too.
    """
    sheets = Assignment.objects.filter(entry__stage=stage).exclude(status=AssignmentStatus.RECUSED)
    sheets = sheets.exclude(~Q(status=AssignmentStatus.SUBMITTED), panelist__status=SeatStatus.LEFT)
    columns = ("panelist_id", "entry__submission__receipt")
    held = {(str(judge), receipt) for judge, receipt in sheets.values_list(*columns)}
    begun = {(str(judge), receipt) for judge, receipt in sheets.filter(BEGUN).values_list(*columns)}
    return frozenset(held), frozenset(begun)
