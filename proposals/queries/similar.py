"""What is like a proposal, among what the asking person may know of.

An author learns of winners in the public register and of the own units' innovations, with the texts
of their drafts; a committee of everything that committees of the same host have received. Drafts of
others are nowhere in here: they have no fingerprint.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet, Value

from competitions.models import Competition
from competitions.roles import Actor
from kipp.lib.prepared import Prepared, Statement, given
from proposals.likeness import Imprint, Likeness, Reason, core_of, likeness, sketch_of, words_of
from proposals.models import Fingerprint, Innovation, Proposal
from proposals.workflow import RECEIVED, UNSENT

MOST_OWN = 300
# Texts without a fingerprint are read anew for each check.
MOST_DRAFTS = 25
FEW_WORDS = 3
PER_WAY = 30
# Of the 64 numbers of a sketch; below it a text is far from near.
FEWEST_SHARED = 10

NEAREST = Statement(
    f"""
WITH known AS NOT MATERIALIZED (
    SELECT f.id, f.names, f.words, f.sketch
    FROM proposals_fingerprint f LEFT JOIN proposals_proposal p ON p.id = f.proposal_id
    WHERE f.innovation_id <> %(innovation)s
        AND (f.proposal_id IS NULL OR f.proposal_id = ANY(%(own)s) OR p.status = ANY(%(received)s)
            AND p.competition_id = ANY(%(competitions)s)
            OR f.proposal_id IN (SELECT s.proposal_id FROM proposals_earlieraward a
                                 JOIN proposals_submission s ON s.id = a.submission_id))
), by_word AS (
    SELECT id FROM known WHERE words && %(words)s::varchar[]
    ORDER BY cardinality(ARRAY(
        SELECT unnest(words) INTERSECT SELECT unnest(%(words)s::varchar[])
    )) DESC, id LIMIT {PER_WAY}
), by_letter AS (
    SELECT id FROM known WHERE %(name)s <%% names
    ORDER BY word_similarity(%(name)s, names) DESC, id LIMIT {PER_WAY}
), by_text AS (
    SELECT id FROM known WHERE icount(sketch & %(sketch)s) >= {FEWEST_SHARED}
    ORDER BY icount(sketch & %(sketch)s) DESC, id LIMIT {PER_WAY}
)
SELECT id FROM by_word UNION SELECT id FROM by_letter UNION SELECT id FROM by_text
""",  # noqa: S608 - only numbers of this module stand in it
    # The planner takes comparing letters for cheap: it would read every row and not use the index.
    holding="SET LOCAL enable_seqscan = off",
)


@dataclass(frozen=True, slots=True)
class Similar:
    """`proposal` is set for what a committee has received."""

    innovation: Innovation
    proposal: Proposal | None
    likeness: Likeness

    @property
    def title(self) -> str:
        return self.proposal.title if self.proposal else self.innovation.title

    @property
    def is_by_text(self) -> bool:
        return self.likeness.reason is Reason.NEAR_TEXT


def similar_for_author(proposal: Proposal, *, actor: Actor) -> list[Similar]:
    """Winners of the register; what the units that the person works for have, also unsent."""
    units = Q(unit__in=actor.author_of) | Q(endorsing_unit__in=actor.endorser_of)
    own = Proposal.objects.filter(units, status__in=RECEIVED).exclude(pk=proposal.pk)
    mine = imprint_of_draft(proposal)
    published = _near(proposal, mine, own=list(own.values_list("pk", flat=True)), competitions=[])
    drafts = _drafts(Proposal.objects.filter(units).exclude(innovation=proposal.innovation), mine)
    known = {similar.innovation.pk for similar in (*published, *drafts)}
    siblings = (
        Innovation.objects.enterable_by(actor)
        .exclude(pk__in=[*known, proposal.innovation_id])
        .select_related("unit")[:MOST_OWN]
    )
    return _strongest(chain(published, drafts, _among(siblings, mine)))


def similar_for_committee(proposal: Proposal) -> list[Similar]:
    """Also everything that the host's committees received, in this edition and earlier ones."""
    competition = proposal.competition
    ids = [pk for (pk,) in OF_HOST.ask(host=competition.host_id)]
    return _near(proposal, imprint_of_draft(proposal), own=[], competitions=ids)


OF_HOST = Prepared(lambda: Competition.objects.filter(host=given("host")).values_list("pk"))


def imprint_of_draft(proposal: Proposal) -> Imprint:
    innovation = proposal.innovation
    names = dict.fromkeys([proposal.title, innovation.title, innovation.expansion])
    texts = (answer.text for answer in proposal.answers.all())
    return Imprint(tuple(name for name in names if name), sketch_of(texts))


def _near(
    proposal: Proposal, mine: Imprint, *, own: Sequence[int], competitions: Sequence[int]
) -> list[Similar]:
    words = {word for name in mine.names for word in core_of(words_of(name)) or words_of(name)}
    first = words_of(mine.names[0]) if mine.names else []
    chosen: dict[str, Any] = {
        "innovation": proposal.innovation_id,
        "own": list(own),
        "received": list(RECEIVED),
        "competitions": list(competitions),
        "words": sorted(words),
        "name": spelled(first),
        "sketch": list(mine.sketch),
    }
    ids = [pk for (pk,) in NEAREST.ask(**chosen)]
    if not ids:  # most often; Django would write the question before it knows
        return []
    found = Fingerprint.objects.filter(pk__in=ids).select_related(
        "innovation__unit", "proposal__unit", "proposal__competition", "proposal__innovation"
    )
    return _strongest(
        Similar(each.innovation, each.proposal, why)
        for each in found
        if (why := likeness(mine, _imprint(each)))
    )


def spelled(words: Sequence[str]) -> str:
    """A short name or one spelled out may be written as one word; a long one is known by words."""
    is_short = len(words) < FEW_WORDS or max(map(len, words)) == 1
    return "".join(words) if is_short else " ".join(core_of(words) or words)


def _imprint(fingerprint: Fingerprint) -> Imprint:
    names = fingerprint.names.split("\n")
    return Imprint(tuple(names[: len(names) // 2]), tuple(fingerprint.sketch))


def _drafts(own: QuerySet[Proposal], mine: Imprint) -> list[Similar]:
    """Names and texts of what is not sent yet, the newest first."""
    texts = ArrayAgg("answers__text", default=Value([]))
    recent = own.filter(status__in=UNSENT).annotate(texts=texts).order_by("-held_since", "pk")
    return [
        Similar(draft.innovation, draft, why)
        for draft in recent.select_related("innovation__unit", "unit")[:MOST_DRAFTS]
        if (why := likeness(mine, Imprint((draft.title,), sketch_of(filter(None, draft.texts)))))
    ]


def _among(innovations: Iterable[Innovation], mine: Imprint) -> list[Similar]:
    named = Imprint(mine.names)
    return [
        Similar(innovation, None, why)
        for innovation in innovations
        if (why := likeness(named, Imprint(_names(innovation))))
    ]


def _names(innovation: Innovation) -> tuple[str, ...]:
    return tuple(name for name in (innovation.title, innovation.expansion) if name)


def _strongest(found: Iterable[Similar]) -> list[Similar]:
    """Once per innovation where the register and a proposal name it; the nearest first."""
    best: dict[tuple[int, int], Similar] = {}
    for each in sorted(found, key=lambda each: (-each.likeness.score, each.innovation.pk)):
        best.setdefault((each.innovation.pk, each.proposal.pk if each.proposal else 0), each)
    return list(best.values())
