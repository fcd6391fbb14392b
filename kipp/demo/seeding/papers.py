"""What the units did: start, write, attach, send, endorse; and what the screening said."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from accounts.models import User
from competitions.models import Category, Competition, Round, Section, Track
from kipp.demo.attachments import Place, attachments_of
from kipp.demo.content import (
    DemoProposal,
    author_of,
    load_innovations,
    load_proposals,
    started_on,
)
from kipp.demo.seeding.cast import Cast
from kipp.demo.seeding.diary import Diary
from kipp.demo.seeding.lines import enter_lines, find_claims
from kipp.lib.uploads import Checked, Kind
from proposals import services
from proposals.checklist import key_of
from proposals.models import Innovation, OverrideReason, Proposal, Screening, Submission
from proposals.queries.preflight import checklist_of
from proposals.services import Past
from proposals.services.attaching import MEGABYTE, record_file, store_checked

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Before the first proposal is started.
AHEAD = DAY
YEAR = 2020
MISSING = (
    "Sebutkan juga apa yang baru sejak penghargaan terakhir, supaya tidak dibaca sebagai ulangan."
)
SENT = frozenset({"awaiting", "returned", "eligible", "ineligible", "completion"})
RECEIVED = frozenset({"eligible", "ineligible", "completion"})
SCREENED = {
    "eligible": Screening.Verdict.PASSED,
    "ineligible": Screening.Verdict.FAILED,
    "completion": Screening.Verdict.COMPLETION,
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What the acts of this part share."""

    cast: Cast
    competition: Competition
    track: Track
    categories: dict[str, Category]
    submission: Round
    screening: Round
    innovations: dict[str, Innovation]
    proposals: dict[str, Proposal]
    # From a started proposal's id to the key of its content.
    keys: dict[int, str]
    # By the keys of the content, as soon as they are ready.
    attachments: dict[str, Future[list[tuple[str, Checked]]]]


def set_up(cast: Cast, competition: Competition, *, at: datetime) -> Desk:
    rounds = {round_.kind: round_ for round_ in competition.rounds.all()}
    return Desk(
        cast=cast,
        competition=competition,
        track=competition.tracks.get(),
        categories={category.name: category for category in competition.categories.all()},
        submission=rounds[Round.Kind.SUBMISSION],
        screening=rounds[Round.Kind.SCREENING],
        innovations=register_history(cast, at=at),
        proposals={},
        keys={},
        attachments={},
    )


def register_history(cast: Cast, *, at: datetime) -> dict[str, Innovation]:
    """The register of real innovations with what they had won before the demo's year."""
    registered = {}
    for row in load_innovations():
        won = row.year is not None and row.year < YEAR
        registered[row.key] = services.register_past_innovation(
            cast.units.get(row.unit),
            title=row.title,
            expansion=row.expansion,
            sector=row.sector,
            awards=[Past(row.competition, row.level, row.year, row.award)] if won else [],
            by=cast.admin,
            at=at,
        )
    return registered


def enter_papers(diary: Diary, desk: Desk, *, pool: Executor) -> None:
    opening = desk.submission.starts_at
    starts = [
        (opening + (index * 11 % 22) * DAY + (8 + index % 9) * HOUR, paper)
        for index, paper in enumerate(load_proposals())
    ]
    in_order = [paper for _start, paper in sorted(starts, key=itemgetter(0))]
    diary.enter(opening - AHEAD, partial(prepare_attachments, desk, in_order, pool))
    for index, (started, paper) in enumerate(starts):
        author = desk.cast.people[author_of(paper).key]
        sent = opening + (18 + index * 7 % 9) * DAY + (9 + index % 8) * HOUR
        diary.enter(started, partial(start, desk, paper, author))
        if paper.fate in SENT:
            diary.enter(sent, partial(send, desk, paper, author))
        if paper.fate == "returned":
            diary.enter(sent + DAY, partial(give_back, desk, paper, author))
        if paper.fate in RECEIVED:
            diary.enter(sent + DAY + index % 5 * HOUR, partial(endorse, desk, paper, author))
            diary.enter(
                desk.screening.starts_at + DAY + index % 40 * HOUR,
                partial(screen, desk, paper, author),
            )
        if paper.fate == "completion":
            diary.enter(desk.screening.ends_at - 2 * DAY, partial(complete, desk, paper, author))
            diary.enter(desk.screening.ends_at - DAY, partial(pass_completion, desk, paper, author))


def prepare_attachments(
    desk: Desk, papers: Iterable[DemoProposal], pool: Executor, _at: datetime
) -> None:
    """Begin with all of them, in the order in which they will be asked for."""
    slots = desk.track.slots.all()
    places = [Place(slot.key, Kind(slot.kind), slot.max_mb * MEGABYTE) for slot in slots]
    for paper in papers:
        desk.attachments[paper.key] = pool.submit(attachments_of, paper, places=places)


def start(desk: Desk, paper: DemoProposal, author: User, at: datetime) -> None:
    unit = desk.cast.units[paper.unit]
    proposal = services.start_proposal(
        innovation_for(desk, paper, author, at=at), track=desk.track, unit=unit, by=author, at=at
    )
    desk.proposals[paper.key], desk.keys[proposal.pk] = proposal, paper.key
    close = desk.submission.ends_at.astimezone(ZoneInfo(desk.competition.time_zone)).date()
    services.describe_proposal(
        proposal,
        header={
            "category": desk.categories[paper.category],
            "sdgs": list(paper.sdgs),
            "started_on": started_on(paper, close=close),
            "video_url": paper.video,
        },
        version=proposal.version,
        by=author,
        at=at,
    )
    for section in Section.objects.filter(track=desk.track):
        if text := paper.sections.get(section.key):
            services.save_answer(proposal, section=section, text=text, version=0, by=author, at=at)
    attach(desk, paper, author, at)
    enter_lines(desk.proposals[paper.key], paper, author, at=at)


def innovation_for(desk: Desk, paper: DemoProposal, author: User, *, at: datetime) -> Innovation:
    """The register's own entry, or for a borrowed title a new one of the unit."""
    unit, known = desk.cast.units[paper.unit], desk.innovations[paper.innovation]
    if known.unit_id == unit.pk:
        return known
    return services.register_innovation(
        unit, title=known.title, expansion=known.expansion, by=author, at=at
    )


def attach(desk: Desk, paper: DemoProposal, author: User, at: datetime) -> None:
    slots = {slot.key: slot for slot in desk.track.slots.all()}
    for key, checked in desk.attachments[paper.key].result():
        attachment = store_checked(
            checked, proposal=desk.proposals[paper.key], slot=slots[key], by=author, at=at
        )
        record_file(attachment, checked=checked)


def send(desk: Desk, paper: DemoProposal, author: User, at: datetime) -> None:
    services.send_for_endorsement(desk.proposals[paper.key], by=author, at=at)


def give_back(desk: Desk, paper: DemoProposal, _author: User, at: datetime) -> None:
    proposal = desk.proposals[paper.key]
    endorser = desk.cast.endorser_of(proposal.endorsing_unit)
    notes = {"ringkasan": MISSING}
    services.return_proposal(proposal, note=paper.note, section_notes=notes, by=endorser, at=at)


def endorse(desk: Desk, paper: DemoProposal, _author: User, at: datetime) -> None:
    proposal = desk.proposals[paper.key]
    endorser = desk.cast.endorser_of(proposal.endorsing_unit)
    token = uuid5(NAMESPACE_URL, f"demo:{paper.key}")
    services.submit_proposal(proposal, token=token, by=endorser, at=at)


def screen(desk: Desk, paper: DemoProposal, _author: User, at: datetime) -> None:
    submission = Submission.objects.get(proposal=desk.proposals[paper.key], superseded_at=None)
    services.screen_submission(
        submission,
        verdict=SCREENED[paper.fate],
        reasons=paper.reasons,
        note=paper.note,
        unlocked=["slot:surat_replikasi"] if paper.fate == "completion" else [],
        overrides=allowed_by_the_committee(submission) if paper.fate == "eligible" else {},
        due_at=desk.screening.ends_at if paper.fate == "completion" else None,
        by=desk.cast.first("organizer"),
        at=at,
    )
    if paper.fate == "eligible":
        find_claims(submission, paper, desk.cast.first("organizer"), at=at)


def allowed_by_the_committee(submission: Submission) -> dict[str, str]:
    """What the rules found and the committee let pass."""
    return {key_of(found): OverrideReason.EVIDENCE.value for found in checklist_of(submission)}


def complete(desk: Desk, paper: DemoProposal, _author: User, at: datetime) -> None:
    proposal = desk.proposals[paper.key]
    endorser = desk.cast.endorser_of(proposal.endorsing_unit)
    token = uuid5(NAMESPACE_URL, f"demo:{paper.key}:completion")
    services.resubmit_completion(proposal, token=token, by=endorser, at=at)


def pass_completion(desk: Desk, paper: DemoProposal, _author: User, at: datetime) -> None:
    submission = Submission.objects.get(proposal=desk.proposals[paper.key], superseded_at=None)
    services.screen_submission(
        submission,
        verdict=Screening.Verdict.PASSED,
        overrides=allowed_by_the_committee(submission),
        by=desk.cast.first("organizer"),
        at=at,
    )
