"""The page of attachments in Chromium: progress, breaks, a closed tab, refusals, cancelling."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from proposals.models import Attachment, Upload
from tests import make
from tests.lib.samples import large_pdf, pdf_file
from tests.proposals.scene import city_scene

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PARTS = "**/bertahap/*/"
HALF, THIRD = re.compile(r"5\d%"), re.compile(r"3\d%")
PHONE = {"width": 360, "height": 780}


class Attaching:
    """An author at the page of one draft, with the requests that the page sends."""

    def __init__(self, context: BrowserContext) -> None:
        scene = city_scene()
        make.slot(scene.track, "bukti", kind="pdf", max_mb=4, max_count=3)
        self.address = reverse("proposals:attachment-list", args=[scene.draft().pk])
        client = Client()
        client.force_login(scene.author)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": session, "url": context_url(context)}])
        self.context = context
        self.offsets: list[str] = []
        self.page = self.open()

    def open(self) -> Page:
        page = self.context.new_page()
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a width and a height
        page.on("request", self.note)
        page.goto(self.address)
        return page

    def note(self, request: Request) -> None:
        if request.method == "PATCH":
            self.offsets.append(request.headers["upload-offset"])

    def choose(self, *files: tuple[str, bytes]) -> None:
        """Nothing more is to be pressed: what is chosen is sent."""
        chosen: Any = [
            {"name": name, "mimeType": "application/pdf", "buffer": content}
            for name, content in files
        ]
        self.page.locator("#file-bukti").set_input_files(chosen)

    @property
    def attached(self) -> Any:
        """As the server lists them."""
        return self.page.locator("#slot-bukti a.file-name")

    def line(self, name: str) -> Any:
        return self.page.locator(".upload", has_text=name)

    def hold_after(self, offset: int) -> None:
        """Parts from this offset on never get an answer."""

        def decide(route: Route) -> None:
            at = route.request.headers.get("upload-offset", "0")
            if route.request.method != "PATCH" or int(at) < offset:
                route.continue_()

        self.page.route(PARTS, decide)


def context_url(context: BrowserContext) -> str:
    return str(context._impl_obj._options["baseURL"])


@pytest.fixture
def author(context: BrowserContext) -> Attaching:
    return Attaching(context)


def test_files_go_one_after_the_other_and_the_page_shows_them(author: Attaching) -> None:
    author.choose(("satu.pdf", large_pdf(megabytes=2)), ("dua.pdf", pdf_file()))

    expect(author.attached).to_have_text(["satu.pdf", "dua.pdf"])
    expect(author.page.locator("[data-said]")).to_have_text("“dua.pdf” is attached.")
    assert author.offsets == ["0", "1048576", "0"]
    assert Attachment.objects.count() == 2


def test_progress_is_said_and_fits_a_phone(author: Attaching) -> None:
    author.hold_after(1)
    author.choose(("satu.pdf", large_pdf(megabytes=2)), ("dua.pdf", pdf_file()))

    first, second = author.line("satu.pdf"), author.line("dua.pdf")
    expect(first.locator("[data-amount]")).to_contain_text("%)")
    bar = first.get_by_role("progressbar", name="satu.pdf")
    expect(bar).to_have_attribute("aria-valuetext", HALF)
    expect(first.get_by_role("status")).to_have_text("Is being sent.")
    expect(second.get_by_role("status")).to_have_text("Waits for its turn.")
    width = author.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


def test_lost_connection_goes_on_by_itself(author: Attaching) -> None:
    author.hold_after(1)
    author.choose(("satu.pdf", large_pdf(megabytes=3)))
    expect(author.line("satu.pdf").locator("[data-amount]")).to_contain_text(THIRD)
    author.context.set_offline(True)
    expect(author.line("satu.pdf").get_by_role("status")).to_contain_text("The connection is lost")
    author.page.unroute(PARTS)

    author.context.set_offline(False)

    expect(author.attached).to_have_text(["satu.pdf"])
    assert author.offsets[-2:] == ["1048576", "2097152"]


def test_closed_tab_goes_on_with_the_same_file(author: Attaching) -> None:
    content = large_pdf(megabytes=3)
    author.hold_after(1)
    author.choose(("satu.pdf", content))
    expect(author.line("satu.pdf").locator("[data-amount]")).to_contain_text(THIRD)
    author.page.close(run_before_unload=False)
    author.offsets.clear()

    author.page = author.open()
    expect(author.page.locator("[data-unfinished]")).to_contain_text("Not finished")
    author.choose(("satu.pdf", content))

    expect(author.attached).to_have_text(["satu.pdf"])
    assert author.offsets
    assert "0" not in author.offsets


def test_refused_file_says_why_and_the_others_go_on(author: Attaching) -> None:
    author.choose(("rusak.pdf", b"%PDF-1.7 rusak"), ("baik.pdf", pdf_file()))

    broken = author.line("rusak.pdf")
    expect(broken.get_by_role("status")).to_contain_text("The PDF is damaged")
    expect(author.line("baik.pdf").get_by_role("status")).to_contain_text("is attached")
    broken.locator("[data-cancel]").click()
    expect(author.attached).to_have_text(["baik.pdf"])


def test_file_is_tried_again_after_the_server_came_back(author: Attaching) -> None:
    author.page.route(PARTS, lambda route: route.fulfill(status=403, body="{}"))
    author.choose(("satu.pdf", pdf_file()))
    expect(author.line("satu.pdf").get_by_role("status")).to_contain_text("could not be sent")
    author.page.unroute(PARTS)

    author.line("satu.pdf").get_by_role("button", name="Try again").click()

    expect(author.attached).to_have_text(["satu.pdf"])


def test_cancelled_file_leaves_nothing(author: Attaching) -> None:
    author.hold_after(1)
    author.choose(("satu.pdf", large_pdf(megabytes=2)))
    expect(author.line("satu.pdf").locator("[data-amount]")).to_contain_text(HALF)

    with author.page.expect_response(lambda answer: answer.request.method == "DELETE") as answer:
        author.line("satu.pdf").locator("[data-cancel]").click()

    assert answer.value.status == 204
    assert (Upload.objects.count(), Attachment.objects.count()) == (0, 0)
    expect(author.line("satu.pdf")).to_have_count(0)
    assert author.page.evaluate("document.activeElement.id") == "file-bukti"


def test_keyboard_alone_sends_a_file(author: Attaching) -> None:
    file: Any = {"name": "satu.pdf", "mimeType": "application/pdf", "buffer": pdf_file()}
    author.page.on("filechooser", lambda chooser: chooser.set_files(file))
    author.page.bring_to_front()
    author.page.locator("#file-bukti").focus()
    author.page.keyboard.press("Space")

    expect(author.attached).to_have_text(["satu.pdf"])
