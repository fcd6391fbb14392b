"""What must hold in judging at any time; each check answers with the sentences of the offenders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q

from judging.models import Assignment, Conflict, Publication, Ranking, Score, Stage, Standing
from judging.queries.law import entries_from_plain, law_of
from judging.ranking import (
    Law,
    RuleError,
    inputs_hash,
    law_from_plain,
    moves_from_plain,
    rank_entries,
    reorder,
)
from judging.ranking.scores import card_total
from judging.workflow import READERS, AssignmentStatus, PublicationStatus, StageStatus

StandingFacts = tuple[object, ...]


def submitted_sheets_add_up(_at: datetime) -> Iterator[str]:
    """6: every criterion that counts has a value, and the stored total is the law's."""
    for stage in Stage.objects.exclude(status=StageStatus.SETUP).prefetch_related("criteria"):
        law = law_of(stage)
        sheets = Assignment.objects.filter(
            entry__stage=stage, status=AssignmentStatus.SUBMITTED
        ).prefetch_related(Prefetch("scores", Score.objects.select_related("criterion")))
        for sheet in sheets:
            yield from _sheet_offences(sheet, law)


def _sheet_offences(sheet: Assignment, law: Law) -> Iterator[str]:
    given = {score.criterion.key: score.value for score in sheet.scores.all()}
    card = {key: value for key, value in given.items() if value is not None}
    missing = sorted(law.weights.keys() - card.keys())
    if missing:
        yield f"Scorecard {sheet.pk} is submitted without {', '.join(missing)}."
    elif sheet.total != card_total(law, card):
        yield f"Scorecard {sheet.pk} says {sheet.total}; its values make {card_total(law, card)}."


def values_lie_on_the_scale(_at: datetime) -> Iterator[str]:
    """6: no value beside the stage's scale, and none on a criterion of another stage."""
    for score in Score.objects.exclude(value=None).select_related(
        "criterion__stage", "assignment__entry"
    ):
        if score.criterion.stage_id != score.assignment.entry.stage_id:
            yield f"Value {score.pk} belongs to a criterion of another stage."
        elif score.value is not None and not score.criterion.stage.scale.allows(score.value):
            yield f"Value {score.pk} is {score.value}, which is not on the scale of its stage."


def scored_sheets_are_free_of_conflict(_at: datetime) -> Iterator[str]:
    """6: whoever has a conflict on record, or has not declared, has submitted nothing."""
    barring = Conflict.objects.filter(panelist=OuterRef("panelist"), entry=OuterRef("entry"))
    submitted = Assignment.objects.filter(status=AssignmentStatus.SUBMITTED)
    for pk in submitted.filter(Exists(barring)).values_list("pk", flat=True):
        yield f"Scorecard {pk} is submitted although a conflict is on record."
    for pk in submitted.filter(declared_at=None).values_list("pk", flat=True):
        yield f"Scorecard {pk} is submitted without a declaration."


def sheets_and_values_exist_once(_at: datetime) -> Iterator[str]:
    """7: one sheet per judge and entry, one value per sheet and criterion."""
    sheets = Assignment.objects.values("panelist", "entry").annotate(count=Count("pk"))
    for row in sheets.filter(count__gt=1):
        yield f"Judge seat {row['panelist']} has {row['count']} sheets for entry {row['entry']}."
    values = Score.objects.values("assignment", "criterion").annotate(count=Count("pk"))
    for twice in values.filter(count__gt=1):
        yield f"Scorecard {twice['assignment']} has {twice['count']} values on one criterion."


def rankings_recompute(_at: datetime) -> Iterator[str]:
    """8: the frozen inputs give the frozen hash and the frozen standings, line by line."""
    for ranking in Ranking.objects.all():
        try:
            law = law_from_plain(ranking.law)
            entries = entries_from_plain(ranking.inputs)
            lines = reorder(
                law,
                rank_entries(law, entries).lines,
                entries=entries,
                moves=moves_from_plain(ranking.reorderings),
            )
        except RuleError as error:
            yield f"Ranking {ranking.pk} cannot be recomputed: {error}"
            continue
        if inputs_hash(law, entries) != ranking.inputs_hash:
            yield f"Ranking {ranking.pk} does not have the hash of its inputs."
        computed: list[StandingFacts] = [
            (
                *(line.key, line.rank, line.place, line.law_place, line.cumulative),
                *(line.advances, list(line.tiers)),
            )
            for line in lines
        ]
        if computed != _standing_facts(ranking):
            yield f"Ranking {ranking.pk} says something else than its inputs."


def _standing_facts(ranking: Ranking) -> list[StandingFacts]:
    standings = Standing.objects.filter(ranking=ranking).order_by("order")
    return list(
        standings.values_list(
            "entry__submission__receipt",
            *("rank", "place", "law_place", "score", "advances", "tiers"),
        )
    )


def one_publication_is_current(_at: datetime) -> Iterator[str]:
    """9: a competition has one released version at most."""
    current = Publication.objects.filter(status=PublicationStatus.RELEASED)
    counts = current.values("competition__slug").annotate(count=Count("pk"))
    for row in counts.filter(count__gt=1):
        yield f"{row['competition__slug']} has {row['count']} released versions of its results."


def published_stages_are_locked(_at: datetime) -> Iterator[str]:
    """10: a released version rests on a published stage and on its newest ranking."""
    current = Publication.objects.filter(
        status=PublicationStatus.RELEASED, unveiled_at__isnull=False
    )
    unlocked = current.exclude(ranking__stage__status=StageStatus.PUBLISHED)
    for pk in unlocked.values_list("pk", flat=True):
        yield f"Publication {pk} is released while its stage is not locked."
    newer = Ranking.objects.filter(
        stage=OuterRef("ranking__stage"), version__gt=OuterRef("ranking__version")
    )
    for pk in current.filter(Exists(newer)).values_list("pk", flat=True):
        yield f"Publication {pk} is released although a newer ranking exists."
    published = Stage.objects.filter(status=StageStatus.PUBLISHED)
    released = current.filter(ranking__stage=OuterRef("pk"))
    for pk in published.exclude(Exists(released)).values_list("pk", flat=True):
        yield f"Stage {pk} is published without a released version."


def sheets_belong_to_the_stage(_at: datetime) -> Iterator[str]:
    """18: a judge sees the sheets of the own seat, of the stage of that seat, and none in setup."""
    strays = Assignment.objects.filter(
        ~Q(panelist__stage_id=F("entry__stage_id")) | Q(entry__stage__status=StageStatus.SETUP)
    )
    for pk in strays.values_list("pk", flat=True):
        yield f"Scorecard {pk} joins a judge and an entry that do not belong together."
    unasked = Assignment.objects.exclude(panelist__status__in=READERS)
    for pk in unasked.values_list("pk", flat=True):
        yield f"Scorecard {pk} belongs to somebody who has not accepted the seat."
    recused = Assignment.objects.filter(status=AssignmentStatus.RECUSED)
    noted = Conflict.objects.filter(panelist=OuterRef("panelist"), entry=OuterRef("entry"))
    for pk in recused.exclude(Exists(noted)).values_list("pk", flat=True):
        yield f"Scorecard {pk} is recused without a conflict on record."


INVARIANTS = (
    submitted_sheets_add_up,
    values_lie_on_the_scale,
    scored_sheets_are_free_of_conflict,
    sheets_and_values_exist_once,
    rankings_recompute,
    one_publication_is_current,
    published_stages_are_locked,
    sheets_belong_to_the_stage,
)
