"""Keeping what near-duplicates are found by: of the register's winners and of what was received."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from proposals.likeness import core_of, sketch_of, words_of
from proposals.models import EarlierAward, Fingerprint, Innovation, Submission

COLUMNS = ["names", "words", "sketch"]


def imprint_submission(submission: Submission) -> None:
    """Replaces that of an earlier submission of the proposal."""
    header = submission.content["header"]
    made = imprint_of(
        [header["title"], header["innovation"], header["expansion"]],
        texts=[section["text"] for section in submission.content["sections"]],
    )
    made.innovation_id = submission.proposal.innovation_id
    made.proposal_id = submission.proposal_id
    Fingerprint.objects.bulk_create(
        [made], update_conflicts=True, update_fields=COLUMNS, unique_fields=["proposal"]
    )


def imprint_register(innovation_ids: Collection[int]) -> None:
    """Of these, what has won something stands in the public register; the others do not."""
    winners = set(
        EarlierAward.objects.filter(innovation__in=innovation_ids).values_list(
            "innovation", flat=True
        )
    )
    entries = Fingerprint.objects.filter(innovation__in=innovation_ids, proposal=None)
    entries.exclude(innovation__in=winners).delete()
    known = set(entries.values_list("innovation", flat=True))
    Fingerprint.objects.bulk_create(
        _of_innovation(innovation)
        for innovation in Innovation.objects.filter(pk__in=winners - known)
    )


def _of_innovation(innovation: Innovation) -> Fingerprint:
    made = imprint_of([innovation.title, innovation.expansion])
    made.innovation = innovation
    return made


def imprint_of(names: Iterable[str], *, texts: Iterable[str] = ()) -> Fingerprint:
    """Unsaved, and not yet of anything."""
    words = [words_of(name) for name in dict.fromkeys(names) if name]
    return Fingerprint(
        names="\n".join([*(" ".join(each) for each in words), *("".join(each) for each in words)]),
        words=sorted({word for found in words for word in core_of(found) or found}),
        sketch=list(sketch_of(texts)),
    )
