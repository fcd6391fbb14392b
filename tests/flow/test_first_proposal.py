"""How many presses a first proposal takes: a city's eight sections and three letters."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from competitions import services as competitions
from kipp.editions.cloning import shift_rounds
from kipp.editions.files import preset_path, read_edition
from kipp.editions.loading import load_edition
from proposals.models import Proposal
from tests import make, small_year
from tests.flow import desk
from tests.flow.desk import Lobby
from tests.lib import samples
from tests.small_year import Year

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

# Everything beyond typing and choosing files: links, buttons, a choice from a list, a tick.
MOST = 14


class Hand:
    """Counts what it presses."""

    def __init__(self, page: Page) -> None:
        self.page, self.presses = page, 0

    def press(self, target: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(target).first.click()
        self.presses += 1

    def follow(self, name: str, *args: object) -> None:
        self.press(f'main a[href="{reverse(name, args=args)}"]')

    def choose(self, name: str, label: str) -> None:
        self.page.locator(f"main [name={name}]").select_option(label=label)
        self.presses += 1

    def tick(self, name: str) -> None:
        self.page.locator(f"main [name={name}]").check()
        self.presses += 1


def open_for_proposals() -> Year:
    """The preset of a city as it ships, moved so that its submission is open today."""
    at = timezone.now()
    year = small_year.people_and_units(at=at)
    preset = read_edition(
        preset_path("kipp-kota").read_bytes(), instead={"contact_email": "panitia@demo.example"}
    )
    definition = shift_rounds(preset, first_day=(at - timedelta(days=20)).date())
    organizer = year.people["organizer"]
    year.competition = load_edition(definition, host=year.city, by=organizer, at=at)
    for role in ("organizer", "chair"):
        make.seat(year.people[role], year.competition, role)
    competitions.publish_competition(year.competition, by=organizer, at=at)
    return year


def log_in(lobby: Lobby, email: str) -> Hand:
    page = lobby.visit()
    page.goto(reverse("account_login"))
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(small_year.PASSWORD)
    hand = Hand(page)
    hand.press(".form-page .btn-primary")
    return hand


def test_new_author_sends_a_first_proposal_in_fourteen_presses(
    lobby: Lobby, tmp_path: Path
) -> None:
    year = open_for_proposals()
    track = year.competition.tracks.get()
    sections = list(track.sections.values_list("key", flat=True))
    letters = list(track.slots.filter(is_required=True).values_list("key", flat=True))
    scan = tmp_path / "surat.pdf"
    scan.write_bytes(samples.pdf_file())
    author = log_in(lobby, year.people["author"].email)
    page = author.page

    author.follow("proposals:proposal-start", year.competition.slug)
    desk.fill(page, title="Antrean Rumah", started_on=f"{year.at.year - 2}-01-15")
    desk.fill(page, video_url="https://youtu.be/abcdefghijk", contact_phone="0812 3456 7890")
    author.choose("category", "Kesehatan")
    author.press("#page-form .btn-primary")
    proposal = Proposal.objects.get()
    for key in sections:
        desk.expect_at(page, "proposals:section-edit", proposal.pk, key)
        desk.fill(page, text=small_year.SUMMARY)
        author.press("button[form=page-form]")
    desk.expect_at(page, "proposals:attachment-list", proposal.pk)
    for key in letters:
        page.locator(f"#file-{key}").set_input_files(scan)
        expect(page.locator(f"#slot-{key} a.file-name")).to_have_text(scan.name)
    author.follow("proposals:proposal-check", proposal.pk)
    send = reverse("proposals:proposal-send", args=[proposal.pk])
    author.press(f'main form[action="{send}"] .btn-primary')

    endorser = log_in(lobby, year.people["endorser"].email)
    endorser.follow("proposals:endorsement-queue")
    endorser.follow("proposals:endorsement-page", proposal.pk)
    endorser.tick("statement")
    submit = reverse("proposals:endorsement-submit", args=[proposal.pk])
    endorser.press(f'main form[action="{submit}"] .btn-primary')

    proposal.refresh_from_db()
    assert (len(sections), len(letters), proposal.status) == (8, 3, "submitted")
    assert (author.presses, endorser.presses) == (MOST, 5)
