"""Full-text search over 5,000 entries of the public register."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import accumulate, cycle, islice, product
from random import Random

from django.db import connection

from proposals.glossary import ENGLISH, FILLERS, PLACES
from proposals.models import Innovation, RegisterEntry
from proposals.queries.register import Asked, asked_for, found_under
from proposals.services.entries import VECTOR
from proposals.stemming import roots_of

ENTRIES = 5000
SEARCHES = 300
PAGE = 25
SYLLABLES = ("ba", "da", "ku", "la", "mi", "no", "pe", "ra", "su", "ta", "ti", "wa")
# Real words come first; of those that only sound so each is as rare as in real texts (Zipf).
WORDS = ["pelayanan", "masyarakat", "inovasi", *sorted({*ENGLISH.values(), *FILLERS, *PLACES})]
WORDS += ["".join(parts) for parts in product(SYLLABLES, repeat=3)]
WEIGHTS = list(accumulate(1 / rank for rank in range(1, len(WORDS) + 1)))
TEXT_WORDS = 180
YEARS = range(2015, 2026)
NOTHING: Asked = {
    "text": "",
    "year": None,
    "kind": "",
    "category": "",
    "tier": "",
    "goal": None,
}


def enter_entries(count: int = ENTRIES) -> None:
    luck = Random(2026)  # noqa: S311 - the same words every time
    at = datetime.now(UTC)
    innovations = Innovation.objects.bulk_create(
        (
            Innovation(title=" ".join(luck.choices(WORDS, k=4)), created_at=at)
            for _n in range(count)
        ),
        batch_size=1000,
    )
    entries = [_entry(each, luck=luck) for each in innovations]
    RegisterEntry.objects.bulk_create(entries, batch_size=1000)
    RegisterEntry.objects.update(vector=VECTOR)
    with connection.cursor() as cursor:
        # As the database's own sweeper leaves it soon after.
        cursor.execute(
            "SELECT gin_clean_pending_list('registerentry_vector'),"
            " gin_clean_pending_list('registerentry_names')"
        )
        cursor.execute("ANALYZE proposals_registerentry")


def _entry(innovation: Innovation, *, luck: Random) -> RegisterEntry:
    words = drawn(luck, TEXT_WORDS)
    year = luck.choice(YEARS)
    return RegisterEntry(
        innovation=innovation,
        title=innovation.title,
        summary=" ".join(words),
        years=[year],
        last_year=year,
        names=innovation.title.casefold(),
        stems=" ".join(dict.fromkeys(roots_of(" ".join(words)))),
    )


def drawn(luck: Random, count: int) -> list[str]:
    return luck.choices(WORDS, cum_weights=WEIGHTS, k=count)


def search_ms() -> float:
    """The page's statements, 95 of 100 searches at most: wall time, as people wait."""
    taken = []
    for text in islice(searches(), SEARCHES):
        begun = time.perf_counter()
        found_under(list(asked_for({**NOTHING, "text": text})[:PAGE]), text=text)
        taken.append(time.perf_counter() - begun)
    return 1000 * sorted(taken)[int(0.95 * len(taken))]


def searches() -> Iterator[str]:
    """One word, two, one with a slip of the finger: what is written often is asked for often."""
    luck = Random(7)  # noqa: S311 - the same searches every time
    kinds = cycle(range(3))
    while True:
        word, other = drawn(luck, 2)
        yield (word, f"{word} {other}", word[:2] + word[3:])[next(kinds)]
