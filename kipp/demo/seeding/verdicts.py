"""What the judges and the committee did: stages open, sheets come in, the results are published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from accounts.models import User
from competitions.models import Competition, Round
from judging import services
from judging.models import Assignment, Objection, Publication, Stage
from judging.workflow import ObjectionMove
from kipp.demo.content import people_with
from kipp.demo.content.judging import comment_for, score_for
from kipp.demo.seeding.cast import Cast
from kipp.demo.seeding.diary import Diary
from kipp.demo.seeding.presentations import enter_timetable
from kipp.demo.seeding.sessions import give_feedback, hold_plenary
from kipp.demo.seeding.visits import TEAM, enter_visits

HOUR = timedelta(hours=1)
OBJECTION = (
    "Waktu tunggu yang kami laporkan turun dari 95 menit menjadi 21 menit. Pada paparan juri"
    " menyebut 41 menit. Mohon diperiksa apakah angka yang dinilai sudah benar."
)
ANSWER = (
    "Lembar nilai, berkas kirim, dan buku impak sudah dicocokkan: angka yang dinilai ialah 21"
    " menit. Angka 41 menit hanya disebut dalam tanya jawab. Nilai tidak berubah."
)
DECREE = "188.45/112/35.73.112/2020 (contoh)"


@dataclass(frozen=True, slots=True)
class Bench:
    """What the acts of this part share; `paper_of`: a proposal's id to its content."""

    cast: Cast
    competition: Competition
    paper_of: dict[int, str]
    diary: Diary

    @property
    def organizer(self) -> User:
        return self.cast.first("organizer")

    @property
    def chair(self) -> User:
        return self.cast.first("chair")


def enter_verdicts(
    diary: Diary, cast: Cast, competition: Competition, *, paper_of: dict[int, str]
) -> None:
    bench = Bench(cast, competition, paper_of, diary)
    for stage in competition.stages.select_related("round"):
        # Who presents must know it before the first morning.
        early = 18 * HOUR if stage.kind == Stage.Kind.PRESENTATION else -HOUR
        diary.enter(stage.round.starts_at - early - HOUR, partial(seat_judges, bench, stage))
        diary.enter(stage.round.starts_at - early, partial(open_stage, bench, stage))
        diary.enter(stage.round.ends_at, partial(close_stage, bench, stage))
    last = competition.stages.select_related("round").last()
    assert last is not None  # noqa: S101 - the preset has stages
    window = competition.rounds.get(kind=Round.Kind.OBJECTION)
    diary.enter(last.round.ends_at + HOUR, partial(discuss, bench, last))
    diary.enter(last.round.ends_at + 2 * HOUR, partial(propose, bench, last))
    diary.enter(window.starts_at, partial(release, bench))
    diary.enter(window.starts_at + 30 * HOUR, partial(contest, bench))


def seat_judges(bench: Bench, stage: Stage, at: datetime) -> None:
    judges = bench.cast.all_with("judge")
    for judge in judges[-TEAM:] if stage.kind == Stage.Kind.FIELD else judges:
        services.seat_panelist(stage, user=judge, by=bench.organizer, at=at)


def open_stage(bench: Bench, stage: Stage, at: datetime) -> None:
    """Open, and enter every sheet in the judge's own order, spread over the round."""
    opened = services.open_stage(stage, by=bench.organizer, at=at, seed=2020)
    enter_timetable(bench.diary, opened, by=bench.organizer, at=at)
    if stage.kind == Stage.Kind.FIELD:
        enter_visits(bench.diary, opened, papers=bench.paper_of, at=at)
        return
    at = max(at, stage.round.starts_at)
    window = stage.round.ends_at - at - 2 * HOUR
    for judge in people_with("judge"):
        sheets = _sheets_of(opened, bench.cast.people[judge.key])
        for index, sheet in enumerate(sheets):
            moment = at + HOUR + window * index / (len(sheets) or 1)
            bench.diary.enter(moment, partial(score, bench, sheet, judge.key))


def _sheets_of(stage: Stage, judge: User) -> list[Assignment]:
    owned = Assignment.objects.filter(entry__stage=stage, panelist__user=judge)
    rows = owned.select_related("entry__proposal", "entry__stage", "panelist")
    return list(rows.prefetch_related("entry__stage__criteria"))


def score(bench: Bench, sheet: Assignment, judge: str, at: datetime) -> None:
    by = bench.cast.people[judge]
    paper = bench.paper_of[sheet.entry.proposal_id]
    services.declare_no_conflict(sheet, by=by, at=at)
    keys = [criterion.key for criterion in sheet.entry.stage.criteria.all()]
    services.submit_scorecard(
        sheet,
        sheet=services.Sheet(
            values={key: score_for(judge, paper, key) for key in keys},
            comments={key: comment_for(judge, paper, key) for key in keys},
        ),
        version=sheet.version,
        by=by,
        at=at + timedelta(minutes=9),
    )


def close_stage(bench: Bench, stage: Stage, at: datetime) -> None:
    services.close_stage(stage, by=bench.chair, at=at)


def discuss(bench: Bench, stage: Stage, at: datetime) -> None:
    hold_plenary(stage, chair=bench.chair, organizer=bench.organizer, at=at)


def tell_why(bench: Bench, released: Publication, at: datetime) -> None:
    give_feedback(released, chair=bench.chair, at=at)


def propose(bench: Bench, stage: Stage, at: datetime) -> None:
    zone = ZoneInfo(bench.competition.time_zone)
    services.propose_publication(
        stage,
        decree_number=DECREE,
        decree_on=at.astimezone(zone).date(),
        by=bench.organizer,
        at=at,
    )


def release(bench: Bench, at: datetime) -> None:
    proposed = Publication.objects.get(competition=bench.competition)
    released = services.release_publication(proposed, by=bench.chair, at=at)
    bench.diary.enter(at + 2 * HOUR, partial(tell_why, bench, released))


def contest(bench: Bench, at: datetime) -> None:
    """An author objects; the auditor, who had no hand in it, answers two days later."""
    author = bench.cast.first("author")
    objection = services.make_objection(
        Publication.objects.get(competition=bench.competition),
        reason=bench.competition.objection_reasons.get(key="data"),
        text=OBJECTION,
        proposal=None,
        evidence=None,
        objector=services.Objector(user=author, name=author.full_name, contact=author.email),
        at=at,
    )
    auditor = bench.cast.first("auditor")
    services.appoint_officer(objection, officer=auditor, by=bench.chair, at=at + HOUR)
    bench.diary.enter(at + 48 * HOUR, partial(answer, objection, auditor))


def answer(objection: Objection, auditor: User, at: datetime) -> None:
    objection.refresh_from_db()
    services.decide_objection(
        objection,
        move=ObjectionMove.REJECT,
        decision=ANSWER,
        version=objection.version,
        by=auditor,
        at=at,
    )
