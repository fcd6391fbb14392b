"""Lists on paper: nothing is cut at the edge, and nothing waits for a screen."""

from __future__ import annotations

import pypdfium2
import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page

from tests import make
from tests.look.test_every_page import client_of, enter, indonesian
from tests.proposals.scene import Scene, city_scene

__all__ = ["indonesian"]
pytestmark = [pytest.mark.long, pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

# Between the margins of A4, as CSS counts millimetres.
PAPER = 658
CUT = """
    [...document.querySelectorAll("table")]
        .filter((table) => table.getBoundingClientRect().right > innerWidth + 1).length
"""


def board(scene: Scene) -> str:
    for number in range(20):
        make.submission(scene.agency, scene.track, f"Inovasi {number:02}")
    return reverse("proposals:board", args=[scene.competition.slug])


def test_list_on_paper_keeps_all_its_columns(browser: Browser, live_server: object) -> None:
    scene, base = city_scene(), str(live_server)
    url = board(scene)
    context = browser.new_context(base_url=base, locale="id-ID")
    page = enter(context, client_of(scene.organizer), base=base)
    page.set_viewport_size({"width": PAPER, "height": 900})
    page.emulate_media(media="print")

    page.goto(url)

    cut = page.evaluate(CUT)
    context.close()
    assert cut == 0


def test_cards_that_no_screen_has_shown_are_printed(browser: Browser, live_server: object) -> None:
    """Without the script nothing says that the first paint is over."""
    scene, base = city_scene(), str(live_server)
    url = board(scene)
    context = browser.new_context(base_url=base, java_script_enabled=False)
    page = enter(context, client_of(scene.organizer), base=base)
    page.goto(url)

    printed = text_on_paper(page)

    context.close()
    assert all(f"Inovasi {number:02}" in printed for number in range(20))


def text_on_paper(page: Page) -> str:
    """On a strip so narrow that the table is cards."""
    paper = pypdfium2.PdfDocument(page.pdf(width="100mm", height="297mm"))
    return "\n".join(sheet.get_textpage().get_text_range() for sheet in paper)
