"""Keeping the public register: an entry says what awards and released submissions say."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.contrib.postgres.search import SearchVector

from proposals.content import public_summary
from proposals.models import EarlierAward, Innovation, RegisterEntry
from proposals.queries.files import photo_of
from proposals.stemming import roots_of

COLUMNS = [
    "title",
    "expansion",
    "sector",
    "summary",
    "years",
    "tiers",
    "categories",
    "sdgs",
    "last_year",
    "pictured",
    "names",
    "stems",
]
LANGUAGE = "indonesian"
VECTOR = (
    SearchVector("title", weight="A", config=LANGUAGE)
    + SearchVector("expansion", weight="B", config=LANGUAGE)
    + SearchVector("sector", "categories", weight="C", config=LANGUAGE)
    + SearchVector("summary", weight="C", config=LANGUAGE)
    + SearchVector("stems", weight="D", config="simple")
)


def renew_entries(innovation_ids: Collection[int]) -> None:
    """The caller holds the innovations. Without an award there is no entry."""
    awards: dict[int, list[EarlierAward]] = {}
    rows = EarlierAward.objects.filter(innovation__in=innovation_ids).select_related("submission")
    for award in rows:
        awards.setdefault(award.innovation_id, []).append(award)
    entries = RegisterEntry.objects.filter(innovation__in=innovation_ids)
    entries.exclude(innovation__in=awards).delete()
    RegisterEntry.objects.bulk_create(
        (
            _entry_of(innovation, awards=awards[innovation.pk])
            for innovation in Innovation.objects.filter(pk__in=awards)
        ),
        update_conflicts=True,
        update_fields=COLUMNS,
        unique_fields=["innovation"],
    )
    entries.update(vector=VECTOR)


def _entry_of(innovation: Innovation, *, awards: Sequence[EarlierAward]) -> RegisterEntry:
    years = sorted({award.year for award in awards if award.year}, reverse=True)
    won = {award.submission.pk: award.submission for award in awards if award.submission}
    newest_first = [won[pk] for pk in sorted(won, reverse=True)]
    headers = [submission.content["header"] for submission in newest_first]
    sections = newest_first[0].content["sections"] if newest_first else []
    entry = RegisterEntry(
        innovation=innovation,
        title=innovation.title,
        expansion=innovation.expansion,
        sector=innovation.sector,
        summary=public_summary(sections),
        years=years,
        tiers=sorted({award.tier for award in awards}),
        categories=sorted({each["category"]["name"] for each in headers if each.get("category")}),
        sdgs=sorted({goal for each in headers for goal in each.get("sdgs", ())}),
        last_year=years[0] if years else 0,
        pictured=next((each for each in newest_first if photo_of(each)), None),
        names=f"{innovation.title} {innovation.expansion}".casefold(),
    )
    said = [entry.title, entry.expansion, entry.sector, *entry.categories, entry.summary]
    entry.stems = " ".join(dict.fromkeys(roots_of(" ".join(said))))
    return entry
