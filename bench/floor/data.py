"""The floor's database with matching rows, and the same requests of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import cycle, islice

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import transaction

from bench.floor.models import (
    Answer,
    Award,
    Contest,
    Criterion,
    Place,
    Proposal,
    Review,
    Round,
    Score,
    Section,
    Unit,
)
from bench.plan import CLIENTS, Client, Page
from bench.prose import prose
from bench.sessions import logged_in

BACKEND = "django.contrib.auth.backends.ModelBackend"
PASSWORD = "a-long-enough-secret"  # noqa: S105 - lives in a throw-away database
UNITS, JUDGES, SMALL, AWARDED, READINGS, LOGINS = 400, 40, 60, 45, 3, 257
# Words per section, as the portal's preset asks for.
LIMITS = (300, 500, 200, 400, 600, 300, 300, 500)
LEVELS = [(str(value), f"Tingkat {value}: terbukti dengan data") for value in range(0, 101, 25)]
STATUSES = ("draft", "awaiting", "submitted", "submitted", *["eligible"] * 16)
FULL_LENGTH, BATCH = 160, 2000


@transaction.atomic
def fill(rows: int) -> list[Page]:
    at = datetime.now(UTC)
    password = make_password(PASSWORD)
    authors, judges = _users("author", UNITS, password), _users("judge", JUDGES, password)
    (organizer,) = _users("organizer", 1, password)
    units = Unit.objects.bulk_create(Unit(name=f"Dinas Pelayanan {n}") for n in range(UNITS))
    Place.objects.bulk_create(
        Place(user=author, unit=unit) for author, unit in zip(authors, units, strict=True)
    )
    big, small = (_contest(name, organizer, at=at) for name in ("Besar", "Kecil"))
    _contest("Ramai", organizer, at=at)
    entered = _proposals(big, units, count=rows, at=at)
    few = _proposals(small, units, count=SMALL, at=at)
    Award.objects.bulk_create(
        Award(contest=small, proposal=each, place=n, score=100 - n, sentence=prose(20, seed=n))
        for n, each in enumerate(few[:AWARDED], start=1)
    )
    reviews = _reviews(big, entered, judges)
    return [
        *_public_pages(big, small),
        *_committee_pages(big, small, organizer, entered[2]),
        *_judge_pages(big, reviews),
        *_author_pages(entered, authors),
        _login_page(authors),
    ]


def _users(name: str, count: int, password: str) -> list[User]:
    return User.objects.bulk_create(
        User(username=f"{name}{n}", password=password) for n in range(count)
    )


def _contest(name: str, organizer: User, *, at: datetime) -> Contest:
    contest = Contest.objects.create(name=f"Kompetisi {name}", text=prose(150))
    Place.objects.create(user=organizer, contest=contest)
    month = timedelta(days=30)
    Round.objects.bulk_create(
        Round(contest=contest, name=f"Tahapan {n}", starts_at=at - month, ends_at=at + month)
        for n in range(7)
    )
    Section.objects.bulk_create(
        Section(contest=contest, label=f"Bagian {n}", help_text=prose(30), word_limit=limit)
        for n, limit in enumerate(LIMITS)
    )
    Criterion.objects.bulk_create(
        Criterion(contest=contest, label=f"Kriteria {n}", levels=LEVELS) for n in range(8)
    )
    return contest


def _proposals(contest: Contest, units: list[Unit], *, count: int, at: datetime) -> list[Proposal]:
    proposals = Proposal.objects.bulk_create(
        Proposal(
            contest=contest,
            unit=units[n % UNITS],
            title=f"{contest.name} inovasi {n}",
            receipt=f"KIPP-{contest.pk}-{n:04d}",
            status=STATUSES[n % len(STATUSES)],
            done=100,
            held_since=at - timedelta(minutes=n),
        )
        for n in range(count)
    )
    sections = list(contest.sections.order_by("pk"))
    Answer.objects.bulk_create(
        (
            _answer(each, section, is_full=n < FULL_LENGTH)
            for n, each in enumerate(proposals)
            for section in sections
        ),
        batch_size=BATCH,
    )
    return proposals


def _answer(proposal: Proposal, section: Section, *, is_full: bool) -> Answer:
    words = section.word_limit * 8 // 10 // (1 if is_full else 8)
    return Answer(proposal=proposal, section=section, text=prose(words, seed=words), words=words)


def _reviews(contest: Contest, proposals: list[Proposal], judges: list[User]) -> list[Review]:
    """Everything that was received is read by three; each judge's first eight sheets are open."""
    reached = dict.fromkeys(range(JUDGES), 0)
    reviews = []
    for n, proposal in enumerate(each for each in proposals if each.status not in STATUSES[:2]):
        for reading in range(READINGS):
            seat = (n + reading * 13) % JUDGES
            reached[seat] += 1
            is_open = reached[seat] <= 8
            reviews.append(
                Review(
                    proposal=proposal,
                    judge=judges[seat],
                    position=reached[seat],
                    status="open" if is_open else "submitted",
                    total=None if is_open else 75,
                )
            )
    Review.objects.bulk_create(reviews, batch_size=BATCH)
    criteria = list(contest.criteria.order_by("pk"))
    values = cycle(int(value) for value, _label in LEVELS)
    Score.objects.bulk_create(
        (Score(review=each, criterion=c, value=next(values)) for each in reviews for c in criteria),
        batch_size=BATCH,
    )
    return reviews


def _public_pages(big: Contest, small: Contest) -> list[Page]:
    paths = {
        "home": "/",
        "home-kept": "/empty/",
        "results-kept": "/empty/",
        "competition": f"/contest/{big.pk}/",
        "results": f"/contest/{small.pk}/results/",
    }
    return [Page(key, (Client(path),) * (CLIENTS + 1)) for key, path in paths.items()]


def _committee_pages(
    big: Contest, small: Contest, organizer: User, waiting: Proposal
) -> list[Page]:
    sessions = [_session(organizer) for _number in range(CLIENTS + 1)]
    paths = {
        "board-60": f"/contest/{small.pk}/board/",
        "board": f"/contest/{big.pk}/board/",
        "screening-queue-60": f"/contest/{small.pk}/board/",
        "screening-queue": f"/contest/{big.pk}/board/",
        "register": f"/contest/{big.pk}/board/",
        "screening": f"/contest/{big.pk}/read/{waiting.pk}/",
    }
    return [
        Page(key, tuple(Client(path, session) for session in sessions))
        for key, path in paths.items()
    ]


def _judge_pages(contest: Contest, reviews: list[Review]) -> list[Page]:
    first = {each.judge_id: each for each in reversed(reviews) if each.status == "open"}
    form = {"version": "1", "comment": "Inovasi ini terbukti membantu warga."}
    for criterion in contest.criteria.all():
        form |= {f"value-{criterion.pk}": "75", f"comment-{criterion.pk}": "Sudah dijelaskan."}
    pages: dict[str, list[Client]] = {"queue": [], "scorecard": [], "scorecard-save": []}
    for review in islice(first.values(), CLIENTS + 1):
        session = _session(review.judge)
        path = f"/review/{review.pk}/"
        pages["queue"].append(Client(f"/queue/{contest.pk}/", session))
        pages["scorecard"].append(Client(path, session))
        pages["scorecard-save"].append(Client(f"{path}save/", session, form))
    return [Page(key, tuple(clients)) for key, clients in pages.items()]


def _author_pages(proposals: list[Proposal], authors: list[User]) -> list[Page]:
    drafts = [n for n, each in enumerate(proposals) if each.status == "draft"]
    pages: dict[str, list[Client]] = {"proposal": [], "section": [], "section-save": []}
    for n in drafts[: CLIENTS + 1]:
        session, path = _session(authors[n % UNITS]), f"/proposal/{proposals[n].pk}/"
        answer = proposals[n].answers.order_by("-words")[0]
        section = f"{path}section/{answer.section_id}/"
        form = {"version": "1", "text": answer.text}
        pages["proposal"].append(Client(path, session))
        pages["section"].append(Client(section, session))
        pages["section-save"].append(Client(f"{section}save/", session, form))
    return [Page(key, tuple(clients)) for key, clients in pages.items()]


def _login_page(authors: list[User]) -> Page:
    forms = [{"username": author.username, "password": PASSWORD} for author in authors[:LOGINS]]
    return Page("login", tuple(Client("/login/", form=form) for form in forms), expected=302)


def _session(user: User) -> str:
    return logged_in(user, backend=BACKEND)
