from __future__ import annotations

import pytest
from django.test import Client

from kipp.context import is_within
from kipp.lib.contact import Contact
from tests import make


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
def test_language_is_switched_by_a_form_and_kept(client: Client) -> None:
    answer = client.post("/bahasa/", {"language": "en", "next": "/akun/masuk/"})

    page = client.get("/akun/masuk/")

    assert answer.status_code == 302
    assert '<html lang="en">' in page.content.decode()


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
