"""A small city's year, played through the services up to a state.

A state that was kept was played at a moment of its own; what builds on it goes on from there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from string import Template
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from accounts.models import Membership, Unit, User
from accounts.services import grant_membership
from competitions import services as competitions
from competitions.models import Attendee, Competition, Workshop
from judging import services as judging
from judging.models import Assignment, Publication, Stage
from kipp.editions.files import read_edition
from kipp.editions.loading import load_edition
from proposals import services as proposals
from proposals.models import Claim, Innovation, Proposal, Screening, Submission, TeamMember
from tests import make
from tests.kept import kept
from tests.lib import samples

EDITION = Path(__file__).parent / "flow" / "edition.toml"
PASSWORD = "batik kawung malang 1914"
ZONE = ZoneInfo("Asia/Jakarta")
SUMMARY = "Warga mendaftar dari rumah dan datang pada jamnya."
IMPACT = "Waktu tunggu turun dari 95 menit menjadi 21 menit menurut catatan loket."


@dataclass
class Year:
    """`people` by role; two units of one city, each under an agency of its own."""

    at: datetime
    city: Unit
    agency: Unit
    clinic: Unit
    market: Unit
    people: dict[str, User]
    competition: Competition = field(init=False)
    attendee: Attendee = field(init=False)
    innovation: Innovation = field(init=False)
    proposal: Proposal = field(init=False)
    publication: Publication = field(init=False)

    def stage(self, key: str) -> Stage:
        found: Stage = self.competition.stages.get(key=key)
        return found

    def sheet(self, judge: str, stage: str = "desk") -> Assignment:
        found: Assignment = Assignment.objects.select_related("entry__stage", "panelist").get(
            entry__stage__key=stage,
            entry__proposal=self.proposal,
            panelist__user=self.people[judge],
        )
        return found


def edition_text(at: datetime) -> str:
    """The edition file with its rounds around `at`."""
    today = at.astimezone(ZONE).date()
    dates = {"past": f"{today - timedelta(days=2)} 00:00"}
    dates |= {"soon": f"{today + timedelta(days=1)} 24:00"}
    dates |= {"later": f"{today + timedelta(days=3)} 24:00"}
    return Template(EDITION.read_text()).substitute(dates)


def people_and_units(*, at: datetime) -> Year:
    city = make.unit("Kota Kecil", level="government")
    agency = make.unit("Dinas Kesehatan", parent=city)
    clinic = make.unit("Puskesmas Anggrek", parent=agency, level="service")
    trade = make.unit("Dinas Perdagangan", parent=city)
    market = make.unit("Pasar Melati", parent=trade, level="service")
    roles = ("author", "other", "endorser", "organizer", "chair", "auditor")
    password = make_password(PASSWORD)
    people = {
        role: make.user(role.title(), password=password) for role in (*roles, "judge", "judge2")
    }
    people["sysadmin"] = make.user("Admin", password=password, is_staff=True, is_superuser=True)
    admin, role = people["sysadmin"], Membership.Role
    grant_membership(people["author"], unit=clinic, role=role.AUTHOR, by=admin, at=at)
    grant_membership(people["endorser"], unit=agency, role=role.ENDORSER, by=admin, at=at)
    grant_membership(people["other"], unit=market, role=role.AUTHOR, by=admin, at=at)
    grant_membership(people["other"], unit=trade, role=role.ENDORSER, by=admin, at=at)
    return Year(at, city, agency, clinic, market, people)


@kept
def published(*, at: datetime) -> Year:
    """The edition is public and seated; the clinic sends somebody to the workshop."""
    year = people_and_units(at=at)
    at = year.at
    definition = read_edition(edition_text(at).encode())
    organizer, admin = year.people["organizer"], year.people["sysadmin"]
    year.competition = load_edition(definition, host=year.city, by=organizer, at=at)
    for role in ("organizer", "chair", "auditor"):
        person = year.people[role]
        competitions.seat_person(
            year.competition,
            email=person.email,
            full_name=person.full_name,
            role=role,
            by=admin,
            at=at,
        )
    for stage in year.competition.stages.all():
        for judge in ("judge", "judge2"):
            judging.seat_panelist(stage, user=year.people[judge], by=organizer, at=at)
    competitions.publish_competition(year.competition, by=organizer, at=at)
    workshop = Workshop.objects.get(round__competition=year.competition)
    year.attendee = competitions.sign_up(
        workshop, unit=year.clinic, full_name="Siti Aminah", by=year.people["author"], at=at
    )
    return year


@kept
def writing(*, at: datetime) -> Year:
    """The clinic has written a complete draft."""
    year = published(at=at)
    year.innovation, year.proposal = draft(year, year.clinic, "Antrean Rumah", by="author")
    return year


def draft(year: Year, unit: Unit, title: str, *, by: str) -> tuple[Innovation, Proposal]:
    author, at = year.people[by], year.at
    begun = date(at.year - 3, 1, 15)
    innovation = proposals.register_innovation(
        unit, title=title, started_on=begun, by=author, at=at
    )
    track = year.competition.tracks.get()
    proposal = proposals.start_proposal(innovation, track=track, unit=unit, by=author, at=at)
    category = year.competition.categories.get()
    proposals.describe_proposal(
        proposal,
        header={"category": category},
        version=proposal.version,
        by=author,
        at=at,
    )
    for section in track.sections.all():
        text = SUMMARY if section.key == "ringkasan" else IMPACT
        proposals.save_answer(proposal, section=section, text=text, version=0, by=author, at=at)
    files = {"surat": ("surat.pdf", samples.pdf_file()), "foto": ("a.jpg", samples.jpg_file())}
    for slot in track.slots.all():
        name, content = files[slot.key]
        proposals.attach_file(
            proposal, slot=slot, file=BytesIO(content), name=name, by=author, at=at
        )
    list_lines(proposal, by=author, at=at)
    return innovation, proposal


def list_lines(proposal: Proposal, *, by: User, at: datetime) -> None:
    """Two people and one claim, proven by the photo."""
    for name, role in (("Dr. Hj. Siti Aminah, S.Kep., Ns.", "Ketua"), ("Budi Santoso", "Anggota")):
        proposals.add_line(TeamMember(proposal=proposal, name=name, role=role), by=by, at=at)
    claim = Claim(
        proposal=proposal,
        indicator="Waktu tunggu",
        before=Decimal(95),
        after=Decimal(21),
        measure="menit",
        better=Claim.Better.LOWER,
        period="2018 dan 2019",
        method="Catatan loket",
        source=proposal.attachments.get(slot__key="foto"),
    )
    proposals.add_line(claim, by=by, at=at)


def send(year: Year, proposal: Proposal, *, author: str, endorser: str) -> None:
    by = year.people
    proposals.send_for_endorsement(proposal, by=by[author], at=year.at)
    sent = proposals.submit_proposal(proposal, token=uuid4(), by=by[endorser], at=year.at)
    passed = Screening.Verdict.PASSED
    proposals.screen_submission(sent, verdict=passed, by=by["organizer"], at=year.at)


@kept
def judged(*, at: datetime) -> Year:
    """Two proposals are before the judges; each judge has declared and scored nothing yet."""
    year = writing(at=at)
    at = year.at
    send(year, year.proposal, author="author", endorser="endorser")
    _innovation, rival = draft(year, year.market, "Timbang Ulang", by="other")
    send(year, rival, author="other", endorser="other")
    judging.open_stage(year.stage("desk"), by=year.people["organizer"], at=at, seed=1)
    declare(year, "desk")
    return year


def declare(year: Year, stage: str) -> None:
    for sheet in sheets_of(year, stage):
        judging.declare_no_conflict(sheet, by=sheet.panelist.user, at=year.at)


def sheets_of(year: Year, stage: str) -> list[Assignment]:
    own = Assignment.objects.filter(entry__stage=year.stage(stage)).order_by("pk")
    return list(own.select_related("entry__stage", "entry__proposal", "panelist__user"))


def score(year: Year, stage: str) -> None:
    """The clinic gets more than the market from everybody."""
    for sheet in sheets_of(year, stage):
        value = Decimal(3 if sheet.entry.proposal == year.proposal else 2)
        keys = [criterion.key for criterion in sheet.entry.stage.criteria.all()]
        judging.submit_scorecard(
            sheet,
            sheet=judging.Sheet(values=dict.fromkeys(keys, value)),
            version=sheet.version,
            by=sheet.panelist.user,
            at=year.at,
        )


@kept
def decided(*, at: datetime) -> Year:
    """Both stages are closed; nothing is proposed yet."""
    year = judged(at=at)
    at = year.at
    organizer, chair = year.people["organizer"], year.people["chair"]
    score(year, "desk")
    judging.close_stage(year.stage("desk"), by=chair, at=at)
    judging.open_stage(year.stage("paparan"), by=organizer, at=at, seed=1)
    declare(year, "paparan")
    score(year, "paparan")
    judging.close_stage(year.stage("paparan"), by=chair, at=at)
    return year


@kept
def released(*, at: datetime) -> Year:
    """Both stages are closed and the results are public."""
    year = decided(at=at)
    at = year.at
    proposed = judging.propose_publication(
        year.stage("paparan"),
        decree_number="188.45/1/2026",
        decree_on=at.astimezone(ZONE).date(),
        by=year.people["organizer"],
        at=at,
    )
    year.publication = judging.release_publication(proposed, by=year.people["chair"], at=at)
    return year


def current_submission(year: Year) -> Submission:
    found: Submission = year.proposal.submissions.get(superseded_at=None)
    return found
