"""Who holds what: the committee's board, without the text or title of what it has not received."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from django.db.models import Count, Exists, FilteredRelation, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from accounts.models import Unit
from competitions.models import Competition
from kipp.lib.prepared import Prepared, given
from kipp.lib.web import PAGE
from proposals.models import Proposal, Submission
from proposals.queries.people import IDLE, count_idle
from proposals.workflow import HOLDERS, RECEIVED, TONES, UNFINISHED, Holder, ProposalStatus

CHASEABLE = frozenset({Holder.AUTHOR, Holder.ENDORSER})


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
    # Only of what was received: the number is part of what the committee may open.
    phone: str


@dataclass(frozen=True, slots=True)
class Funnel:
    """Counts of the present moment; `idle` are units that have not started."""

    idle: int
    unfinished: int
    awaiting: int
    submitted: int
    eligible: int
    ineligible: int
    # The withdrawn ones as well.
    all: int


COUNTS = Prepared(
    lambda: (
        Proposal.objects.filter(competition=given("competition"))
        .values_list("status")
        .annotate(count=Count("pk"))
        .order_by()
        .union(count_idle(), all=True)
    )
)


def funnel_of(competition: Competition) -> Funnel:
    host = competition.host
    counts = dict(COUNTS.ask(competition=competition.pk, host=host.pk, path=host.path))
    return Funnel(
        idle=counts.pop(IDLE, 0),
        unfinished=sum(counts.get(status, 0) for status in UNFINISHED),
        awaiting=counts.get(ProposalStatus.AWAITING, 0),
        submitted=counts.get(ProposalStatus.SUBMITTED, 0),
        eligible=counts.get(ProposalStatus.ELIGIBLE, 0),
        ineligible=counts.get(ProposalStatus.INELIGIBLE, 0),
        all=sum(counts.values()),
    )


def status_counts(competitions: Iterable[int]) -> Mapping[int, Counter[str]]:
    """How many proposals have each status, by competition."""
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    rows = Proposal.objects.filter(competition__in=competitions).order_by()
    for competition, status, count in rows.values_list("competition", "status").annotate(
        count=Count("pk")
    ):
        found[competition][status] = count
    return found


class Chosen(TypedDict, total=False):
    """What the board is filtered by; nothing chosen shows everything."""

    status: str
    holder: str
    agency: int | None
    text: str


def board_of(competition: Competition, *, chosen: Chosen) -> QuerySet[Proposal]:
    """Filtered by `status`, `holder`, `agency` (a unit's id) and `text`; what waits longest first.

    Text finds titles only of what was received, and as they were received: a search must not tell
    what a list hides.
    """
    proposals = _waiting(competition)
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
            | Exists(_submissions_with(text))
        )
    return proposals


def _waiting(competition: Any) -> QuerySet[Proposal]:
    return Proposal.objects.filter(competition=competition).order_by("held_since", "pk")


def _submissions_with(text: str) -> QuerySet[Submission]:
    is_shown = Q(superseded_at=None, title__icontains=text) | Q(receipt__iexact=text)
    return Submission.objects.filter(
        is_shown, proposal=OuterRef("pk"), proposal__status__in=RECEIVED
    )


AGENCIES = Prepared(
    lambda: Unit.objects.filter(
        pk__in=Proposal.objects.filter(competition=given("competition")).values("endorsing_unit")
    ).values_list("pk", "name")
)


def agencies_in(competition: Competition) -> list[tuple[int, str]]:
    """Id and name of those that endorse here."""
    return AGENCIES.ask(competition=competition.pk)


# The database counts what is required and what of it is there: once per line of the page.
WANTED = RawSQL(
    """(SELECT count(*) FROM competitions_section part
        WHERE part.track_id = proposals_proposal.track_id AND part.is_required)
     + (SELECT count(*) FROM competitions_attachmentslot part
        WHERE part.track_id = proposals_proposal.track_id AND part.is_required)""",
    (),
)
DONE = RawSQL(
    """(SELECT count(*) FROM proposals_answer given
        JOIN competitions_section part ON part.id = given.section_id
        WHERE given.proposal_id = proposals_proposal.id
          AND given.word_count > 0 AND part.is_required)
     + (SELECT count(DISTINCT given.slot_id) FROM proposals_attachment given
        JOIN competitions_attachmentslot part ON part.id = given.slot_id
        WHERE given.proposal_id = proposals_proposal.id AND part.is_required)""",
    (),
)


def board_rows(proposals: QuerySet[Proposal], *, at: datetime) -> list[BoardRow]:
    return list(_rows(_facts_of(proposals), at=at))


def first_rows(competition: Competition, *, at: datetime) -> list[BoardRow]:
    """The first page of everything, which most looks at a board ask for."""
    return list(_rows(FIRST.ask(competition=competition.pk), at=at))


def every_row(proposals: QuerySet[Proposal], *, at: datetime) -> Iterator[BoardRow]:
    """The same for a list of any length, read while it is sent."""
    return _rows(_facts_of(proposals).iterator(), at=at)


def _rows(facts: Iterable[Any], *, at: datetime) -> Iterator[BoardRow]:
    """What was received stands under the title that it was received with."""
    statuses = {status.value: str(status.label) for status in ProposalStatus}
    holders = {holder: str(holder.label) for holder in Holder}
    return (
        BoardRow(
            pk=pk,
            title=title if status in RECEIVED else "",
            unit=unit,
            agency=agency,
            track=track,
            status=status,
            status_label=statuses[status],
            tone=TONES[status],
            holder=HOLDERS[status].value,
            holder_label=holders[HOLDERS[status]],
            held_since=since,
            days_held=max(0, (at - since).days),
            percent=100 * min(done, wanted) // wanted if wanted else 100,
            receipt=receipt or "",
            submitted_at=submitted_at,
            is_readable=status in RECEIVED,
            is_chaseable=HOLDERS[status] in CHASEABLE,
            phone=phone if status in RECEIVED else "",
        )
        for (
            pk,
            status,
            since,
            submitted_at,
            unit,
            agency,
            track,
            phone,
            receipt,
            title,
            done,
            wanted,
        ) in facts
    )


def _facts_of(proposals: QuerySet[Proposal]) -> QuerySet[Proposal, Any]:
    current = FilteredRelation("submissions", condition=Q(submissions__superseded_at=None))
    return proposals.annotate(current=current).values_list(
        "pk",
        "status",
        "held_since",
        "submitted_at",
        "unit__name",
        "endorsing_unit__name",
        "track__name",
        "contact_phone",
        "current__receipt",
        "current__title",
        DONE,
        WANTED,
    )


FIRST = Prepared(lambda: _facts_of(_waiting(given("competition")))[:PAGE])
