"""Proposals in all states with their texts and frozen copies; written in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from accounts.models import Unit, User
from bench.portal.people import People, agency_of
from bench.prose import prose
from competitions.models import Competition, Section, Track
from proposals.content import Content, FrozenHeader, FrozenUnit, digest
from proposals.models import Answer, Innovation, Proposal, Revision, Submission
from proposals.queries.freezing import content_of
from proposals.receipts import GENESIS, seal
from proposals.workflow import RECEIVED, ProposalStatus

S = ProposalStatus
# Of twenty proposals: what a board looks like in the middle of the year.
MIX = (S.DRAFT, S.AWAITING, S.SUBMITTED, S.SUBMITTED, *[S.ELIGIBLE] * 16)
BATCH = 1000
# That many proposals are as long as the form allows; the rest only fill the tables.
FULL_LENGTH = 160


def enter_proposals(
    competition: Competition,
    *,
    people: People,
    count: int,
    at: datetime,
    mix: Sequence[ProposalStatus] = MIX,
) -> list[Proposal]:
    track = competition.tracks.get()
    places = [(people.units[n % 400], people.authors[n % 400]) for n in range(count)]
    innovations = Innovation.objects.bulk_create(
        Innovation(title=f"{competition.slug} inovasi {n}", unit=unit, created_at=at)
        for n, (unit, _author) in enumerate(places)
    )
    proposals = Proposal.objects.bulk_create(
        [
            _proposal(
                innovations[n],
                track=track,
                unit=unit,
                status=mix[n % len(mix)],
                author=author,
                since=at - timedelta(minutes=n),
            )
            for n, (unit, author) in enumerate(places)
        ],
        batch_size=BATCH,
    )
    _write_answers(proposals, sections=list(track.sections.all()), at=at)
    _freeze(proposals, at=at)
    return proposals


def _proposal(
    innovation: Innovation,
    *,
    track: Track,
    unit: Unit,
    status: ProposalStatus,
    author: User,
    since: datetime,
) -> Proposal:
    return Proposal(
        competition=track.competition,
        track=track,
        innovation=innovation,
        unit=unit,
        endorsing_unit=agency_of(unit),
        title=innovation.title,
        status=status,
        created_by=author,
        created_at=since,
        held_since=since,
        submitted_at=since if status in RECEIVED else None,
    )


def _write_answers(
    proposals: Sequence[Proposal], *, sections: Sequence[Section], at: datetime
) -> None:
    lengths = [
        [section.word_limit * 8 // 10 // (1 if is_full else 8) for section in sections]
        for is_full in (False, True)
    ]
    texts = [[prose(words, seed=words) for words in row] for row in lengths]
    answers = Answer.objects.bulk_create(
        (
            Answer(
                proposal=proposal,
                section=section,
                text=texts[number < FULL_LENGTH][index],
                word_count=lengths[number < FULL_LENGTH][index],
                saved_by=proposal.created_by,
                saved_at=at,
            )
            for number, proposal in enumerate(proposals)
            for index, section in enumerate(sections)
        ),
        batch_size=BATCH,
    )
    Revision.objects.bulk_create(
        (
            Revision(
                answer=answer,
                version=answer.version,
                text=answer.text,
                word_count=answer.word_count,
                saved_by_id=answer.saved_by_id,
                saved_at=answer.saved_at,
            )
            for answer in answers
        ),
        batch_size=BATCH,
    )


def _freeze(proposals: Sequence[Proposal], *, at: datetime) -> None:
    """One real frozen copy per length; the others differ in title, unit and receipt."""
    received = [each for each in enumerate(proposals) if each[1].status in RECEIVED]
    samples = {
        is_full: content_of(
            next(p for n, p in received if (n < FULL_LENGTH) == is_full), receipt=""
        )
        for is_full in {n < FULL_LENGTH for n, _proposal in received}
    }
    Submission.objects.bulk_create(
        chained(
            _submission(proposal, sample=samples[n < FULL_LENGTH], number=number, at=at)
            for number, (n, proposal) in enumerate(received, start=1)
        ),
        batch_size=200,
    )


def chained(submissions: Iterable[Submission]) -> Iterator[Submission]:
    previous = GENESIS
    for submission in submissions:
        seal(submission, previous=previous)
        previous = submission.link
        yield submission


def _submission(proposal: Proposal, *, sample: Content, number: int, at: datetime) -> Submission:
    receipt = f"{proposal.competition.slug.upper()}-{number:04d}"
    unit: FrozenUnit = {
        "id": proposal.unit_id,
        "name": proposal.unit.name,
        "agency": proposal.endorsing_unit.name,
    }
    header: FrozenHeader = {**sample["header"], "title": proposal.title, "unit": unit}
    content: Content = {**sample, "receipt": receipt, "header": header}
    return Submission(
        proposal=proposal,
        competition=proposal.competition,
        number=number,
        receipt=receipt,
        token=uuid4(),
        content=content,
        sha256=digest(content),
        received_at=at - timedelta(minutes=number),
        judged_at=at,
        submitted_by=proposal.created_by,
    )
