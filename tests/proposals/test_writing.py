"""The author's pages under fire: conflicts, hostile input, retries, other people's addresses."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from accounts.models import Membership
from competitions.models import AttachmentSlot, Round, Section
from kipp.lib.clock import show_end, show_end_everywhere
from proposals.models import Answer, Attachment, Innovation, Proposal, Submission
from proposals.queries.deadlines import database_now
from tests import make
from tests.clients import signed_in as login
from tests.lib.samples import jpg_file
from tests.proposals.scene import Scene
from tests.proposals.test_ledger import added

pytestmark = pytest.mark.usefixtures("at_noon")

HOSTILE = [
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "../../etc/passwd",
    "\u202eterbalik",
    "' OR 1=1 --",
    "{{ settings.SECRET_KEY }}",
]


def url(name: str, *args: object) -> str:
    return reverse(f"proposals:{name}", args=args)


def test_save_goes_on_to_the_next_section(scene: Scene) -> None:
    proposal = scene.draft()

    response = login(scene.author).post(
        url("section-edit", proposal.pk, "ringkasan"), {"text": "baru", "version": 1}
    )

    assert response["Location"] == url("section-edit", proposal.pk, "dampak")
    assert Answer.objects.get(proposal=proposal, section=scene.summary).text == "baru"


def test_unit_alone_reads_its_old_end_struck_through_before_the_new_one(scene: Scene) -> None:
    other = make.unit("Puskesmas Dinoyo", parent=scene.agency)
    make.membership(scene.author, other, Membership.Role.AUTHOR)
    elsewhere = make.proposal(other, scene.track, created_by=scene.author)
    granted = make.extension(scene.submission, unit=scene.clinic)
    zone, client = scene.competition.time_zone, login(scene.author)
    old, new = show_end(granted.old_ends_at, zone=zone), show_end(granted.new_ends_at, zone=zone)

    own, others = (
        client.get(url("proposal-page", each.pk)).content.decode()
        for each in (scene.draft(), elsewhere)
    )

    struck = f'<del><span class="visually-hidden">Old end: </span>{old}</del> {new}'
    assert struck in own
    assert (f"until {old}" in others, "<del>" in others, new in others) == (True, False, False)


def test_start_counts_down_to_the_units_own_end_and_names_the_old_one(
    scene: Scene, at_noon: None
) -> None:
    granted = make.extension(scene.submission, unit=scene.clinic)
    zone = scene.competition.time_zone

    page = login(scene.author).get(url("proposal-start", scene.competition.slug), follow=True)

    shown = page.content.decode()
    assert f'data-countdown="{granted.new_ends_at.isoformat()}"' in shown
    assert show_end_everywhere(granted.new_ends_at, zone=zone) in shown
    assert f"previously {show_end(granted.old_ends_at, zone=zone)}" in shown


def facts(scene: Scene, **changed: object) -> dict[str, object]:
    facts = {"unit": scene.clinic.pk, "track": scene.track.pk, "title": "BREXIT"}
    return {**facts, "started_on": "2018-01-01", "contact_phone": "0812 3456 7890", **changed}


def test_new_innovation_enters_in_one_step_and_the_first_section_opens(scene: Scene) -> None:
    client = login(scene.author)
    asked = client.get(url("proposal-start", scene.competition.slug))
    assert asked["Location"] == url("innovation-enter", scene.competition.slug)

    response = client.post(asked["Location"], facts(scene))

    proposal = Proposal.objects.select_related("innovation").get()
    assert response["Location"] == url("section-edit", proposal.pk, "ringkasan")
    found = (proposal.title, proposal.contact_phone, str(proposal.innovation.started_on))
    assert found == ("BREXIT", "081234567890", "2018-01-01")
    assert proposal.innovation.unit == scene.clinic


def test_refused_entry_leaves_no_innovation_behind(scene: Scene) -> None:
    client = login(scene.author)
    address = url("innovation-enter", scene.competition.slug)

    foreign = client.post(address, facts(scene, unit=scene.agency.pk))
    wrong = client.post(address, facts(scene, video_url="http://tidak"))
    Round.objects.update(ends_at=make.NOON - make.DAY)
    late = client.post(address, facts(scene))

    assert (foreign.status_code, wrong.status_code, late.status_code) == (422, 422, 422)
    assert "BREXIT" in late.content.decode()
    assert not Innovation.objects.exists()


def test_last_section_leads_to_the_files_that_are_missing(scene: Scene) -> None:
    proposal = scene.draft()
    client, address = login(scene.author), url("section-edit", proposal.pk, "dampak")

    done = client.post(address, {"text": "baru", "version": 1})
    AttachmentSlot.objects.update(is_required=True)
    asked = client.post(address, {"text": "lebih baru", "version": 2})

    assert done["Location"] == url("proposal-page", proposal.pk)
    assert asked["Location"] == url("attachment-list", proposal.pk)


def test_second_tab_sees_both_texts_and_may_choose(scene: Scene) -> None:
    proposal = scene.draft()
    client = login(scene.author)
    address = url("section-edit", proposal.pk, "ringkasan")
    client.post(address, {"text": "tab pertama", "version": 1})

    response = client.post(address, {"text": "tab kedua", "version": 1})

    page = response.content.decode()
    assert response.status_code == 409
    assert "tab pertama" in page
    assert "tab kedua</textarea>" in page
    assert client.post(address, {"text": "tab kedua", "version": 2}).status_code == 302
    assert Answer.objects.get(proposal=proposal, section=scene.summary).text == "tab kedua"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_kept_and_shown_as_text(scene: Scene, text: str) -> None:
    proposal = scene.draft()
    client = login(scene.author)
    client.post(url("section-edit", proposal.pk, "ringkasan"), {"text": text, "version": 1})

    page = client.get(url("proposal-check", proposal.pk)).content.decode()

    assert escape(text.replace("\u202e", "")) in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("text", "version"),
    [("a\0b", "1"), ("kata " * 30_000, "1"), ("x", "abc"), ("x", ""), ("x", "-1")],
)
def test_bad_save_answers_422_and_keeps_what_stands(scene: Scene, text: str, version: str) -> None:
    proposal = scene.draft()
    data = {"text": text, "version": version}

    response = login(scene.author).post(url("section-edit", proposal.pk, "ringkasan"), data)

    assert response.status_code == 422
    assert Answer.objects.get(proposal=proposal, section=scene.summary).text == "satu dua tiga"


def autosave(client: Client, proposal: Proposal, **data: object) -> tuple[int, dict[str, object]]:
    response = client.post(url("section-autosave", proposal.pk, "ringkasan"), data)
    return response.status_code, json.loads(response.content)


def test_autosave_answers_in_json(scene: Scene) -> None:
    proposal = scene.draft()
    client = login(scene.author)

    status, saved = autosave(client, proposal, text="satu dua", version=1)
    assert (status, saved["version"], saved["words"]) == (200, 2, 2)
    assert str(saved["saved_at"]).endswith("WIB")

    assert autosave(client, proposal, text="lain", version=1)[0] == 409
    assert autosave(client, proposal, text="a\0b", version=2)[0] == 422
    assert autosave(client, proposal, text="x", version="")[0] == 422
    assert autosave(Client(), proposal, text="x", version=2)[0] == 401


def test_autosave_after_the_sending_is_a_conflict(scene: Scene) -> None:
    status, answer = autosave(login(scene.author), scene.sent(), text="x", version=1)

    assert status == 409
    assert answer["error"]


def test_autosave_asks_four_times(scene: Scene) -> None:
    """Session, person, right to write with the section, and the save with its revision."""
    proposal = scene.draft()
    client = login(scene.author)
    autosave(client, proposal, text="pertama", version=1)

    with CaptureQueriesContext(connection) as queries:
        status, _saved = autosave(client, proposal, text="kedua", version=2)

    assert (status, len(queries)) == (200, 4)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 201),
        ("title", "a\0b"),
        ("started_on", "31-02-2020"),
        ("started_on", "0001-01-01"),
        ("video_url", "http://evil.example/watch?v=abcdefghijk"),
        ("contact_phone", "bukan nomor"),
        ("sdgs", "99"),
        ("category", "999999"),
        ("version", "x"),
    ],
)
def test_bad_fact_answers_422_and_keeps_what_was_typed(
    scene: Scene, field: str, value: str
) -> None:
    scene.competition.categories.create(key="kes", name="Kesehatan")
    proposal = scene.draft("Judul lama")
    data = {"title": "Judul baru", "version": "1", "sdgs": "7", field: value}
    kept = 'value="Judul baru"' if field != "title" else 'value="7"'

    response = login(scene.author).post(url("header-edit", proposal.pk), data)

    assert response.status_code == 422
    assert kept in response.content.decode()
    assert Proposal.objects.get(pk=proposal.pk).title == "Judul lama"


def test_stale_facts_answer_409(scene: Scene) -> None:
    proposal = scene.draft()
    client = login(scene.author)
    data = {"title": "Satu", "version": 1}
    assert client.post(url("header-edit", proposal.pk), data).status_code == 302

    response = client.post(url("header-edit", proposal.pk), {"title": "Dua", "version": 1})

    assert response.status_code == 409
    assert 'value="Dua"' in response.content.decode()


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [
        (jpg_file(), "foto.jpg", 302),
        (b"", "kosong.jpg", 422),
        (b"GIF89a", "foto.jpg", 422),
        (jpg_file(), "x" * 300 + "/../“a”.jpg", 302),
    ],
)
def test_upload_without_a_script(scene: Scene, content: bytes, name: str, status: int) -> None:
    proposal = scene.draft()
    data = {"file": SimpleUploadedFile(name, content), "end": "1"}

    response = login(scene.author).post(url("attachment-upload", proposal.pk, "foto"), data)

    assert response.status_code == status
    assert Attachment.objects.count() == (status == 302)


def test_upload_without_a_file_says_so(scene: Scene) -> None:
    response = login(scene.author).post(url("attachment-upload", scene.draft().pk, "foto"), {})

    assert response.status_code == 422
    assert "error-summary" in response.content.decode()


def test_file_is_served_to_who_may_see_it_and_harmlessly(scene: Scene) -> None:
    proposal = scene.draft()
    client = login(scene.author)
    client.post(
        url("attachment-upload", proposal.pk, "foto"),
        {"file": SimpleUploadedFile("Foto ü.jpg", jpg_file()), "end": "1"},
    )
    pk = Attachment.objects.get().pk

    response = client.get(url("attachment-file", proposal.pk, pk))

    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("inline")
    assert b"".join(response).startswith(b"\xff\xd8\xff")
    thumbnail = client.get(url("attachment-thumbnail", proposal.pk, pk))
    assert b"".join(thumbnail).startswith(b"RIFF")
    stranger = login(make.user())
    assert stranger.get(url("attachment-file", proposal.pk, pk)).status_code == 404
    assert client.get(url("attachment-file", scene.draft().pk, pk)).status_code == 404
    assert client.post(url("attachment-remove", proposal.pk, pk)).status_code == 302
    assert client.get(url("attachment-file", proposal.pk, pk)).status_code == 404


def open_today(scene: Scene) -> None:
    """The final send is judged by the database's clock, which no test moves."""
    now = database_now()
    Round.objects.filter(competition=scene.competition).update(
        starts_at=now - 400 * make.DAY, ends_at=now + make.DAY
    )


def test_double_click_on_endorse_is_one_receipt(scene: Scene) -> None:
    proposal = scene.sent()
    open_today(scene)
    client = login(scene.endorser)
    data = {"token": "6f1a2f0e-8f7e-4c39-9a43-0d3c5a0f6a11", "statement": "on"}

    answers = [client.post(url("endorsement-submit", proposal.pk), data) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [url("receipt", proposal.pk)] * 2
    assert Submission.objects.count() == 1


def test_late_endorsement_answers_422_and_loses_nothing(scene: Scene) -> None:
    proposal = scene.sent()
    data = {"token": "6f1a2f0e-8f7e-4c39-9a43-0d3c5a0f6a11", "statement": "on"}

    response = login(scene.endorser).post(url("endorsement-submit", proposal.pk), data)

    assert response.status_code == 422
    assert Proposal.objects.get(pk=proposal.pk).status == "awaiting"


def test_author_sends_in_the_browser(scene: Scene) -> None:
    proposal = scene.draft()
    open_today(scene)
    data = {"token": "6f1a2f0e-8f7e-4c39-9a43-0d3c5a0f6a11"}
    client = login(scene.author)

    assert client.post(url("proposal-send", proposal.pk), data).status_code == 302
    assert client.post(url("proposal-send", proposal.pk), data).status_code == 409
    assert Proposal.objects.get(pk=proposal.pk).status == "awaiting"


@pytest.mark.parametrize(
    "data", [{}, {"statement": "on"}, {"token": "x", "statement": "on"}, {"token": ""}]
)
def test_endorse_without_token_or_tick_answers_422(scene: Scene, data: dict[str, str]) -> None:
    response = login(scene.endorser).post(url("endorsement-submit", scene.sent().pk), data)

    assert response.status_code == 422
    assert Submission.objects.count() == 0


def test_section_shows_its_files_and_the_sources_of_the_figures(scene: Scene) -> None:
    proposal = scene.draft()
    AttachmentSlot.objects.update(section_key="dampak", label="Foto dampak")
    Section.objects.filter(key="dampak").update(needs_evidence=True)
    added(scene, proposal, "Antrean")
    client = login(scene.author)

    other = client.get(url("section-edit", proposal.pk, "ringkasan")).content.decode()
    page = client.get(url("section-edit", proposal.pk, "dampak")).content.decode()

    assert "Foto dampak" not in other
    assert f"{url('attachment-list', proposal.pk)}#slot-foto" in page
    assert "Antrean: 1.095,5 menit → 21 menit." in page
    assert "No source yet" in page


def test_whole_draft_shows_each_file_once_at_its_section(scene: Scene) -> None:
    proposal = scene.draft()
    client = login(scene.author)
    page = url("proposal-check", proposal.pk)

    before = client.get(page).content.decode()
    AttachmentSlot.objects.update(section_key="ringkasan")
    after = client.get(page).content.decode()

    def place(html: str) -> tuple[int, bool]:
        label = html.index('<h3 class="h6">Foto</h3>')
        return html.count('<h3 class="h6">Foto</h3>'), label < html.index("section-dampak")

    assert (place(before), place(after)) == ((1, False), (1, True))
