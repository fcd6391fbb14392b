"""A field team of two goes to every finalist: checklist, report, score, at first with photos."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from io import BytesIO
from itertools import cycle

from accounts.models import User
from judging import services
from judging.models import Assignment, Stage
from judging.services import Findings, Sheet
from kipp.demo.content import DemoProposal, innovation_of, load_proposals
from kipp.demo.photos import team_photo_for
from kipp.demo.seeding.diary import Diary

TEAM = 2
PHOTOS = 2
HOUR = timedelta(hours=1)
# What was found of service, records and users; what the team wrote; the score that follows.
FOUND = (
    (("yes", "yes", "yes"), "Layanan berjalan seperti yang ditulis.", 100),
    (("yes", "partly", "yes"), "Layanan berjalan; catatan lengkap sejak tahun kedua.", 75),
    (("partly", "yes", "yes"), "Layanan berjalan di dua dari tiga loket.", 75),
)
NOTE = "Petugas menunjukkan buku catatan dan daftar penerima layanan (contoh)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """`found`: one of `FOUND`. One of the team writes the report, each gives a score."""

    sheet: Assignment
    paper: DemoProposal
    found: tuple[tuple[str, ...], str, int]
    writes: bool
    has_photo: bool


def enter_visits(diary: Diary, stage: Stage, *, papers: dict[int, str], at: datetime) -> None:
    """`papers`: a proposal's id to its content. One visit after the other, handed in and scored."""
    contents = {paper.key: paper for paper in load_proposals()}
    sheets = Assignment.objects.filter(entry__stage=stage).order_by("panelist", "position")
    rows = sheets.select_related(
        "entry__stage__competition", "entry__submission", "panelist__user"
    ).prefetch_related("entry__stage__criteria")
    window, entries = stage.round.ends_at - at - 2 * HOUR, list[int]()
    for index, (sheet, found) in enumerate(zip(rows, cycle(FOUND), strict=False)):
        moment = at + HOUR + window * index / (len(rows) or 1)
        trip = Trip(
            sheet=sheet,
            paper=contents[papers[sheet.entry.proposal_id]],
            found=found,
            writes=sheet.entry_id not in entries,
            has_photo=index < PHOTOS,
        )
        entries.append(sheet.entry_id)
        diary.enter(moment, partial(go_there, trip))


def go_there(trip: Trip, at: datetime) -> None:
    sheet, by, (_values, _summary, score) = trip.sheet, trip.sheet.panelist.user, trip.found
    services.declare_no_conflict(sheet, by=by, at=at)
    if trip.writes:
        report(trip, at=at)
    keys = [criterion.key for criterion in sheet.entry.stage.criteria.all()]
    marks = Sheet(values=dict.fromkeys(keys, Decimal(score)))
    services.submit_scorecard(sheet, sheet=marks, version=sheet.version, by=by, at=at)


def report(trip: Trip, *, at: datetime) -> None:
    sheet, by, (values, summary, _score) = trip.sheet, trip.sheet.panelist.user, trip.found
    if trip.has_photo:
        take_photo(sheet, trip.paper, by, at=at)
    questions = [question.key for question in sheet.entry.stage.questions.all()]
    findings = Findings(
        visited_on=at.date(),
        summary=f"{innovation_of(trip.paper).title}: {summary}",
        values=dict(zip(questions, values, strict=True)),
        notes={questions[1]: NOTE},
    )
    services.hand_in_visit(sheet, findings=findings, version=0, by=by, at=at)


def take_photo(sheet: Assignment, paper: DemoProposal, by: User, *, at: datetime) -> None:
    photo = team_photo_for(paper)
    file = BytesIO(photo.content)
    services.add_photo(sheet, file=file, name=photo.name, caption=photo.caption, by=by, at=at)
