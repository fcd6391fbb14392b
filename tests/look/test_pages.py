from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from tests.browser import stranger
from tests.look.axe import Screen

pytestmark = [pytest.mark.e2e, pytest.mark.urls("tests.look.urls")]

PAGES = ["/styleguide/", "/akun/masuk/", "/akun/sandi/lupa/", "/no-such-page/"]
NARROW = 320


@pytest.fixture(scope="module")
def context(browser: Browser, live_server: object) -> Iterator[BrowserContext]:
    """One for all: nobody logs in here, and nothing is kept."""
    with stranger(browser, live_server) as context:
        yield context


@pytest.mark.parametrize("path", PAGES)
def test_page_keeps_nobody_out_on_the_narrowest_phone(page: Page, path: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    screen = Screen(page, phone=NARROW)
    page.goto(path)
    found = screen.complaints()

    expected = ["Failed to load resource"] if path == "/no-such-page/" else []
    assert [text.split(":")[0] for text in complaints] == expected
    assert found == []


def test_form_page_fits_the_budget_on_a_first_visit(browser: Browser, live_server: object) -> None:
    """60 KB and 6 requests, of which 15 KB scripts and no font; measured as sent with gzip."""
    responses: list[Response] = []
    with stranger(browser, live_server) as context:
        page = context.new_page()
        page.on("response", lambda each: responses.append(each))  # noqa: PLW0108 - Playwright cannot wrap a builtin

        page.goto("/akun/sandi/lupa/", wait_until="networkidle")

        sizes = {each.url: compressed_size(each) for each in responses}
    scripts = [size for url, size in sizes.items() if url.endswith(".js")]
    assert len(sizes) <= 6
    assert sum(sizes.values()) <= 60_000
    assert sum(scripts) <= 15_000
    assert not [url for url in sizes if url.endswith(".woff2")]


def compressed_size(response: Response) -> int:
    return len(gzip.compress(response.body()))


def test_errors_take_the_focus_and_name_the_page(page: Page) -> None:
    page.goto("/akun/sandi/lupa/")

    page.get_by_role("textbox").fill("not an address")
    page.locator(".form-page button").click()

    expect(page.locator(".error-summary")).to_be_focused()
    assert page.title().startswith(("Error: ", "Galat: "))
    assert page.get_by_role("textbox").input_value() == "not an address"


def test_what_waited_for_the_first_paint_is_laid_out_after_it(page: Page) -> None:
    page.goto("/")

    expect(page.locator("html[data-drawn]")).to_be_attached()


def test_countdown_goes_by_the_clock_of_the_server(page: Page) -> None:
    """A device that is a week ahead shows as much time as the server has left."""
    page.add_init_script(
        "const week = 7 * 864e5, now = Date.now;"
        "Date.now = () => now() + week;"
        "Object.defineProperty(performance, 'timeOrigin', {value: performance.timeOrigin + week});"
    )

    page.goto("/styleguide/")

    # It ends 3 days and 4 hours after the server made the page.
    expect(page.locator("[data-countdown-left]")).to_have_text(re.compile(r"3 \w+ 3 \w+"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_print_is_light_and_without_navigation(page: Page, theme: Any) -> None:
    page.emulate_media(media="print", color_scheme=theme)

    page.goto("/styleguide/")

    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(255, 255, 255)"
    assert not page.locator(".breadcrumb-line, .language, .action-bar, .filters").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "16px"  # 12 pt
