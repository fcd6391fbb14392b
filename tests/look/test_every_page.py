"""Every page as its people meet it: found, readable by everybody, no wider than a phone, light."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from io import BytesIO

import pikepdf
import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as METHODS
from django.conf import settings as django_settings
from django.contrib.auth.hashers import make_password
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django import Settings

from accounts.models import User
from kipp.demo.catalogs import compile_catalogs
from tests import make
from tests.look import portal
from tests.look.axe import FRAME, Screen
from tests.look.further import further_walks
from tests.look.weight import FORM_BUDGET, PUBLIC_BUDGET, weight_of
from tests.proposals.scene import city_scene

pytestmark = [pytest.mark.long, pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

# Also the pages of who may not and of what is not there.
SHOWN = {200, 403, 404}
# Pages of the login library that no table of addresses names.
FOREIGN = [
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
    "account_change_password",
    "account_logout",
]
SCRIPT = re.compile(r'(<script [^>]*src="[^"]+\.js)')


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


def client_of(person: User | None) -> Client:
    client = Client()
    if person:
        client.force_login(person)
        # The pages that ask for the password again have just been given it.
        session = client.session
        session[METHODS] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
        session.save()
    return client


def enter(context: BrowserContext, client: Client, *, base: str) -> Page:
    name = django_settings.SESSION_COOKIE_NAME
    if cookie := client.cookies.get(name):
        context.add_cookies([{"name": name, "value": cookie.value, "url": base}])
    return context.new_page()


@pytest.mark.timeout(1800)  # all roles, one after the other
def test_no_page_keeps_anybody_out(
    browser: Browser, live_server: object, subtests: pytest.Subtests
) -> None:
    world = portal.build()
    walks = [(role, world.people[role], urls) for role, urls in world.pages.items()]
    holder = make.user("Dra. Sri Wahyuni, M.AP.", password=make_password("batik kawung 1914"))
    account = ("account", holder, [reverse(name) for name in FOREIGN])
    for role, person, urls in [*walks, *further_walks(world), account]:
        with subtests.test(role):
            assert walk(urls, person, browser, base=str(live_server)) == {}


def walk(
    urls: list[str], person: User | None, browser: Browser, *, base: str
) -> dict[str, list[str]]:
    """All pages go one after the other into one window, where axe is loaded and warm."""
    client = client_of(person)
    context = browser.new_context(base_url=base, locale="id-ID")
    page = enter(context, client, base=base)
    page.goto(urls[0])
    screen = Screen(page)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    budget = FORM_BUDGET if person else PUBLIC_BUDGET
    found = {}
    for number, url in enumerate(urls):
        said.clear()
        answer = client.get(url, follow=True)
        # A window runs a module once for each address.
        fresh = SCRIPT.sub(rf"\1?{number}", answer.content.decode())
        page.set_content(fresh)
        # Header and footer are looked at once for each person.
        texts = screen.complaints(spared=FRAME if number else ())
        if answer.status_code not in SHOWN:
            texts.append(f"status {answer.status_code}")
        if (weight := weight_of(answer.content)) > budget:
            texts.append(f"{weight} bytes")
        found[url] = texts + said
    context.close()
    return {url: texts for url, texts in found.items() if texts}


def test_receipt_prints_on_one_sheet(browser: Browser, live_server: object) -> None:
    scene, base = city_scene(), str(live_server)
    sent = scene.submitted("Menunggu seleksi")
    context = browser.new_context(base_url=base, locale="id-ID")
    page = enter(context, client_of(scene.author), base=base)
    page.goto(reverse("proposals:receipt", args=[sent.proposal_id]))

    printed = page.pdf(format="A4", prefer_css_page_size=True)

    context.close()
    with pikepdf.open(BytesIO(printed)) as paper:
        assert len(paper.pages) == 1
