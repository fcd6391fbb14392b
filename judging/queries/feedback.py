"""What an author's feedback sheet is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Avg, QuerySet

from accounts.models import User
from competitions.models import FeedbackScores
from competitions.roles import Actor
from judging.clearing import cleared, mark_names
from judging.models import (
    Entry,
    Feedback,
    FeedbackNote,
    Panelist,
    Publication,
    Ranking,
    Score,
    Stage,
    Standing,
)
from judging.queries.proof import public_rankings
from judging.workflow import AssignmentStatus, PublicationStatus
from proposals.ledger import LedgerRow, ledger_rows
from proposals.models import Proposal
from proposals.queries.desk import claims_of

QUARTERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """A criterion and what all its readings make of it; none where the edition shows none."""

    label: str
    mean: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFeedback:
    """Of what the edition does not show nothing is here: it never leaves the database.

    `law_place`, `law_quarter`: only where the plenary made another of it. `moved`: its reasons for
    this very entry, without names of judges.
    """

    name: str
    readings: int
    criteria: Sequence[Means]
    place: int | None
    score: Decimal | None
    law_place: int | None
    quarter: int | None
    law_quarter: int | None
    moved: Sequence[str]
    ranked: int
    totals: Sequence[Decimal]
    comments: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackSheet:
    publication: Publication
    proposal: Proposal
    title: str
    stages: Sequence[StageFeedback]
    claims: Sequence[LedgerRow]


def stages_behind(publication: Publication) -> list[Stage]:
    return [ranking.stage for ranking in public_rankings(publication)]


def names_of(publication: Publication) -> list[str]:
    """Everybody who judged, under the full name and the drawn alias."""
    panel = Panelist.objects.filter(stage__in=stages_behind(publication))
    people = User.objects.filter(pk__in=panel.values("user"))
    aliases = panel.exclude(alias="").values_list("alias", flat=True)
    return [*people.values_list("full_name", flat=True), *aliases]


def readable_feedback(actor: Actor, proposal: Proposal) -> Feedback | None:
    """The released one that the proposal's own unit may read now."""
    own = proposal.unit_id in actor.author_of or proposal.endorsing_unit_id in actor.endorser_of
    if not own:
        return None
    return (
        Feedback.objects.filter(
            publication__competition=proposal.competition_id,
            publication__status=PublicationStatus.RELEASED,
            publication__unveiled_at__isnull=False,
            released_at__isnull=False,
        )
        .select_related("publication__competition__host", "publication__ranking__stage")
        .defer("publication__ranking__inputs")
        .first()
    )


def sheet_of(feedback: Feedback, proposal: Proposal) -> FeedbackSheet | None:
    """None for a proposal that was not judged."""
    publication = feedback.publication
    entries = Entry.objects.filter(proposal=proposal, stage__in=stages_behind(publication))
    found = list(entries.select_related("stage", "submission").order_by("stage__order", "pk"))
    if not found:
        return None
    submission = found[-1].submission
    rankings = {ranking.stage_id: ranking for ranking in public_rankings(publication)}
    shows = FeedbackScores(publication.competition.feedback_scores)
    return FeedbackSheet(
        publication=publication,
        proposal=proposal,
        title=submission.content["header"]["title"],
        stages=[
            _stage(entry, feedback, ranking=rankings[entry.stage_id], shows=shows)
            for entry in found
        ],
        claims=ledger_rows(claims_of(submission), checks=submission.claim_checks),
    )


def _stage(
    entry: Entry, feedback: Feedback, *, ranking: Ranking, shows: FeedbackScores
) -> StageFeedback:
    standing = Standing.objects.get(ranking=ranking, entry=entry)
    ranked = Standing.objects.filter(ranking=ranking, place__isnull=False).count()
    is_all = shows is FeedbackScores.ALL
    has_means = shows in (FeedbackScores.MEANS, FeedbackScores.ALL)
    place, by_law = standing.place, standing.law_place
    band = (place, by_law) if shows is FeedbackScores.BAND else (None, None)
    quarter, law_quarter = (_quarter(each, ranked=ranked) for each in band)
    return StageFeedback(
        name=entry.stage.name,
        readings=standing.readings,
        criteria=_means(entry, has_means=has_means),
        place=place if is_all else None,
        law_place=by_law if is_all and by_law != place else None,
        score=standing.score if is_all else None,
        quarter=quarter,
        law_quarter=law_quarter if law_quarter != quarter else None,
        moved=_moves_of(entry, feedback, ranking=ranking),
        ranked=ranked,
        # By size: the order of the judges would tell which one is which.
        totals=sorted(map(Decimal, standing.totals.values())) if is_all else (),
        comments=_comments(entry, feedback),
    )


def _quarter(place: int | None, *, ranked: int) -> int | None:
    return None if place is None else min(QUARTERS, (place - 1) * QUARTERS // ranked + 1)


def _moves_of(entry: Entry, feedback: Feedback, *, ranking: Ranking) -> list[str]:
    """The bundle shows every reason to everybody, so no edition hides one from its author."""
    rows = [row for row in ranking.reorderings if row["key"] == entry.submission.receipt]
    names = names_of(feedback.publication) if rows else []
    return [cleared(mark_names(row["reason"], names=names)) for row in rows]


def _means(entry: Entry, *, has_means: bool) -> list[Means]:
    counted = Score.objects.filter(
        assignment__entry=entry, assignment__status=AssignmentStatus.SUBMITTED
    )
    rows = counted.order_by("criterion__order").values_list("criterion__label")
    means = rows.annotate(mean=Avg("value")).values_list("criterion__label", "mean")
    return [
        Means(label=label, mean=mean.quantize(Decimal("0.01")) if mean is not None else None)
        for label, mean in (means if has_means else ())
    ]


def _comments(entry: Entry, feedback: Feedback) -> list[tuple[str, str]]:
    """By criterion; within it by their text, which says nothing of who wrote it."""
    notes = FeedbackNote.objects.filter(feedback=feedback, assignment__entry=entry)
    rows = notes.exclude(text="").order_by("score__criterion__order", "text")
    return [
        (label or "", text) for label, text in rows.values_list("score__criterion__label", "text")
    ]


def notes_to_review(feedback: Feedback) -> QuerySet[FeedbackNote]:
    """What the machine marked comes first."""
    return feedback.notes.select_related(
        "assignment__entry__proposal", "score__criterion"
    ).order_by("-is_marked", "pk")


def judged_proposals(publication: Publication) -> QuerySet[Proposal]:
    judged = Proposal.objects.filter(entries__stage__in=stages_behind(publication))
    return judged.distinct().order_by("title", "pk")
