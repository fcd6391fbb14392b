"""What is held of a person: all of it and nothing else on request; a number after an erasure."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.audit import find_breaks
from accounts.mail import send_later
from accounts.models import AuditEntry, Import, Invitation, Message, User
from competitions.models import Competition
from kipp.invariants import INVARIANTS
from kipp.privacy.erasing import erase_person
from kipp.privacy.exporting import HELD
from kipp.retention import RULES, apply_retention, kept_too_long
from proposals.models import Proposal
from tests import make, small_year
from tests.kipp.commands import ROOT, manage
from tests.small_year import Year

NIP = "199608182022042001"
PHONE = "+6281234567890"


@pytest.fixture
def year(db: None) -> Year:
    made = small_year.released(at=timezone.now())
    known = User.objects.filter(pk=made.people["author"].pk)
    known.update(nip=NIP, phone=PHONE, full_name="Siti Aminah, S.KM.")
    Proposal.objects.filter(pk=made.proposal.pk).update(signer_nip=NIP, signer_name="Siti Aminah")
    made.people["author"].refresh_from_db()
    return made


def offenders() -> list[str]:
    return [
        f"{check.__name__}: {sentence}"
        for check in INVARIANTS
        for sentence in check(timezone.now())
    ]


def tables_with(text: str) -> set[str]:
    """Every table of which a row holds this, wherever in it."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            look = f'SELECT EXISTS (SELECT FROM "{table}" AS t WHERE t::text LIKE %s)'  # noqa: S608
            cursor.execute(look, [f"%{text}%"])
            found |= {table} if cursor.fetchone()[0] else set()
    return found


def test_every_link_to_a_person_is_in_the_export() -> None:
    links = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.related_model is User and not field.auto_created and model is not User
    }

    assert links - {(held.model, held.link) for held in HELD} == set()


def test_export_holds_what_is_the_persons_and_nobody_elses(year: Year, tmp_path: Path) -> None:
    person = year.people["author"]
    out = StringIO()

    call_command("export_person", person.email.upper(), to=tmp_path, stdout=out)

    target = Path(out.getvalue().strip())
    text = target.read_text()
    body = json.loads(text)
    assert target.stat().st_mode & 0o777 == 0o600
    assert body["person"]["nip"] == NIP
    assert body["named_elsewhere"]["signer"][0]["signer_nip"] == NIP
    assert body["rows"]["accounts.Membership user"][0]["unit__name"] == "Puskesmas Anggrek"
    written = [row["text"] for row in body["rows"]["proposals.Revision saved_by"]]
    assert small_year.SUMMARY in written
    others = [other for role, other in year.people.items() if role != "author"]
    assert [other.email for other in others if other.email in text] == []
    assert "password" not in text
    with pytest.raises(CommandError, match="Nobody here has the address"):
        call_command("export_person", "siapa@kota.example", to=tmp_path)


def test_export_of_a_judge_has_the_sheets_without_their_proposals(
    year: Year, tmp_path: Path
) -> None:
    judge = year.people["judge"]
    out = StringIO()

    call_command("export_person", judge.email, to=tmp_path, stdout=out)

    rows = json.loads(Path(out.getvalue().strip()).read_text())["rows"]
    assert len(rows["judging.Score assignment__panelist__user"]) > 0
    assert year.proposal.title not in json.dumps(rows["judging.Assignment panelist__user"])


def test_erased_person_is_a_number_and_the_results_stand(year: Year) -> None:
    person, at = year.people["author"], timezone.now()
    client = Client()
    client.force_login(person)
    send_later("factor_reset", person, dedupe_key="x", at=at, context={"by": None, "reason": ""})
    before = (offenders(), year.publication.pk, Proposal.objects.get(pk=year.proposal.pk).status)

    erase_person(person, by=None, at=at, reason="Surat 12/2026")

    after = (offenders(), year.publication.pk, Proposal.objects.get(pk=year.proposal.pk).status)
    assert before == after == ([], *after[1:])
    assert [tables_with(each) for each in (person.email, NIP, PHONE)] == [set(), set(), set()]
    assert tables_with("Siti Aminah, S.KM.") <= {"accounts_auditentry", "proposals_submission"}
    assert Message.objects.get(dedupe_key="x").status == Message.Status.EXPIRED
    assert find_breaks(AuditEntry.objects.order_by("number")) == []
    last = AuditEntry.objects.latest("number")
    assert (last.action, last.reason) == ("user.erased", "Surat 12/2026")
    assert client.get("/beranda/").status_code == 302
    assert str(User.objects.get(pk=person.pk)) == f"Erased person {person.pk}"


@pytest.mark.django_db
def test_incident_runs_nothing_in_a_spreadsheet(tmp_path: Path) -> None:
    person = make.user()
    User.objects.filter(pk=person.pk).update(email="=1+1@kota.example")
    log = tmp_path / "log"
    log.write_text(
        line(request="GET /beranda/", user_id=person.pk, ip="10.0.0.1", request_id="@SUM(A1)")
    )

    told = StringIO()
    call_command("incident", str(log), person="=1+1@kota.example", stdout=told)

    assert list(csv.reader(told.getvalue().splitlines()[1:], delimiter=";")) == [
        [
            "2026-03-02T05:00:00+00:00",
            *("'=1+1@kota.example", "10.0.0.1", "GET", "/beranda/", "200", "'@SUM(A1)"),
        ]
    ]


def test_who_still_sits_on_a_panel_is_not_erased(year: Year) -> None:
    for role in ("judge", "chair"):
        with pytest.raises(ValidationError, match="Take the seat back or archive it first"):
            erase_person(year.people[role], by=None, at=timezone.now(), reason="x")
    Competition.objects.update(status="archived")

    erase_person(year.people["judge"], by=None, at=timezone.now(), reason="x")

    assert offenders() == []


@pytest.mark.django_db(transaction=True)
def test_commands_run_as_processes(tmp_path: Path) -> None:
    """The tests around ask for more than that they start; so each runs once."""
    person = make.user("Siti Aminah")
    log = tmp_path / "log"
    log.write_text(line(request="GET /beranda/", user_id=person.pk))

    seen = manage("incident", str(log), "--person", person.email)
    exported = manage("export_person", person.email, "--to", str(tmp_path))
    erased = manage("erase_person", person.email, "--reason", "Surat 12")

    assert f"{person.email};;GET;/beranda/;200;" in seen.stdout
    assert person.email in Path(exported.stdout.strip()).read_text()
    assert erased.returncode == 0, erased.stderr
    assert erased.stdout == (
        f"Person {person.pk} is erased. Earlier backups still hold the data.\n"
    )
    with pytest.raises(CommandError, match="Nobody here has the address"):
        call_command("erase_person", person.email, reason="x")


def old_rows(*, at: datetime) -> None:
    """One of each kind that ran out, and beside it one that did not."""
    sender = make.user()
    for days in (8, 6):
        sent_at = at - timedelta(days=days)
        Import.objects.create(
            kind="people", name="a.csv", content=b"x", sent_by=sender, sent_at=sent_at
        )
    for days in (91, 89):
        Invitation.objects.create(
            email="a@kota.example",
            user=sender,
            token_hash=str(days),
            created_at=at,
            expires_at=at - timedelta(days=days),
        )
    for days, status in ((181, "sent"), (179, "sent"), (181, "queued")):
        Message.objects.create(
            dedupe_key=f"{days} {status}",
            text="isi",
            html="<p>isi",
            status=status,
            created_at=at - timedelta(days=days),
            due_at=at,
            sent_at=at,
        )
    for days in (61, 59):
        UserSession.objects.create(
            user=sender,
            ip="127.0.0.1",
            session_key=str(days),
            last_seen_at=at - timedelta(days=days),
        )


@pytest.mark.django_db
def test_what_ran_out_goes_and_the_rest_stays() -> None:
    at = timezone.now()
    old_rows(at=at)
    late = list(kept_too_long(at + timedelta(days=2)))

    count = apply_retention(at=at)

    assert (count, len(late)) == (4, 4)
    assert apply_retention(at=at) == 0
    assert list(kept_too_long(at)) == []
    assert Import.objects.exclude(content=b"").count() == 1
    assert Invitation.objects.count() == UserSession.objects.count() == 1
    texts = dict(Message.objects.values_list("dedupe_key", "text"))
    assert texts == {"181 sent": "", "179 sent": "isi", "181 queued": "isi"}


def test_operators_page_has_the_table_of_retention() -> None:
    text = (ROOT / "docs" / "operations.md").read_text()

    assert [rule.what for rule in RULES if f"| {rule.what} | {rule.days} |\n" not in text] == []


def line(**facts: object) -> str:
    told = {"event": "request_finished", "timestamp": "2026-03-02T05:00:00Z", "code": 200}
    return f"Mar 02 kipp[12]: {json.dumps(told | facts)}\n"


def test_incident_tells_who_opened_a_proposal_and_what_a_person_opened(
    year: Year, tmp_path: Path
) -> None:
    author, judge = year.people["author"], year.people["judge"]
    page = f"/proposal/{year.proposal.pk}/"
    sheet = f"/juri/lembar/{year.sheet('judge').pk}/"
    screening = f"/kompetisi/{year.competition.slug}/panitia/proposal/{year.proposal.pk}/seleksi/"
    log = tmp_path / "log"
    log.write_text(
        line(request=f"GET {page}?a=1", user_id=author.pk, ip="10.0.0.1", request_id="a1")
        + line(request=f"GET {sheet}", user_id=judge.pk)
        + line(request=f"GET {screening}", user_id=None, code=302)
        + line(request="GET /proposal/999999/", user_id=author.pk)
        + line(request="GET /beranda/", user_id=judge.pk)
        + line(request=f"GET {page}", user_id=judge.pk, event="request_started")
        + "no JSON\n{broken\n[]\n"
    )

    about, of = StringIO(), StringIO()
    call_command("incident", str(log), proposal=year.proposal.pk, stdout=about)
    call_command("incident", str(log), person=judge.email, stdout=of)

    assert [row.split(";") for row in about.getvalue().split()[1:]] == [
        ["2026-03-02T05:00:00+00:00", author.email, "10.0.0.1", "GET", page, "200", "a1"],
        ["2026-03-02T05:00:00+00:00", judge.email, "", "GET", sheet, "200", ""],
        ["2026-03-02T05:00:00+00:00", "", "", "GET", screening, "302", ""],
    ]
    assert [row.split(";")[4] for row in of.getvalue().split()[1:]] == [sheet, "/beranda/"]
