"""The public register: only entries are read here, and an entry holds what everybody may know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, TypedDict
from uuid import UUID

from django.contrib.postgres.search import (
    SearchQuery,
    SearchRank,
    TrigramWordSimilarity,
)
from django.db.models import Case, F, Func, Q, QuerySet, When
from django.db.models.expressions import CombinedExpression

from accounts.models import Unit
from competitions.queries import public_stamp
from competitions.roles import Actor
from kipp.lib.prepared import Prepared
from kipp.lib.web import PAGE
from proposals.models import EarlierAward, Proposal, RegisterEntry, Submission
from proposals.models.innovation import innovation_number
from proposals.queries.files import photo_of
from proposals.stemming import Piece, Wanted, mark, roots_of, snippet, wanted_in


class Asked(TypedDict):
    text: str
    year: int | None
    kind: str
    category: str
    tier: str
    goal: int | None


@dataclass(frozen=True, slots=True)
class Choices:
    """How long the whole register is, and what there is to filter it by."""

    count: int
    years: list[int]
    kinds: list[str]
    categories: list[str]
    tiers: list[str]
    goals: list[int]


@dataclass(frozen=True, slots=True)
class Found:
    """An entry as a list shows it; `photo`: whose first image stands for it, if any's does."""

    pk: int
    number: str
    year: str
    title: list[Piece]
    expansion: list[Piece]
    text: list[Piece]
    unit: str
    tiers: str
    photo: int | None


@dataclass(frozen=True, slots=True)
class Win:
    """What one contest gave: `tiers` in a row; the proposal if it was in this portal."""

    contest: str
    level: str
    year: int | None
    tiers: tuple[str, ...]
    submission: Submission | None
    has_photo: bool


def asked_for(asked: Asked) -> QuerySet[RegisterEntry, int] | list[int]:
    """The keys of the entries, the best first; a search is read as a whole, and so counted."""
    chosen = Q()
    if asked["year"]:
        chosen &= Q(years__contains=[asked["year"]])
    if asked["kind"]:
        chosen &= Q(innovation__unit__kind=asked["kind"])
    if asked["category"]:
        chosen &= Q(categories__contains=[asked["category"]])
    if asked["tier"]:
        chosen &= Q(tiers__contains=[asked["tier"]])
    if asked["goal"]:
        chosen &= Q(sdgs__contains=[asked["goal"]])
    entries = RegisterEntry.objects.filter(chosen)
    if asked["text"]:
        return list(_searched(entries, asked["text"]).values_list("pk", flat=True))
    return entries.values_list("pk", flat=True)


def first_found() -> list[Found]:
    """The first page of everything, which most looks at the register ask for."""
    return list(_found_in(FIRST.ask(), wanted=Wanted()))


def found_under(keys: Sequence[int], *, text: str) -> list[Found]:
    """In the order of the keys, with the words of the text marked."""
    wanted = wanted_in(text) if text else Wanted()
    rows = _facts_of(RegisterEntry.objects.filter(pk__in=keys).order_by())
    found = {each.pk: each for each in _found_in(rows, wanted=wanted)}
    return [found[key] for key in keys if key in found]


def _facts_of(entries: QuerySet[RegisterEntry]) -> QuerySet[RegisterEntry, Any]:
    return entries.values_list(
        "pk",
        "title",
        "expansion",
        "summary",
        "last_year",
        "tiers",
        "pictured",
        "innovation__unit__name",
    )


FIRST = Prepared(lambda: _facts_of(RegisterEntry.objects.all())[:PAGE])


def _found_in(facts: Iterable[Any], *, wanted: Wanted) -> Iterator[Found]:
    return (
        Found(
            pk=pk,
            number=innovation_number(pk),
            year=str(year or ""),
            title=mark(title, wanted=wanted),
            expansion=mark(expansion, wanted=wanted),
            text=snippet(summary, wanted=wanted),
            unit=unit or "",
            tiers=" · ".join(tiers),
            photo=photo,
        )
        for pk, title, expansion, summary, year, tiers, photo, unit in facts
    )


def _searched(entries: QuerySet[RegisterEntry], text: str) -> QuerySet[RegisterEntry]:
    """By PostgreSQL's stems, by roots, by a name with typing errors, or by the number itself."""
    roots = SearchQuery(" ".join(roots_of(text)), config="simple", search_type="plain")
    query = SearchQuery(text, config="indonesian", search_type="websearch") | roots
    folded = text.casefold()
    # Comparing letters costs more than all the rest: only where the index says that it is worth it.
    named = RegisterEntry.objects.filter(names__trigram_word_similar=folded).order_by()
    alike = set(named.values_list("pk", flat=True))
    nearness: CombinedExpression | SearchRank = SearchRank(F("vector"), query)
    if alike:
        likeness = TrigramWordSimilarity(folded, "names")
        nearness += Case(When(pk__in=alike, then=likeness), default=0.0)
    if number := number_in(text):
        alike.add(number)
    found = entries.filter(Q(vector=query) | Q(pk__in=alike))
    return found.order_by(nearness.desc(), "-last_year", "title", "pk")


def number_in(text: str) -> int | None:
    """`INOV-000123`, however it was typed."""
    digits = text.upper().removeprefix("INOV").lstrip("-").strip()
    is_number = text.upper().startswith("INOV") and digits.isdecimal() and len(digits) <= 9
    return int(digits) if is_number else None


def choices() -> Choices:
    """Read again only when something that the register shows was written."""
    stamp = public_stamp()
    return _choices_under(stamp) if stamp else _read_choices()


@lru_cache(maxsize=1)
def _choices_under(_stamp: UUID) -> Choices:
    return _read_choices()


def _read_choices() -> Choices:
    kinds = Unit.objects.filter(innovations__entry__isnull=False).exclude(kind="")
    return Choices(
        count=RegisterEntry.objects.count(),
        years=sorted(_each("years"), reverse=True),
        kinds=list(kinds.order_by("kind").values_list("kind", flat=True).distinct()),
        categories=sorted(_each("categories")),
        tiers=sorted(_each("tiers")),
        goals=sorted(_each("sdgs")),
    )


def _each(column: str) -> Iterable[Any]:
    each = Func(F(column), function="unnest")
    rows = RegisterEntry.objects.order_by().annotate(each=each)
    return rows.values_list("each", flat=True).distinct()


def wins_of(entry: RegisterEntry) -> list[Win]:
    """Newest first; the tiers of one contest in one line."""
    awards = EarlierAward.objects.filter(innovation=entry.pk).select_related("submission")
    ordered = awards.order_by(F("year").desc(nulls_last=True), "contest", "pk")
    return [
        _win(list(group))
        for _key, group in groupby(ordered, key=lambda award: (award.year, award.contest))
    ]


def _win(awards: Sequence[EarlierAward]) -> Win:
    first = awards[0]
    submission = next((award.submission for award in awards if award.submission), None)
    return Win(
        contest=first.contest,
        level=first.level,
        year=first.year,
        tiers=tuple(award.tier for award in awards),
        submission=submission,
        has_photo=bool(submission and photo_of(submission)),
    )


def known_proposals(entry_pk: int, *, actor: Actor) -> QuerySet[Proposal]:
    """Those that this person may open anyway."""
    mine = Proposal.objects.visible_to(actor).filter(innovation=entry_pk)
    return mine.select_related("competition").order_by("-created_at")
