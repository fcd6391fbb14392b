"""The field team's visit: checklist, photos, claims, the report, and who reads it."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from judging import services
from judging.models import Assignment, Panelist, Stage, Visit, VisitPhoto
from judging.panels import PanelKind
from judging.queries.reading import read_for_judge
from judging.queries.visits import visit_of
from judging.services import Findings
from kipp.editions.dumping import dump_edition
from kipp.janitor import stored_files
from kipp.lib.files import open_file
from proposals.models import Submission
from tests import make
from tests.competitions.world import close_file
from tests.judging.field import City, at, city, code_of, last_entry
from tests.judging.test_reading import CLAIM
from tests.kept import kept
from tests.lib import samples

pytestmark = pytest.mark.django_db

DAY = make.NOON.date()
WHOLE = Findings(
    visited_on=DAY,
    summary="Loket benar ada.",
    values={"apakah-ada-loket": "yes", "apakah-ada-catatan": "partly"},
    notes={"apakah-ada-catatan": "Hanya bulan Januari."},
)


@dataclass(frozen=True, slots=True)
class Site:
    made: City
    sheet: Assignment
    client: Client

    @property
    def url(self) -> str:
        return reverse("judging:visit", args=[self.sheet.pk])

    def again(self) -> Submission:
        return Submission.objects.get(pk=self.sheet.entry.submission_id)


@pytest.fixture
def site() -> Site:
    made, sheet = declared()
    client = Client()
    client.force_login(made.judges[0])
    return Site(made, sheet, client)


@kept
def declared() -> tuple[City, Assignment]:
    """One judge of a field stage with two questions has declared on one entry."""
    made = city(judges=1, entries=1, kind=Stage.Kind.FIELD)
    Panelist.objects.update(kind=PanelKind.FIELD)
    labels = ["Apakah ada loket?", "Apakah ada catatan?"]
    services.set_questions(
        made.stage, labels=labels, version=made.stage.version, by=made.organizer, at=make.NOON
    )
    services.open_stage(made.stage, by=made.chair, at=make.NOON, seed=7)
    sheet = made.sheet(made.judges[0], 0)
    services.declare_no_conflict(sheet, by=made.judges[0], at=make.NOON)
    return made, sheet


def save(site: Site, findings: Findings = WHOLE, *, version: int = 0) -> Visit:
    by = site.made.judges[0]
    return services.save_visit(site.sheet, findings=findings, version=version, by=by, at=make.NOON)


def hand_in(site: Site, findings: Findings = WHOLE, *, version: int = 0) -> Visit:
    by = site.made.judges[0]
    return services.hand_in_visit(
        site.sheet, findings=findings, version=version, by=by, at=make.NOON
    )


def typed(**fields: str) -> dict[str, str]:
    return {
        "version": "0",
        "visited_on": str(DAY),
        "summary": "Baik.",
        "jawaban-apakah-ada-loket": "yes",
        "catatan-apakah-ada-loket": "Dua loket.",
        "jawaban-apakah-ada-catatan": "no",
        **fields,
    }


def test_visit_is_kept_half_done(site: Site) -> None:
    saved = save(site, Findings(values={"apakah-ada-loket": "no"}))

    answers = list(saved.answers.values_list("question__key", "value"))
    assert answers == [("apakah-ada-loket", "no"), ("apakah-ada-catatan", "")]
    assert (saved.version, saved.status, site.again().field_reports) == (1, "draft", [])


def test_slower_of_the_team_is_told(site: Site) -> None:
    save(site)

    with pytest.raises(ValidationError) as caught:
        save(site, Findings(), version=0)

    assert code_of(caught) == "stale"


@pytest.mark.parametrize(
    "lacks",
    [
        Findings(summary="x", values=WHOLE.values),
        Findings(visited_on=DAY + make.DAY, values=WHOLE.values),
        Findings(visited_on=DAY, values={"apakah-ada-loket": "yes"}),
    ],
)
def test_report_that_lacks_something_is_not_handed_in(site: Site, lacks: Findings) -> None:
    with pytest.raises(ValidationError):
        hand_in(site, lacks)

    assert not Visit.objects.exists()


def test_handed_in_report_stays_until_it_is_taken_back(site: Site) -> None:
    visit = hand_in(site)

    [report] = site.again().field_reports
    assert (report["stage"], report["team"]) == ("desk", ["Juri 0"])
    assert [answer["value"] for answer in report["answers"]] == ["yes", "partly"]
    with pytest.raises(ValidationError) as caught:
        save(site, version=visit.version)
    assert code_of(caught) == "not_now"
    by = site.made.judges[0]
    services.take_back_visit(
        site.sheet, reason="Salah hari", version=visit.version, by=by, at=make.NOON
    )
    assert site.again().field_reports == []
    assert last_entry(site.made.stage).action == "visit.taken_back"


def test_nobody_writes_after_the_close(site: Site) -> None:
    Stage.objects.update(status="closed")

    with pytest.raises(ValidationError) as caught:
        save(site)

    assert code_of(caught) == "closed"


def test_photo_is_written_anew_and_held(site: Site) -> None:
    by = site.made.judges[0]
    photo = services.add_photo(
        site.sheet,
        file=BytesIO(samples.jpg_file()),
        name="C:\\DCIM\\loket.jpg",
        caption="Loket",
        by=by,
        at=make.NOON,
    )

    assert photo.name == "loket.jpg"
    assert {photo.sha256, photo.thumbnail_sha256} <= stored_files()
    with open_file(photo.sha256) as kept:
        assert kept.read() != samples.jpg_file()
    shown = site.client.get(reverse("judging:visit-photo", args=[site.sheet.pk, photo.pk]))
    assert shown["Content-Type"] == "image/webp"
    close_file(shown)
    removed = reverse("judging:visit-photo-remove", args=[site.sheet.pk, photo.pk])
    assert site.client.post(removed).status_code == 302
    assert not VisitPhoto.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [("foto.jpg", b"%PDF-1.7"), ("foto.png", samples.jpg_file()), ("foto.jpg", b"")],
)
def test_photo_that_lies_about_its_type_is_refused(site: Site, name: str, content: bytes) -> None:
    file = SimpleUploadedFile(name, content, content_type="image/jpeg")
    url = reverse("judging:visit-photo-add", args=[site.sheet.pk])

    answer = site.client.post(url, {"file": file, "end": "1", "caption": "Loket"})

    assert answer.status_code == 422
    assert answer.context["form"]["caption"].value() == "Loket"
    assert not VisitPhoto.objects.exists()


def test_page_keeps_what_was_typed(site: Site) -> None:
    assert site.client.get(site.url).status_code == 200
    assert site.client.post(site.url, typed())["Location"] == site.url
    stale = site.client.post(site.url, typed(summary="Lain"))
    assert (stale.status_code, stale.context["form"]["summary"].value()) == (409, "Lain")
    bad = site.client.post(site.url, typed(version="1", visited_on="32-13-2026"))
    assert (bad.status_code, bad.context["form"]["visited_on"].value()) == (422, "32-13-2026")
    sent = site.client.post(f"{site.url}kirim/", typed(version="1"))
    assert sent["Location"] == site.url
    assert site.client.get(site.url).context["is_open"] is False
    reason = {"reason": "Salah ketik"}
    assert site.client.post(f"{site.url}ubah/", reason)["Location"] == site.url


def test_page_shows_what_was_saved_meanwhile(site: Site) -> None:
    site.client.post(site.url, typed(**{"jawaban-apakah-ada-loket": "partly"}))
    other = {"jawaban-apakah-ada-loket": "no", "catatan-apakah-ada-loket": "Tidak ada."}

    stale = site.client.post(site.url, typed(summary="Lain", **other))

    shown = [row.split("<")[0] for row in stale.content.decode().split("Saved meanwhile: ")[1:]]
    assert shown == ["Partly", "Dua loket.", "Baik."]


def test_script_saves_only_what_changed(site: Site) -> None:
    save(site)

    answer = site.client.post(f"{site.url}simpan-otomatis/", {"version": "1", "summary": "Sebaris"})

    assert answer.json()["version"] == 2
    visit = visit_of(site.sheet)
    assert visit
    assert (visit.summary, visit.visited_on) == ("Sebaris", DAY)
    assert [answer.value for answer in visit.answers.all()] == ["yes", "partly"]
    late = site.client.post(f"{site.url}simpan-otomatis/", {"version": "1", "summary": "x"})
    assert late.status_code == 409


def test_claim_is_seen_in_the_field(site: Site) -> None:
    sent = site.again()
    sent.content["claims"] = [{**CLAIM, "key": 4}]
    sent.save(update_fields=["content"])
    form = {"state": "seen", "note": "Dilihat di loket.", "version": "0"}

    done = site.client.post(f"{site.url}klaim/4/", form)

    assert done["Location"] == f"{site.url}#claims"
    assert site.again().claim_checks["4"]["state"] == "seen"
    assert site.client.get(f"{site.url}klaim/5/").status_code == 404


def test_later_judges_read_it_and_earlier_ones_do_not(site: Site) -> None:
    hand_in(site)
    sheet = Assignment.objects.select_related("entry__stage__competition", "entry__submission").get(
        pk=site.sheet.pk
    )

    assert read_for_judge(sheet).reports == ()
    sheet.entry.stage.order += 1
    [report] = read_for_judge(sheet).reports
    assert report["summary"] == "Loket benar ada."


def test_desk_judge_has_no_visit(site: Site) -> None:
    Panelist.objects.update(kind=PanelKind.DESK)

    assert site.client.get(site.url).status_code == 404


def test_committee_writes_the_checklist_and_follows(site: Site) -> None:
    client = Client()
    client.force_login(site.made.organizer)
    save(site)

    [entry] = client.get(at(site.made, "visit-list")).context["entries"]
    assert entry.visit.status == "draft"
    assert client.post(at(site.made, "checklist"), {"questions": "A"}).status_code == 403
    Stage.objects.update(status="setup")
    Visit.objects.all().delete()
    changed = {"questions": "Satu?\nDua?", "version": str(Stage.objects.get().version)}
    assert client.post(at(site.made, "checklist"), changed).status_code == 302
    assert client.post(at(site.made, "checklist"), changed).status_code == 409
    [stage] = dump_edition(site.made.competition)["stages"]
    assert [row["label"] for row in stage["questions"]] == ["Satu?", "Dua?"]
