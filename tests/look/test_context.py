from __future__ import annotations

import re
from html import unescape

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import gettext as _
from pytest_django import Settings

from kipp.context import is_within
from kipp.lib.contact import Contact
from tests import make

LOGIN = "/akun/masuk/"
MEMORY = "django.core.cache.backends.locmem.LocMemCache"


def text_of(client: Client, path: str) -> str:
    return client.get(path).content.decode()


@pytest.mark.parametrize(
    ("path", "url", "expected"),
    [("/", "/", True), ("/proposal/", "/", False), ("/proposal/3/", "/proposal/", True)],
)
def test_link_is_active_on_its_page_and_below(path: str, url: str, *, expected: bool) -> None:
    assert is_within(path, url) is expected


@pytest.mark.parametrize(
    ("phone", "expected"),
    [("", ""), ("0812-3456-789", "https://wa.me/628123456789"), ("+62 812", "https://wa.me/62812")],
)
def test_contact_opens_whatsapp_with_the_country_code(phone: str, expected: str) -> None:
    assert Contact(phone=phone).whatsapp_url == expected


@pytest.mark.django_db
def test_language_is_switched_by_a_link_and_kept(client: Client) -> None:
    link = re.search(r'<a class="header-tool language" href="([^"]+)"', text_of(client, LOGIN))
    assert link
    answer = client.get(unescape(link[1]))

    assert (answer.status_code, answer.headers["Location"]) == (302, LOGIN)
    assert '<html lang="en">' in text_of(client, LOGIN)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"language": "en", "next": "https://elsewhere.example/"}, ("/", "en")),
        ({"language": "en", "next": "//elsewhere.example/"}, ("/", "en")),
        ({"language": "en", "next": "javascript:alert(1)"}, ("/", "en")),
        ({"language": "en"}, ("/", "en")),
        ({"language": "xx", "next": LOGIN}, (LOGIN, None)),
        ({"language": "en\0", "next": LOGIN}, (LOGIN, None)),
        ({}, ("/", None)),
    ],
)
def test_language_link_leads_nowhere_else(
    client: Client, asked: dict[str, str], expected: tuple[str, str | None]
) -> None:
    answer = client.get("/bahasa/", asked)

    spoken = answer.cookies.get("django_language")
    assert answer.status_code == 302
    assert (answer.headers["Location"], spoken and spoken.value) == expected


@pytest.mark.django_db
def test_kept_parts_of_pages_are_nobodys(client: Client, settings: Settings) -> None:
    settings.CACHES = {**settings.CACHES, "template_fragments": {"BACKEND": MEMORY}}
    first, second = make.user("Ani Wijaya"), make.user("Budi Santoso")
    seen = []
    for person in (first, second, first):
        client.force_login(person)
        seen.append(text_of(client, "/"))
    client.logout()
    stranger = text_of(client, "/")

    assert ["Ani" in text and first.email in text for text in seen] == [True, False, True]
    assert ["Budi" in text and second.email in text for text in seen] == [False, True, False]
    assert "Ani" not in stranger
    assert "Budi" not in stranger
    assert "/akun/keluar/" not in stranger


def test_kept_footer_belongs_to_what_it_shows(settings: Settings) -> None:
    settings.CACHES = {**settings.CACHES, "template_fragments": {"BACKEND": MEMORY}}
    contacts = [None, Contact(email="satu@kota.go.id"), Contact(email="dua@kota.go.id")]

    shown = [render_to_string("_site_footer.html", {"help": contact}) for contact in contacts]

    found = [("satu@kota.go.id" in text, "dua@kota.go.id" in text) for text in shown]
    assert found == [(False, False), (True, False), (False, True)]


@pytest.mark.django_db
def test_committee_finds_its_running_competitions_in_the_menu(client: Client) -> None:
    chair = make.user()
    for year in (2023, 2024, 2025, 2026):
        held = make.competition(name=f"KIPP {year}", slug=f"kipp-{year}", year=year)
        make.seat(chair, held, "chair")
        make.seat(chair, held, "auditor")
    make.seat(chair, make.competition(year=2027, status="archived"), "chair")
    make.competition(name="Lain")
    client.force_login(chair)

    page = client.get("/kompetisi/kipp-2025/panitia/")

    links = [(link.label, link.active) for link in page.context["nav"]]
    assert links[2:] == [("KIPP 2026", False), ("KIPP 2025", True), ("KIPP 2024", False)]


@pytest.mark.django_db
def test_committee_of_one_competition_has_a_short_word(client: Client) -> None:
    chair = make.user(language="en")
    make.seat(chair, make.competition(slug="kipp-kota"), "chair")
    client.force_login(chair)

    nav = client.get("/").context["nav"]

    assert [link.url for link in nav][2:] == ["/kompetisi/kipp-kota/panitia/"]
    assert nav[2].label == _("Committee")
