"""Near-duplicates of one draft among 5,000 entries of many names and texts; nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

from django.db import connection

from proposals.glossary import ENGLISH, FILLERS, PLACES
from proposals.models import Fingerprint, Innovation, Proposal
from proposals.queries.similar import similar_for_committee
from proposals.services.fingerprints import imprint_of

ENTRIES = 5000
WORDS = sorted({*ENGLISH.values(), *FILLERS, *PLACES})
# As long as the form of the national competition allows.
TEXT_WORDS = 2000


def enter_register(count: int = ENTRIES) -> None:
    """Entries of the public register with texts, so that every way of looking has work to do."""
    luck = Random(2026)  # noqa: S311 - the same names every time
    at = datetime.now(UTC)
    innovations = Innovation.objects.bulk_create(
        (
            Innovation(title=f"{name} {number}", expansion=longer, created_at=at)
            for number, (name, longer) in enumerate(_names(luck, count=count))
        ),
        batch_size=1000,
    )
    Fingerprint.objects.all().delete()
    made = []
    for innovation in innovations:
        text = " ".join(luck.choices(WORDS, k=TEXT_WORDS // 8))
        entry = imprint_of([innovation.title, innovation.expansion], texts=[text])
        entry.innovation = innovation
        made.append(entry)
    Fingerprint.objects.bulk_create(made, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE proposals_fingerprint")


def _names(luck: Random, *, count: int) -> Iterator[tuple[str, str]]:
    for _number in range(count):
        yield " ".join(luck.choices(WORDS, k=3)), " ".join(luck.choices(WORDS, k=7))


def draft_of(competition: str) -> Proposal:
    """A draft with a whole text and a name like many others."""
    found = Proposal.objects.filter(competition__slug=competition, status="draft")
    draft = found.select_related("competition", "innovation").order_by("pk")[0]
    draft.title = draft.innovation.title = "Bank Sampah Sekolah Cerdas Malang"
    return draft


def look(draft: Proposal) -> int:
    return len(similar_for_committee(draft))
