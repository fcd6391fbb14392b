"""Who holds what: the committee's board, without the text or title of what it has not received."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict, TypeVar

from django.db.models import Count, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Unit
from competitions.models import AttachmentSlot, Competition, Section
from proposals.models import Answer, Attachment, Proposal
from proposals.queries.people import idle_units
from proposals.queries.progress import with_receipt
from proposals.workflow import HOLDERS, RECEIVED, UNFINISHED, Holder, ProposalStatus

Counted = TypeVar("Counted", bound=Model)


@dataclass(frozen=True, slots=True)
class BoardRow:
    pk: int
    title: str
    unit: str
    agency: str
    track: str
    status: str
    status_label: str
    tone: str
    holder: str
    holder_label: str
    held_since: datetime
    days_held: int
    percent: int
    receipt: str
    submitted_at: datetime | None
    is_readable: bool
    is_chaseable: bool


@dataclass(frozen=True, slots=True)
class Funnel:
    """Counts of the present moment; `idle` are units that have not started."""

    idle: int
    unfinished: int
    awaiting: int
    submitted: int
    eligible: int
    ineligible: int


def funnel_of(competition: Competition) -> Funnel:
    counts = dict(
        Proposal.objects.filter(competition=competition)
        .values_list("status")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return Funnel(
        idle=idle_units(competition).count(),
        unfinished=sum(counts.get(status, 0) for status in UNFINISHED),
        awaiting=counts.get(ProposalStatus.AWAITING, 0),
        submitted=counts.get(ProposalStatus.SUBMITTED, 0),
        eligible=counts.get(ProposalStatus.ELIGIBLE, 0),
        ineligible=counts.get(ProposalStatus.INELIGIBLE, 0),
    )


class Chosen(TypedDict, total=False):
    """What the board is filtered by; nothing chosen shows everything."""

    status: str
    holder: str
    agency: Unit | None
    text: str


def board_of(competition: Competition, *, chosen: Chosen) -> QuerySet[Proposal]:
    """Filtered by `status`, `holder`, `agency` (a unit) and `text`; what waits longest is first.

    Text finds titles only of what was received: a search must not tell what a list hides.
    """
    proposals = Proposal.objects.filter(competition=competition)
    if status := chosen.get("status"):
        proposals = proposals.filter(status=status)
    if holder := chosen.get("holder"):
        proposals = proposals.filter(status__in=[s for s, by in HOLDERS.items() if by == holder])
    if agency := chosen.get("agency"):
        proposals = proposals.filter(endorsing_unit=agency)
    if text := chosen.get("text"):
        proposals = proposals.filter(
            Q(unit__name__icontains=text)
            | Q(endorsing_unit__name__icontains=text)
            | Q(status__in=RECEIVED, title__icontains=text)
            | Q(status__in=RECEIVED, submissions__receipt__iexact=text)
        ).distinct()
    return (
        with_receipt(with_counts(proposals))
        .select_related("unit", "endorsing_unit", "track")
        .order_by("held_since", "pk")
    )


def with_counts(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Adds `done_count` of `wanted_count`: required sections and files that are there."""
    sections = Section.objects.filter(track=OuterRef("track"), is_required=True)
    slots = AttachmentSlot.objects.filter(track=OuterRef("track"), is_required=True)
    answers = Answer.objects.filter(
        proposal=OuterRef("pk"), section__is_required=True, word_count__gt=0
    )
    files = Attachment.objects.filter(proposal=OuterRef("pk"), slot__is_required=True)
    return proposals.annotate(
        wanted_count=_count(sections, "track") + _count(slots, "track"),
        done_count=_count(answers, "proposal") + _count(files, "proposal", over="slot"),
    )


def _count(rows: QuerySet[Counted], by: str, *, over: str = "pk") -> Coalesce:
    counted = rows.order_by().values(by).annotate(count=Count(over, distinct=True)).values("count")
    return Coalesce(Subquery(counted), 0)


def agencies_in(competition: Competition) -> QuerySet[Unit]:
    return Unit.objects.filter(to_endorse__competition=competition).distinct()


def board_rows(proposals: Iterable[Proposal], *, at: datetime) -> list[BoardRow]:
    return [_row(proposal, at=at) for proposal in proposals]


def _row(proposal: Proposal, *, at: datetime) -> BoardRow:
    is_readable = proposal.status in RECEIVED
    return BoardRow(
        pk=proposal.pk,
        title=proposal.title if is_readable else "",
        unit=proposal.unit.name,
        agency=proposal.endorsing_unit.name,
        track=proposal.track.name,
        status=proposal.status,
        status_label=proposal.get_status_display(),
        tone=proposal.tone,
        holder=proposal.holder.value,
        holder_label=str(Holder(proposal.holder).label),
        held_since=proposal.held_since,
        days_held=max(0, (at - proposal.held_since).days),
        percent=percent_of(proposal),
        receipt=getattr(proposal, "receipt", "") or "",
        submitted_at=proposal.submitted_at,
        is_readable=is_readable,
        is_chaseable=proposal.holder in {Holder.AUTHOR, Holder.ENDORSER},
    )


def percent_of(proposal: Proposal) -> int:
    """Rounded down; needs `with_counts`."""
    wanted: int = getattr(proposal, "wanted_count", 0)
    done: int = getattr(proposal, "done_count", 0)
    return 100 * min(done, wanted) // wanted if wanted else 100
