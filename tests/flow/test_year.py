"""One edition from its file to the certificates, in real browsers, with all who take part."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Message, User
from competitions import services as competitions
from competitions.models import Attendee, Competition, Workshop
from judging import services as judging
from judging.models import Assignment, Award, Panelist, Publication
from kipp import tasks
from kipp.invariants import INVARIANTS
from kipp.lib.clock import show_date
from proposals import services as proposals
from proposals.models import Innovation, Proposal, Submission
from tests import make, small_year
from tests.background.conftest import Sink
from tests.flow import desk
from tests.flow.desk import Lobby
from tests.lib import samples
from tests.small_year import PASSWORD, Year

pytestmark = [pytest.mark.long, pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SLUG = "kipp-kecil"
NIP = "19800101 200501 2 001"
JUDGES = ("judge", "judge2", "judge3")
Pages = dict[str, Page]


def load_and_seat(folder: Path) -> Year:
    """What the operator does at the console: units, people, the edition and its first seats."""
    now = timezone.now()
    year = small_year.people_and_units(at=now - timedelta(days=10))
    year.at = now
    year.people["judge3"] = make.user("Juri Tiga", password=make_password(PASSWORD))
    file = folder / "edition.toml"
    file.write_text(small_year.edition_text(now))
    call_command("load_edition", str(file), stdout=StringIO())
    year.competition = Competition.objects.select_related("host").get()
    for role in ("organizer", "chair", "auditor"):
        person = year.people[role]
        competitions.seat_person(
            year.competition,
            email=person.email,
            full_name=person.full_name,
            role=role,
            by=year.people["sysadmin"],
            at=now,
        )
    return year


def let_in(lobby: Lobby, people: dict[str, User]) -> Pages:
    roles = ("other", "endorser", "organizer", "chair", *JUDGES)
    pages = {role: lobby.enter(people[role]) for role in roles}
    return pages | {"author": lobby.sign_in(people["author"]), "anybody": lobby.visit()}


def publish(pages: Pages) -> None:
    desk.go(pages["organizer"], "judging:competition-publish", SLUG)
    desk.send(pages["organizer"])
    desk.go(pages["anybody"], "competitions:competition-page", SLUG)
    expect(pages["anybody"].locator("h1").first).to_have_text("KIPP Kota Kecil")


def go_to_workshop(pages: Pages) -> None:
    """A seat for the unit, the ticket with its QR code, and the mark at the door."""
    workshop = Workshop.objects.get().pk
    desk.go(pages["author"], "competitions:workshop-page", SLUG, workshop)
    desk.fill(pages["author"], full_name="Siti Aminah")
    desk.send(pages["author"], "competitions:workshop-sign-up", SLUG, workshop)
    attendee = Attendee.objects.get()
    desk.go(pages["author"], "competitions:attendee-ticket", SLUG, attendee.ticket)
    expect(pages["author"].locator("img.qr")).to_be_visible()
    desk.go(pages["organizer"], "competitions:attendee-mark", SLUG, attendee.ticket)
    desk.send(pages["organizer"])
    attendee.refresh_from_db()
    assert attendee.attended_at


def start_proposal(page: Page, year: Year) -> int:
    desk.go(page, "proposals:innovation-new")
    desk.fill(page, title="Antrean Rumah", started_on=f"{year.at.year - 2}-01-15")
    desk.send(page)
    desk.go(page, "proposals:proposal-start", SLUG)
    desk.choose(page, "innovation", str(Innovation.objects.get().pk))
    desk.send(page)
    pk = Proposal.objects.get().pk
    desk.expect_at(page, "proposals:header-edit", pk)
    return pk


def write_proposal(page: Page, pk: int) -> None:
    desk.go(page, "proposals:header-edit", pk)
    page.locator("[name=category]").select_option(label="Kesehatan")
    desk.send(page)
    desk.go(page, "proposals:member-list", pk)
    desk.fill(page, name="Dr. Hj. Siti Aminah, S.Kep., Ns.", role="Ketua", nip=NIP)
    desk.send(page)
    for key, text in (("ringkasan", small_year.SUMMARY), ("dampak", small_year.IMPACT)):
        desk.go(page, "proposals:section-edit", pk, key)
        desk.fill(page, text=text)
        page.locator("main [name=text]").blur()
        desk.expect_saved(page)
        with page.expect_navigation():
            page.locator("button[form=page-form]").click()
    attach(page, pk, "surat", name="surat.pdf", content=samples.pdf_file())
    attach(page, pk, "foto", name="foto.jpg", content=samples.jpg_file())
    claim_impact(page, pk)


def claim_impact(page: Page, pk: int) -> None:
    desk.go(page, "proposals:claim-list", pk)
    desk.fill(page, indicator="Waktu tunggu", before="1.095,5", after="21", measure="menit")
    page.locator("[name=better][value=lower]").check()
    desk.fill(page, period="2018 dan 2019", method="Buku antrean")
    page.locator("[name=source]").select_option(index=1)
    desk.send(page)
    expect(page.locator(".ledger tbody tr")).to_have_count(1)


def attach(page: Page, pk: int, slot: str, *, name: str, content: bytes) -> None:
    desk.go(page, "proposals:attachment-list", pk)
    kind = "application/pdf" if name.endswith("pdf") else "image/jpeg"
    file = {"name": name, "mimeType": kind, "buffer": content}
    page.locator(f"#file-{slot}").set_input_files(file)  # type: ignore[arg-type]
    expect(page.locator(f"#slot-{slot} a.file-name")).to_have_text(name)


def check_and_send(page: Page, pk: int) -> None:
    desk.go(page, "proposals:proposal-check", pk)
    desk.send(page, "proposals:proposal-send", pk)
    desk.expect_at(page, "proposals:proposal-page", pk)


def endorse_after_a_return(pages: Pages, pk: int) -> None:
    endorser, author = pages["endorser"], pages["author"]
    desk.go(endorser, "proposals:endorsement-queue")
    endorser.locator(f'main a[href="{reverse("proposals:endorsement-page", args=[pk])}"]').click()
    desk.expect_at(endorser, "proposals:endorsement-page", pk)
    desk.go(endorser, "proposals:endorsement-return", pk)
    desk.fill(endorser, section_dampak="Sebutkan sumber angkanya.")
    desk.send(endorser)
    desk.go(author, "proposals:section-edit", pk, "dampak")
    expect(author.get_by_text("Sebutkan sumber angkanya.")).to_be_visible()
    desk.fill(author, text=f"{small_year.IMPACT} Sumber: buku loket.")
    with author.expect_navigation():
        author.locator("button[form=page-form]").click()
    check_and_send(author, pk)
    desk.go(endorser, "proposals:endorsement-page", pk)
    endorser.locator("[name=statement]").check()
    desk.send(endorser, "proposals:endorsement-submit", pk)
    desk.expect_at(endorser, "proposals:receipt", pk)


def check_receipt(pages: Pages, pk: int) -> None:
    sent = Submission.objects.get(proposal=pk)
    expect(pages["endorser"].locator("main")).to_contain_text(sent.receipt)
    address = reverse("proposals:receipt-pdf", args=[pk])
    assert pages["author"].request.get(address).body().startswith(b"%PDF-")
    desk.go(pages["anybody"], "proposals:receipt-verify", sent.receipt)
    told = pages["anybody"].locator("main").inner_text()
    assert sent.sha256 in told
    assert "Antrean Rumah" not in told


def send_rivals(year: Year) -> tuple[int, int]:
    """Two more proposals of the other agency, which somebody else wrote."""
    year.competition.refresh_from_db()
    rivals = []
    for title in ("Timbang Ulang", "Pasar Terang"):
        _innovation, rival = small_year.draft(year, year.market, title, by="other")
        other = year.people["other"]
        proposals.send_for_endorsement(rival, by=other, at=timezone.now())
        proposals.submit_proposal(rival, token=uuid4(), by=other, at=timezone.now())
        rivals.append(rival.pk)
    return rivals[0], rivals[1]


def screen(pages: Pages, pk: int, *, incomplete: int, refused: int, at: Year) -> None:
    organizer, other = pages["organizer"], pages["other"]
    decide(organizer, pk, "passed")
    decide(organizer, refused, "failed", note="Belum berjalan satu tahun.")
    due = (at.at.astimezone(small_year.ZONE) + timedelta(days=1)).date()
    decide(organizer, incomplete, "completion", note="Sumber data?", due_at=due.isoformat())
    desk.go(other, "proposals:section-edit", incomplete, "dampak")
    desk.fill(other, text=f"{small_year.IMPACT} Sumber: survei.")
    with other.expect_navigation():
        other.locator("button[form=page-form]").click()
    desk.go(other, "proposals:proposal-check", incomplete)
    desk.send(other, "proposals:proposal-resubmit", incomplete)
    desk.expect_at(other, "proposals:receipt", incomplete)
    decide(organizer, incomplete, "passed")
    assert [Proposal.objects.get(pk=each).status for each in (pk, incomplete, refused)] == [
        "eligible",
        "eligible",
        "ineligible",
    ]


def decide(page: Page, pk: int, verdict: str, **words: str) -> None:
    desk.go(page, "proposals:screening-page", SLUG, pk)
    desk.choose(page, "verdict", verdict)
    if verdict != "passed":
        page.locator("main [name=reasons]").first.check()
    if verdict == "completion":
        page.locator("main [name=unlocked][value='section:dampak']").check()
    desk.fill(page, **words)
    with page.expect_navigation():
        page.locator("#decide button.btn-primary").click()


def seat_judges(pages: Pages, year: Year, stage: str, *, judges: tuple[str, ...] = JUDGES) -> None:
    page = pages["organizer"]
    for judge in judges:
        person = year.people[judge]
        desk.go(page, "judging:panelist-seat", SLUG, stage)
        desk.fill(page, email=person.email, full_name=person.full_name)
        desk.send(page)
        seat = Panelist.objects.get(stage__key=stage, user=person)
        desk.go(pages[judge], "judging:seat-answer", seat.pk)
        desk.send(pages[judge])


def open_stage(page: Page, stage: str) -> None:
    desk.go(page, "judging:stage-open", SLUG, stage)
    desk.send(page)
    desk.expect_at(page, "judging:stage", SLUG, stage)


def sheet(year: Year, judge: str, *, of: int, stage: str = "desk") -> int:
    found = Assignment.objects.get(
        entry__stage__key=stage, entry__proposal=of, panelist__user=year.people[judge]
    )
    return found.pk


def score(page: Page, pk: int, *, value: str, level: str) -> None:
    """Declare, fill in, see it saved, hand in."""
    desk.go(page, "judging:sheet", pk)
    desk.send(page, "judging:declaration", pk)
    desk.fill(page, **{"nilai-kebaruan": value})
    desk.choose(page, "nilai-dampak", level)
    page.locator("main [name=comment]").focus()
    desk.expect_saved(page)
    desk.press(page, "judging:sheet-submit", pk)


def score_by_keyboard(page: Page, pk: int) -> None:
    desk.go(page, "judging:sheet", pk)
    desk.enter_on(page, f'form[action="{reverse("judging:declaration", args=[pk])}"] button')
    desk.type_into(page, "[name=nilai-kebaruan]", "3")
    desk.tab_to(page, "[name=nilai-dampak]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    desk.enter_on(page, f'[formaction="{reverse("judging:sheet-submit", args=[pk])}"]')


def recuse(page: Page, pk: int) -> None:
    desk.go(page, "judging:declaration", pk)
    desk.fill(page, reason="Saya ikut menyusun inovasi ini.")
    desk.press(page, "judging:recuse", pk)


def judge_first_stage(pages: Pages, year: Year, *, first: int, second: int) -> None:
    seat_judges(pages, year, "desk")
    open_stage(pages["organizer"], "desk")
    score(pages["judge"], sheet(year, "judge", of=first), value="4", level="4")
    score(pages["judge"], sheet(year, "judge", of=second), value="2", level="2")
    score_by_keyboard(pages["judge2"], sheet(year, "judge2", of=first))
    score(pages["judge2"], sheet(year, "judge2", of=second), value="1", level="2")
    recuse(pages["judge3"], sheet(year, "judge3", of=first))
    desk.go(pages["organizer"], "judging:stage", SLUG, "desk")
    seat = Assignment.objects.get(pk=sheet(year, "judge3", of=second)).panelist_id
    desk.press(pages["organizer"], "judging:panelist-remind", SLUG, "desk", seat)
    score(pages["judge3"], sheet(year, "judge3", of=second), value="3", level="3")
    close(pages["chair"], "desk")


def judge_second_stage(pages: Pages, year: Year, *, first: int, second: int) -> None:
    """One judge as before; the others do nothing that the first stage has not seen them do."""
    judge, *others = JUDGES
    seat_judges(pages, year, "paparan", judges=(judge,))
    for other in others:
        judging.seat_panelist(
            year.stage("paparan"),
            user=year.people[other],
            by=year.people["organizer"],
            at=timezone.now(),
        )
    open_stage(pages["organizer"], "paparan")
    for proposal, value in ((first, "4"), (second, "3")):
        pk = sheet(year, judge, of=proposal, stage="paparan")
        desk.go(pages[judge], "judging:sheet", pk)
        desk.send(pages[judge], "judging:declaration", pk)
        desk.fill(pages[judge], **{"nilai-bukti": value})
        desk.press(pages[judge], "judging:sheet-submit", pk)
    for each in small_year.sheets_of(year, "paparan"):
        if each.panelist.user != year.people[judge]:
            score_unseen(each, value=Decimal(3 if each.entry.proposal_id == first else 2))
    close(pages["chair"], "paparan")


def score_unseen(sheet: Assignment, *, value: Decimal) -> None:
    by, now = sheet.panelist.user, timezone.now()
    judging.declare_no_conflict(sheet, by=by, at=now)
    sheet.refresh_from_db(fields=["version"])
    scores = judging.Sheet(values={"bukti": value})
    judging.submit_scorecard(sheet, sheet=scores, version=sheet.version, by=by, at=now)


def close(page: Page, stage: str) -> None:
    desk.go_once_more_asked(page, "judging:stage-close", SLUG, stage)
    page.locator("[name=confirm]").check()
    desk.send(page)
    desk.expect_at(page, "judging:results", SLUG, stage)


def publish_results(pages: Pages, year: Year) -> None:
    organizer, chair = pages["organizer"], pages["chair"]
    decreed = year.at.astimezone(small_year.ZONE).date()
    desk.go(organizer, "judging:publication-propose", SLUG, "paparan")
    desk.fill(organizer, decree_number="188.45/1/2026", decree_on=decreed.isoformat())
    desk.send(organizer)
    number = Publication.objects.get().number
    desk.go(organizer, "judging:publication", SLUG, number)
    release = reverse("judging:publication-release", args=[SLUG, number])
    expect(organizer.locator(f'a[href="{release}"]')).to_have_count(0)
    desk.go_once_more_asked(chair, "judging:publication-release", SLUG, number)
    desk.send(chair, "judging:publication-release", SLUG, number)
    desk.expect_at(chair, "judging:public-results", SLUG)
    expect(chair.locator("main")).to_contain_text(show_date(decreed))


def read_results(page: Page) -> None:
    desk.go(page, "judging:public-results", SLUG)
    told = page.locator("main").inner_text()
    assert 0 < told.index("Antrean Rumah") < told.index("Timbang Ulang")
    assert "Pasar Terang" not in told
    table = page.request.get(reverse("judging:public-results-csv", args=[SLUG])).text()
    assert "Antrean Rumah" in table
    winner = Award.objects.get(proposal__title="Antrean Rumah")
    desk.go(page, "judging:certificate", winner.code)
    expect(page.locator("main")).to_contain_text(winner.code)
    paper = page.request.get(reverse("judging:certificate-pdf", args=[winner.code]))
    assert paper.body().startswith(b"%PDF-")


def test_year_from_the_edition_file_to_the_certificates(
    lobby: Lobby, sink: Sink, tmp_path: Path
) -> None:
    year = load_and_seat(tmp_path)
    pages = let_in(lobby, year.people)
    publish(pages)
    go_to_workshop(pages)
    assert tasks.sweep_reminders() > 0
    first = start_proposal(pages["author"], year)
    write_proposal(pages["author"], first)
    check_and_send(pages["author"], first)
    endorse_after_a_return(pages, first)
    check_receipt(pages, first)
    second, refused = send_rivals(year)
    screen(pages, first, incomplete=second, refused=refused, at=year)
    judge_first_stage(pages, year, first=first, second=second)
    judge_second_stage(pages, year, first=first, second=second)
    publish_results(pages, year)
    read_results(pages["anybody"])

    delivered = tasks.sweep_outbox()

    out = StringIO()
    call_command("check_invariants", stdout=out)
    assert out.getvalue() == f"{len(INVARIANTS)} invariants hold.\n"
    sent = Message.objects.filter(status=Message.Status.SENT)
    assert [delivered, len(sink.mails)] == [sent.count(), sent.count()]
    assert sink.subjects == sorted(sent.values_list("subject", flat=True))
    assert not Message.objects.exclude(status__in=["sent", "expired"]).exists()
    assert lobby.problems == []
