"""What an assignment is planned from: judges, entries, conflicts and the work that was begun."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

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
from judging.queries.conflicts import Found, dismissals_in, find_conflicts
from judging.queries.law import newest_of, previous_stage
from judging.workflow import AssignmentStatus, SeatStatus, StageStatus
from kipp.lib.together import ask_together
from proposals.models import Submission
from proposals.workflow import ProposalStatus

BEGUN = Q(started_at__isnull=False) | Q(declared_at__isnull=False)
PAIR = ("panelist_id", "entry__submission__receipt")
CATEGORY, TRACK = ("panelist_id", "category_id"), ("panelist_id", "track_id")
Dismissed = tuple[NamesakeDismissal, int, str]


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
    sheets, noted, own, categories, tracks = ask_together(
        _sheets_in(stage),
        Conflict.objects.filter(entry__stage=stage).values_list(*PAIR),
        Panel.objects.filter(stage=stage).values_list("kind", "readings"),
        Panelist.categories.through.objects.filter(panelist__stage=stage).values_list(*CATEGORY),
        Panelist.tracks.through.objects.filter(panelist__stage=stage).values_list(*TRACK),
    )
    held = frozenset((str(judge), receipt) for judge, receipt, _is_begun in sheets)
    barred = {(str(judge), receipt) for judge, receipt in noted} | {
        (str(each.panelist.pk), each.submission.receipt) for each in conflicts
    }
    known = _topics_known(categories, tracks)
    field = Field(
        readers=tuple(_reader(each, topics=known[each.pk]) for each in panel.values()),
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
        wanted={**_wanted(stage, field, own=dict(own)), **(readings or {})},
        held=held,
        begun=frozenset((str(judge), receipt) for judge, receipt, is_begun in sheets if is_begun),
    )


def loosened(situation: Situation) -> Situation:
    """Free what nobody has opened, so that a plan may hand it to others."""
    field = situation.field
    return replace(situation, field=replace(field, kept=field.kept & situation.begun))


def seats_of(stage: Stage) -> QuerySet[Panelist]:
    """They have accepted, or left and their submitted sheets still count."""
    return (
        stage.panel.filter(
            Q(status=SeatStatus.ACCEPTED)
            | Q(
                status=SeatStatus.LEFT,
                assignments__status=AssignmentStatus.SUBMITTED,
            )
        )
        .distinct()
        .select_related("user")
    )


def _wanted(stage: Stage, field: Field, *, own: Mapping[str, int | None]) -> dict[str, int | None]:
    """By kind: the panel's own number, the stage's, or what suits the size of the field."""
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


def conflicts_in(stage: Stage, *, at: datetime) -> tuple[list[Found], list[Dismissed]]:
    """What is found without looking at the plan, and which names were found to be others'.

    Each dismissal with its judge's seat and its entry's receipt, none where it is no entry.
    """
    submissions = list(submissions_in(stage))
    receipts = {each.proposal_id: each.receipt for each in submissions}
    seat = stage.panel.filter(user=OuterRef("user")).values("pk")
    dismissed = dismissals_in(stage).annotate(seat=Subquery(seat))
    return find_conflicts(list(seats_of(stage)), submissions, at=at), [
        (row, row.seat, receipts.get(row.proposal_id, "")) for row in dismissed
    ]


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
    advanced = Standing.objects.filter(ranking__in=newest_of(before), advances=True)
    return wanted.filter(proposal__in=advanced.values("entry__proposal_id"))


def entries_by_receipt(stage: Stage) -> dict[str, Entry]:
    rows = stage.entries.select_related("proposal__unit", "submission")
    return {each.submission.receipt: each for each in rows.defer("submission__content")}


def reasons_in(draft: AssignmentDraft) -> dict[Pair, Reason]:
    return {(judge, entry): Reason(reason) for judge, entry, reason in draft.pairs}


def _reader(panelist: Panelist, *, topics: list[str]) -> Reader:
    """Whoever left keeps what was submitted and gets nothing more."""
    capacity = 0 if panelist.status == SeatStatus.LEFT else panelist.capacity
    return Reader(str(panelist.pk), capacity, panel=panelist.kind, topics=frozenset(topics))


def _topics_known(categories: Iterable[Any], tracks: Iterable[Any]) -> Mapping[int, list[str]]:
    """By seat: what each judge knows best."""
    found: dict[int, list[str]] = defaultdict(list)
    for panelist, category in categories:
        found[panelist].append(f"category:{category}")
    for panelist, track in tracks:
        found[panelist].append(f"track:{track}")
    return found


def _topics(submission: Submission) -> tuple[str, ...]:
    proposal = submission.proposal
    category = [f"category:{proposal.category_id}"] if proposal.category_id else []
    return (*category, f"track:{proposal.track_id}")


def _sheets_in(stage: Stage) -> QuerySet[Assignment, Any]:
    """Who reads what now, and whether it was begun; a recused sheet is nobody's.

    What a judge who left has not submitted is read by somebody else, too.
    """
    sheets = Assignment.objects.filter(entry__stage=stage).exclude(status=AssignmentStatus.RECUSED)
    sheets = sheets.exclude(~Q(status=AssignmentStatus.SUBMITTED), panelist__status=SeatStatus.LEFT)
    return sheets.annotate(is_begun=BEGUN).values_list(*PAIR, "is_begun")
