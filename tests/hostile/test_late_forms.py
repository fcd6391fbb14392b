"""Forms that come after their session, their token or their button: nothing typed is lost."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from kipp.views.errors import server_error
from proposals.models import Proposal, TeamMember
from tests import make
from tests.judging.field import city
from tests.judging.test_seating import invited
from tests.proposals.scene import Scene, city_scene

TYPED = {"name": "Budi <b>Santoso</b>", "role": 'Penyusun "modul"'}
URLENCODED = "application/x-www-form-urlencoded"
OWN, ELSEWHERE = {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def scene(db: None) -> Scene:
    return city_scene()


@pytest.fixture
def draft(scene: Scene) -> Proposal:
    return scene.draft()


def members(proposal: Proposal) -> str:
    return reverse("proposals:member-list", args=[proposal.pk])


def kept_in(answer: Any) -> dict[str, str]:
    """The fields of the form that a button sends once more."""
    fields = re.findall(r'<textarea name="(\w+)" hidden>\n([^<]*)<', answer.content.decode())
    return {name: unescape(value) for name, value in fields}


def token_in(answer: Any) -> str:
    found = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.content.decode())
    return str(found[-1])


def test_form_after_the_session_is_kept_until_somebody_logs_in(
    scene: Scene, draft: Proposal
) -> None:
    client = Client()

    refused = client.post(members(draft), TYPED | {"password": "rahasia"})
    client.force_login(scene.author)
    sent = client.post(members(draft), kept_in(refused))

    assert refused.status_code == 403
    assert "Nothing was sent. What you typed is kept on this page." in refused.content.decode()
    assert "rahasia" not in refused.content.decode()
    assert kept_in(refused) == TYPED
    assert sent.status_code == 302
    assert TeamMember.objects.get().name == TYPED["name"]


def test_button_after_the_session_leads_to_its_own_page(draft: Proposal) -> None:
    page = f"{members(draft)}?page=2"
    urls = [reverse("accounts:inbox-read-all"), reverse("account_logout")]
    came_from = {"Referer": f"http://testserver{page}"}

    ours = Client().post(urls[0], headers=came_from)
    theirs = Client().post(urls[0], headers={"Referer": "https://jahat.example/"})

    assert ours["Location"] == f"/akun/masuk/?next={page.replace('?', '%3F').replace('=', '%3D')}"
    assert theirs["Location"] == "/akun/masuk/?next="
    said = Client()
    said.post(urls[0], headers=came_from)
    assert "You are logged out. Nothing was changed" in said.get("/akun/masuk/").content.decode()


def test_form_of_who_must_do_something_else_first_is_kept(
    draft: Proposal, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    client = Client()
    client.force_login(make.user(is_staff=True))

    refused = client.post(members(draft), TYPED)
    led = client.post(reverse("accounts:inbox-read-all"))
    script = client.post(members(draft), TYPED, headers={"Accept": "application/json"})

    assert refused.status_code == 403
    assert script["Location"] == reverse("mfa_activate_totp")
    assert kept_in(refused) == TYPED
    assert reverse("mfa_activate_totp") in refused.content.decode()
    assert led["Location"] == reverse("mfa_activate_totp")


def test_form_of_before_the_login_can_be_sent_again(scene: Scene, draft: Proposal) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(scene.author)
    stale = TYPED | {"csrfmiddlewaretoken": "x" * 64}

    refused = client.post(members(draft), stale, headers=OWN)
    token = {"csrfmiddlewaretoken": token_in(refused)}
    sent = client.post(members(draft), kept_in(refused) | token, headers=OWN)

    assert refused.status_code == 403
    assert kept_in(refused) == TYPED
    assert f"You are logged in as {scene.author.full_name}" in refused.content.decode()
    assert sent.status_code == 302
    assert TeamMember.objects.count() == 1


@pytest.mark.parametrize("headers", [ELSEWHERE, {"Sec-Fetch-Site": "same-site"}, {}])
def test_form_of_another_site_is_not_offered_again(
    scene: Scene, draft: Proposal, headers: dict[str, str]
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(scene.author)

    refused = client.post(members(draft), TYPED, headers=headers)

    assert refused.status_code == 403
    assert "Santoso" not in refused.content.decode()
    assert "csrfmiddlewaretoken" not in refused.content.decode()


def test_wrong_method_is_told_in_a_sentence(scene: Scene) -> None:
    client = Client()
    client.force_login(scene.author)

    asked = client.get(reverse("accounts:inbox-read-all"))
    sent = client.put("/beranda/")

    for answer, allowed in ((asked, "POST"), (sent, "GET, HEAD")):
        assert answer.status_code == 405
        assert answer["Allow"] == allowed
        assert "Nothing was changed. A button leads here" in answer.content.decode()
    assert client.head(reverse("accounts:inbox-read-all")).content == b""


def test_text_for_what_went_away_meanwhile_is_shown(scene: Scene, draft: Proposal) -> None:
    """A role that ended, an object that was removed, a fault of ours: it can be copied."""
    client = Client(raise_request_exception=False)
    client.force_login(scene.author)
    typed = TYPED | {"password": "tidak untuk dibaca"}

    removed = client.post(reverse("proposals:member-remove", args=[draft.pk, 999]), typed)
    nowhere = client.post("/tidak-ada/", typed)
    scene.author.memberships.all().delete()
    ended = client.post(members(draft), typed)
    barred = client.post(reverse("accounts:unit-create"), typed)
    endless = client.post("/tidak-ada/", b"x=" + b"a" * 3_000_000, content_type=URLENCODED)

    for answer, status in ((removed, 404), (nowhere, 404), (ended, 404), (barred, 403)):
        assert answer.status_code == status
        assert TYPED["role"] in unescape(answer.content.decode())
        assert "untuk dibaca" not in answer.content.decode()
    assert endless.status_code == 404


def test_fault_of_ours_shows_what_was_typed() -> None:
    request = RequestFactory().post("/", TYPED)

    page = server_error(request)

    assert TYPED["role"] in unescape(page.content.decode())  # type: ignore[attr-defined]


def test_fault_of_ours_offers_a_way_on_without_the_database() -> None:
    ask = RequestFactory()

    pages = [server_error(ask.get("/beranda/?page=2")), server_error(ask.post("/beranda/", TYPED))]

    assert [buttons(page) for page in pages] == [["/beranda/?page=2"], ["/"]]


def test_page_of_an_expired_form_has_one_button(scene: Scene, draft: Proposal) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(scene.author)
    photo = {"file": SimpleUploadedFile("a.jpg", b"x")}

    kept = client.post(members(draft), TYPED, headers=OWN)
    with_file = client.post(members(draft), TYPED | photo, headers=OWN)
    foreign = client.post(members(draft), TYPED, headers=ELSEWHERE)

    assert [buttons(page) for page in (kept, with_file, foreign)] == [["Send"], ["/"], ["/"]]


def buttons(page: Any) -> list[str]:
    """Where the big ones lead, or the first word of those that send."""
    text = page.content.decode()
    found = re.findall(
        r"""<a class="btn btn-primary" href="(.*?)"|<button class="btn btn-primary">(\w+)""", text
    )
    return [unescape(address or word) for address, word in found]


def test_answer_that_came_too_late_shows_what_was_typed(db: None) -> None:
    seat = invited(city(judges=1, entries=1))
    client = Client()
    client.force_login(seat.user)
    reason = "Bertugas di luar kota <b>dua pekan</b>"

    refused = client.post(
        reverse("judging:seat-decline", args=[seat.pk]), {"reason": reason, "version": 99}
    )

    assert refused.status_code == 409
    assert reason in unescape(refused.content.decode())
