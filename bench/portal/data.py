"""The portal's database and the requests that the driver makes of it."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from bench.plan import CLIENTS, Client, Page
from bench.portal.edition import make_competition
from bench.portal.entering import enter_proposals
from bench.portal.people import PASSWORD, People, make_people
from bench.portal.rushing import make_rush
from bench.portal.scoring import score_stage, second_sheets, sheets_for
from bench.portal.sending_files import make_senders
from bench.searching import enter_entries
from bench.sessions import logged_in
from competitions.models import CommitteeSeat, Competition
from judging import services
from judging.exports import show_number
from judging.forms.scorecard import COMMENT, VALUE
from judging.models import Assignment, Stage
from judging.queries.desk import values_of
from proposals.models import Answer, Proposal
from proposals.workflow import ProposalStatus

BACKEND = "accounts.backends.EmailBackend"
SMALL, LOGINS = 60, 257
# Of the authors: those of the table, then those of the deadline.
HURRIED = 2 * (CLIENTS + 1)
Role = CommitteeSeat.Role


def fill(rows: int) -> list[Page]:
    at = datetime.now(UTC)
    with transaction.atomic():
        people = make_people(at)
        big = _edition("besar", people, rows=rows, at=at)
        small = _edition("kecil", people, rows=SMALL, at=at)
        made = score_stage(big.stages.get(), judges=people.judges, pending=8, at=at)
        score_stage(small.stages.get(), judges=people.judges[:14], pending=0, at=at)
        rush = make_rush(people, backend=BACKEND, at=at)
        senders = make_senders(people, backend=BACKEND, at=at)
    _publish(small.stages.get(), people, at=at)
    enter_entries()
    return [
        *_public_pages(big, small),
        *_committee_pages(big, small, people),
        *_judge_pages(made),
        _crowd_page(made),
        *_author_pages(big),
        rush,
        senders,
        _login_page(people),
    ]


def _edition(slug: str, people: People, *, rows: int, at: datetime) -> Competition:
    competition = make_competition(slug, host=people.host, by=people.organizer, at=at)
    CommitteeSeat.objects.create(
        competition=competition, user=people.organizer, role=Role.ORGANIZER
    )
    CommitteeSeat.objects.create(competition=competition, user=people.chair, role=Role.CHAIR)
    enter_proposals(competition, people=people, count=rows, at=at)
    return competition


def _publish(stage: Stage, people: People, *, at: datetime) -> None:
    services.close_stage(stage, by=people.chair, at=at)
    publication = services.propose_publication(
        stage, decree_number="188/1/2026", decree_on=at.date(), by=people.organizer, at=at
    )
    services.release_publication(publication, by=people.chair, at=at)


def _public_pages(big: Competition, small: Competition) -> list[Page]:
    """With a query string a page is made anew; without one it is kept."""
    results = reverse("judging:public-results", args=[small.slug])
    paths = {
        "home": "/?anew",
        "home-kept": "/",
        "register": reverse("proposals:register") + "?anew",
        "competition": reverse("competitions:competition-page", args=[big.slug]) + "?anew",
        "results": f"{results}?anew",
        "results-kept": results,
    }
    return [Page(key, (Client(path),) * (CLIENTS + 1)) for key, path in paths.items()]


def _committee_pages(big: Competition, small: Competition, people: People) -> list[Page]:
    sessions = [_session(people.organizer) for _number in range(CLIENTS + 1)]
    waiting = Proposal.objects.filter(competition=big, status=ProposalStatus.SUBMITTED)
    read = waiting.order_by("pk").values_list("pk", flat=True)[0]
    paths = {
        "board-60": reverse("proposals:board", args=[small.slug]),
        "board": reverse("proposals:board", args=[big.slug]),
        "screening-queue-60": reverse("proposals:screening-queue", args=[small.slug]),
        "screening-queue": reverse("proposals:screening-queue", args=[big.slug]),
        "screening": reverse("proposals:screening-page", args=[big.slug, read]),
    }
    return [
        Page(key, tuple(Client(path, session) for session in sessions))
        for key, path in paths.items()
    ]


def _judge_pages(made: list[Assignment]) -> list[Page]:
    sheets = sheets_for(made)
    sessions = [_session(sheet.panelist.user) for sheet in sheets]
    pages: dict[str, list[Client]] = {"queue": [], "scorecard": [], "scorecard-save": []}
    for sheet, session in zip(sheets, sessions, strict=True):
        queue = reverse("judging:queue", args=[sheet.entry.stage_id])
        save = reverse("judging:sheet-autosave", args=[sheet.pk])
        pages["queue"].append(Client(queue, session))
        pages["scorecard"].append(Client(reverse("judging:sheet", args=[sheet.pk]), session))
        pages["scorecard-save"].append(Client(save, session, _sheet_form(sheet)))
    return [Page(key, tuple(clients)) for key, clients in pages.items()]


def _crowd_page(made: list[Assignment]) -> Page:
    """Another open sheet of every judge."""
    clients = []
    for sheet in second_sheets(made):
        save = reverse("judging:sheet-autosave", args=[sheet.pk])
        clients.append(Client(save, _session(sheet.panelist.user), _sheet_form(sheet)))
    return Page("crowd-save", tuple(clients))


def _sheet_form(sheet: Assignment) -> dict[str, str]:
    form = {"version": "1", "comment": "Inovasi ini terbukti membantu warga."}
    for key, (value, _text) in values_of(sheet).items():
        form |= {VALUE + key: show_number(value), COMMENT + key: "Sudah dijelaskan."}
    return form


def _author_pages(big: Competition) -> list[Page]:
    drafts = Proposal.objects.filter(competition=big, status=ProposalStatus.DRAFT)
    pages: dict[str, list[Client]] = {"proposal": [], "section": [], "section-save": []}
    hurried: list[Client] = []
    for number, draft in enumerate(drafts.select_related("created_by").order_by("pk")[:HURRIED]):
        session = _session(draft.created_by)
        longest = Answer.objects.filter(proposal=draft).order_by("-word_count")
        answer = longest.select_related("section")[0]
        arguments = [draft.pk, answer.section.key]
        form = {"version": "1", "text": answer.text}
        save = reverse("proposals:section-autosave", args=arguments)
        if number > CLIENTS:
            hurried.append(Client(save, session, form))
            continue
        show = reverse("proposals:proposal-page", args=[draft.pk])
        pages["proposal"].append(Client(show, session))
        pages["section"].append(Client(reverse("proposals:section-edit", args=arguments), session))
        pages["section-save"].append(Client(save, session, form))
    pages["rush-save"] = hurried
    return [Page(key, tuple(clients)) for key, clients in pages.items()]


def _login_page(people: People) -> Page:
    """Many people: one who logs in again and again has more and more sessions to look after."""
    forms = [{"login": author.email, "password": PASSWORD} for author in people.authors[:LOGINS]]
    path = reverse("account_login")
    return Page("login", tuple(Client(path, form=form) for form in forms), expected=302)


def _session(user: User) -> str:
    return logged_in(user, backend=BACKEND)
