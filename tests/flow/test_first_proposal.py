"""How many clicks a first proposal takes, beyond typing and choosing files."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from proposals.models import Proposal
from tests import small_year
from tests.flow import desk
from tests.flow.desk import Lobby
from tests.lib import samples

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

TEXTS = {"ringkasan": small_year.SUMMARY, "dampak": small_year.IMPACT}
MOST = 14


class Hand:
    """Counts what it presses; each press leads to another page."""

    def __init__(self, page: Page) -> None:
        self.page, self.presses = page, 0

    def press(self, target: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(target).first.click()
        self.presses += 1

    def follow(self, name: str, *args: object) -> None:
        self.press(f'main a[href="{reverse(name, args=args)}"]')


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
    year = small_year.published(at=timezone.now())
    letter = tmp_path / "surat.pdf"
    letter.write_bytes(samples.pdf_file())
    author = log_in(lobby, year.people["author"].email)
    page = author.page

    author.follow("proposals:proposal-start", year.competition.slug)
    author.follow("proposals:innovation-new")
    desk.fill(page, title="Antrean Rumah")
    author.press("#page-form .btn-primary")
    author.press("#page-form .btn-primary")  # one innovation, one track: both are chosen
    proposal = Proposal.objects.get()
    author.follow("proposals:header-edit", proposal.pk)
    page.locator("[name=category]").select_option(label="Kesehatan")
    desk.fill(page, started_on=f"{year.at.year - 2}-01-15")
    author.press("#page-form .btn-primary")
    for key, text in TEXTS.items():
        desk.expect_at(page, "proposals:section-edit", proposal.pk, key)
        desk.fill(page, text=text)
        author.press("button[form=page-form]")
    author.follow("proposals:attachment-list", proposal.pk)
    page.locator("#file-surat").set_input_files(letter)
    author.press("#slot-surat form button.btn-secondary")
    author.follow("proposals:proposal-check", proposal.pk)
    send = reverse("proposals:proposal-send", args=[proposal.pk])
    author.press(f'main form[action="{send}"] .btn-primary')

    endorser = log_in(lobby, year.people["endorser"].email)
    endorser.follow("proposals:endorsement-queue")
    endorser.follow("proposals:endorsement-page", proposal.pk)
    endorser.page.locator("[name=statement]").check()
    submit = reverse("proposals:endorsement-submit", args=[proposal.pk])
    endorser.press(f'main form[action="{submit}"] .btn-primary')

    proposal.refresh_from_db()
    assert proposal.status == "submitted"
    # The tick of the statement is one more.
    assert (author.presses, endorser.presses + 1) == (13, 5)
    assert author.presses <= MOST
