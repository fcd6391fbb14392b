"""Every page as its people meet it: found, readable by everybody, no wider than a phone, light."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from io import BytesIO

import pikepdf
import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as METHODS
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings as django_settings
from django.core.cache import caches
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize
from pytest_django import Settings

from accounts.models import User
from kipp.demo.catalogs import compile_catalogs
from tests.look import portal
from tests.look.axe import FRAME, OF_LOOKS, violations
from tests.look.further import further_walks

pytestmark = [pytest.mark.long, pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PHONE: ViewportSize = {"width": 360, "height": 780}
DESK: ViewportSize = {"width": 1280, "height": 900}
# Also the pages of who may not and of what is not there.
SHOWN = {200, 403, 404}


@pytest.fixture(autouse=True)
def indonesian(settings: Settings) -> Iterator[None]:
    """As people read it: the words are longer than the English ones."""
    locale = settings.BASE_DIR / "locale"
    compile_catalogs(locale)
    settings.LOCALE_PATHS = [locale]
    forget_fragments()
    yield
    forget_fragments()


def forget_fragments() -> None:
    caches["template_fragments"].clear()


@pytest.fixture
def world() -> portal.Portal:
    return portal.build()


def enter(context: BrowserContext, person: User | None, *, url: str) -> Page:
    if person:
        client = Client()
        client.force_login(person)
        # The pages that ask for the password again have just been given it.
        session = client.session
        session[METHODS] = [{"method": "password", "at": time.time()}]
        session.save()
        name = django_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
    return context.new_page()


def complaints_about(page: Page, url: str, *, spared: Sequence[str]) -> list[str]:
    """All rules in the light on a desk, those of looks in the dark on a phone, and both widths."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)
    answer = page.goto(url)
    found = [] if answer and answer.status in SHOWN else [f"status {answer and answer.status}"]
    found += [*violations(page, spared=spared), *overflow(page, DESK)]
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    found += [f"dark {text}" for text in violations(page, rules=OF_LOOKS, spared=spared)]
    return found + overflow(page, PHONE)


def overflow(page: Page, size: ViewportSize) -> list[str]:
    width = page.evaluate("document.documentElement.scrollWidth")
    return [f"scrolls sideways: {width}"] if width > size["width"] else []


@pytest.mark.timeout(1800)  # all roles, one after the other
def test_no_page_keeps_anybody_out(
    world: portal.Portal, browser: Browser, live_server: object, subtests: pytest.Subtests
) -> None:
    walks = [(role, world.people[role], urls) for role, urls in world.pages.items()]
    for role, person, urls in [*walks, *further_walks(world)]:
        with subtests.test(role):
            assert walk(urls, person, browser, base=str(live_server)) == {}


def walk(
    urls: list[str], person: User | None, browser: Browser, *, base: str
) -> dict[str, list[str]]:
    # Without motion no colour is caught halfway between the light and the dark.
    context = browser.new_context(base_url=base, locale="id-ID", reduced_motion="reduce")
    context.add_init_script(AXE_SCRIPT)
    page = enter(context, person, url=base)
    # Header and footer are looked at once for each person.
    found = {
        url: complaints_about(page, url, spared=FRAME if number else ())
        for number, url in enumerate(urls)
    }
    context.close()
    return {url: texts for url, texts in found.items() if texts}


def test_receipt_prints_on_one_sheet(
    world: portal.Portal, browser: Browser, live_server: object
) -> None:
    base = str(live_server)
    context = browser.new_context(base_url=base, locale="id-ID")
    page = enter(context, world.people["author"], url=base)
    page.goto(world.receipt)

    printed = page.pdf(format="A4", prefer_css_page_size=True)

    context.close()
    with pikepdf.open(BytesIO(printed)) as paper:
        assert len(paper.pages) == 1
