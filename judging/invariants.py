"""What must hold in judging at any time; each check answers with the sentences of the offenders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q

from judging.clearing import mark_names
from judging.models import (
    Assignment,
    Conflict,
    Feedback,
    Plenary,
    PresentationDay,
    Publication,
    Ranking,
    Reordering,
    Score,
    Slot,
    Stage,
    Standing,
    Timetable,
    Visit,
)
from judging.queries.feedback import names_of
from judging.queries.law import entries_from_plain, law_of
from judging.queries.timetable import left_over
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
from judging.workflow import (
    READERS,
    AssignmentStatus,
    PublicationStatus,
    ReorderingStatus,
    StageStatus,
    VisitStatus,
)
from proposals.content import FieldReport

Check = Callable[[datetime], Iterator[str]]
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
    elif sheet.total != (total := card_total(law.weights, card)):
        yield f"Scorecard {sheet.pk} says {sheet.total}; its values make {total}."


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


def slots_hold_what_they_promise(_at: datetime) -> Iterator[str]:
    """20: within the days, one team of the stage in a room at a time; released with all of them."""
    slots = Slot.objects.select_related("timetable", "entry")
    beside = slots.filter(timetable=OuterRef("timetable"), room=OuterRef("room")).filter(
        ~Q(pk=OuterRef("pk")), starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
    )
    day = PresentationDay.objects.filter(
        timetable=OuterRef("timetable"),
        starts_at__lte=OuterRef("starts_at"),
        ends_at__gte=OuterRef("ends_at"),
    )
    for pk in slots.filter(Exists(beside)).values_list("pk", flat=True):
        yield f"Slot {pk} overlaps with another one of its room."
    for pk in slots.exclude(Exists(day)).values_list("pk", flat=True):
        yield f"Slot {pk} lies outside the days of its timetable."
    strays = slots.exclude(entry=None).exclude(entry__stage=F("timetable__stage"))
    for pk in strays.values_list("pk", flat=True):
        yield f"Slot {pk} holds a team of another stage."
    for timetable in Timetable.objects.filter(released_at__isnull=False):
        for entry in left_over(timetable):
            yield f"Timetable {timetable.pk} is released and has no slot for entry {entry.pk}."


def field_reports_are_what_was_handed_in(_at: datetime) -> Iterator[str]:
    """21: later judges read a report exactly while it is handed in, with its answers and photos."""
    visits = Visit.objects.select_related("entry__stage", "entry__submission")
    for visit in visits.defer("entry__submission__content").prefetch_related("answers", "photos"):
        reports = visit.entry.submission.field_reports
        filed = [each for each in reports if each["stage"] == visit.entry.stage.key]
        if [_report_facts(each) for each in filed] != _visit_facts(visit):
            yield f"Visit {visit.pk} is {visit.status}; its entry's reports say something else."


def _visit_facts(visit: Visit) -> list[StandingFacts]:
    if visit.status != VisitStatus.HANDED_IN:
        return []
    values = sorted((each.value, each.note) for each in visit.answers.all())
    photos = sorted(each.sha256 for each in visit.photos.all())
    return [(str(visit.visited_on), visit.summary, values, photos)]


def _report_facts(report: FieldReport) -> StandingFacts:
    values = sorted((each["value"], each["note"]) for each in report["answers"])
    photos = sorted(each["sha256"] for each in report["photos"])
    return (report["visited_on"], report["summary"], values, photos)


def feedback_names_no_judge(_at: datetime) -> Iterator[str]:
    """22: released after the results, marks looked over, and no name but what a chair let stand."""
    released = Feedback.objects.filter(released_at__isnull=False)
    in_time = Q(publication__unveiled_at__lte=F("released_at"))
    for pk in released.exclude(in_time).values_list("pk", flat=True):
        yield f"Feedback {pk} was released before the results."
    for feedback in released.select_related("publication__ranking__stage"):
        names, unseen = names_of(feedback.publication), feedback.notes.filter(reviewed_at=None)
        for note in unseen:
            if note.is_marked:
                yield f"Note {note.pk} was marked and nobody looked it over."
            elif any(piece.is_name for piece in mark_names(note.text, names=names)):
                yield f"Note {note.pk} names a judge."


def plenaries_are_settled(_at: datetime) -> Iterator[str]:
    """23: one sits on a closed stage alone, leaves nothing waiting, and moves what it confirmed."""
    sitting = Plenary.objects.filter(closed_at=None)
    astray = sitting.exclude(ranking__stage__status=StageStatus.CLOSED)
    for pk in astray.values_list("pk", flat=True):
        yield f"Plenary {pk} sits on a stage that is not closed."
    proposed = Reordering.objects.filter(status=ReorderingStatus.PROPOSED)
    left = proposed.filter(plenary__closed_at__isnull=False)
    for pk in left.values_list("pk", flat=True):
        yield f"Reordering {pk} waits although its plenary has ended."
    for ranking in Ranking.objects.exclude(reorderings=[]).defer("inputs"):
        confirmed = Reordering.objects.filter(
            plenary__ranking__stage=ranking.stage_id,
            status=ReorderingStatus.CONFIRMED,
            decided_at__lte=ranking.frozen_at,
        ).values_list("entry__submission__receipt", "place", "reason")
        moves = {(row["key"], row["place"], row["reason"]) for row in ranking.reorderings}
        if not moves <= set(confirmed):
            yield f"Ranking {ranking.pk} moves what no second person confirmed."


INVARIANTS = (
    submitted_sheets_add_up,
    values_lie_on_the_scale,
    scored_sheets_are_free_of_conflict,
    sheets_and_values_exist_once,
    rankings_recompute,
    one_publication_is_current,
    published_stages_are_locked,
    sheets_belong_to_the_stage,
    slots_hold_what_they_promise,
    field_reports_are_what_was_handed_in,
    feedback_names_no_judge,
    plenaries_are_settled,
)
