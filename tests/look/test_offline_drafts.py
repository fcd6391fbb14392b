"""Nothing typed is lost: browser killed, line cut, session gone, two windows, somebody faster."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, Route, expect
from playwright.sync_api import Error as BrowserError

from accounts.models import User
from bench.chromium import FLAGS, program
from proposals import services
from proposals.models import Answer, Proposal, Revision
from tests import make
from tests.proposals.scene import Scene, city_scene

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

KEPT_HERE = "Saved on this device only, not on the server yet."
STATE = "[data-save-state]"


@pytest.fixture
def scene() -> Scene:
    made = city_scene()
    now = timezone.now()
    made.competition.rounds.update(starts_at=now - make.DAY, ends_at=now + 5 * make.DAY)
    return made


@pytest.fixture
def draft(scene: Scene) -> Proposal:
    return scene.draft()


def enter(context: BrowserContext, person: User, base: str) -> None:
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": base}])


@pytest.fixture
def author_page(context: BrowserContext, scene: Scene, live_server: object) -> Page:
    enter(context, scene.author, str(live_server))
    return context.new_page()


def address(proposal: Proposal) -> str:
    return f"/proposal/{proposal.pk}/bagian/ringkasan/"


def stored(proposal: Proposal) -> str:
    return Answer.objects.get(proposal=proposal, section__key="ringkasan").text


def rival_saves(scene: Scene, proposal: Proposal, text: str) -> None:
    now = Answer.objects.get(proposal=proposal, section=scene.summary)
    services.save_answer(
        Proposal.objects.get(pk=proposal.pk),
        section=scene.summary,
        text=text,
        version=now.version,
        by=scene.endorser,
        at=timezone.now(),
    )


def cut_line(page: Page) -> None:
    """No save reaches the server, not even that of a page on its way out; the page itself stays."""
    page.context.route("**/simpan/", lambda route: route.abort())


@contextmanager
def own_browser(chromium: BrowserType, profile: Path, base: str) -> Iterator[BrowserContext]:
    """One that keeps its profile, as on somebody's desk."""
    context = chromium.launch_persistent_context(
        profile, executable_path=program(), args=FLAGS, base_url=base, locale="id-ID"
    )
    yield context
    with suppress(BrowserError):  # a killed one may be gone already
        context.close()


def kill(profile: Path) -> None:
    """kill -9 to every process of the browser that runs on this profile."""
    listed = subprocess.run(
        ["pgrep", "-f", f"user-data-dir={profile}"], capture_output=True, text=True, check=True
    )
    for pid in listed.stdout.split():
        os.kill(int(pid), signal.SIGKILL)


def test_killed_browser_offers_the_text_again(
    browser: Browser, scene: Scene, draft: Proposal, live_server: object, tmp_path: Path
) -> None:
    base = str(live_server)
    with own_browser(browser.browser_type, tmp_path, base) as context:
        enter(context, scene.author, base)
        page = context.new_page()
        cut_line(page)
        page.goto(address(draft))
        page.locator("#id_text").focus()
        page.keyboard.insert_text(" empat lima")
        expect(page.locator(STATE)).to_have_text(KEPT_HERE)
        kill(tmp_path)

    with own_browser(browser.browser_type, tmp_path, base) as context:
        enter(context, scene.author, base)
        page = context.new_page()
        page.goto(address(draft))
        expect(page.locator("[data-kept]")).to_be_visible()
        kept = page.locator("[data-kept-text]").text_content() or ""
        page.locator("[data-use]").click()
        expect(page.locator(STATE)).to_have_class("save-state is-saved")

    assert "empat lima" in kept
    assert stored(draft) == kept


def test_status_line_says_what_is_where(author_page: Page, draft: Proposal) -> None:
    page = author_page
    cut_line(page)
    page.goto(address(draft))

    page.locator("#id_text").fill("di perangkat")
    expect(page.locator(STATE)).to_have_text(KEPT_HERE)
    page.context.unroute("**/simpan/")
    page.evaluate("window.dispatchEvent(new Event('online'))")

    expect(page.locator(STATE)).to_contain_text("Saved on the server at")
    assert stored(draft) == "di perangkat"
    page.reload()
    expect(page.locator("[data-shared]")).to_be_visible()
    assert not page.locator("[data-kept]").is_visible()


def lose_answer(route: Route) -> None:
    """The server has it, the browser never hears so."""
    route.fetch()
    route.abort()


def test_lost_answer_is_no_conflict_with_oneself(author_page: Page, draft: Proposal) -> None:
    page = author_page
    page.route("**/simpan/", lose_answer, times=1)
    page.goto(address(draft))
    page.locator("#id_text").fill("satu")
    page.locator("#id_text").blur()
    expect(page.locator(STATE)).to_contain_text("on this device only")

    with page.expect_response(lambda answer: "satu dua" in (answer.request.post_data or "")):
        page.locator("#id_text").fill("satu dua")
        page.locator("#id_text").blur()
    expect(page.locator(STATE)).to_contain_text("Saved on the server at")
    page.wait_for_function(f"async () => (await ({COUNT})()) === 0")

    kept = Revision.objects.filter(answer__proposal=draft, answer__section__key="ringkasan")
    texts = list(kept.order_by("version").values_list("text", flat=True))
    assert texts == ["satu dua tiga", "satu", "satu dua"]
    assert not page.locator("[data-merge]").is_visible()


def test_half_an_hour_offline_against_a_colleague_ends_on_the_merge_page(
    author_page: Page, scene: Scene, draft: Proposal
) -> None:
    page = author_page
    rival_saves(scene, draft, "Latar\n\nMasalah\n\nHasil")
    page.clock.install()
    page.goto(address(draft))
    page.context.set_offline(True)
    page.locator("#id_text").fill("Latar saya\n\nMasalah\n\nHasil")
    page.clock.run_for("30:00")
    rival_saves(scene, draft, "Latar\n\nMasalah\n\nHasil rekan")
    page.context.set_offline(False)
    page.clock.run_for("00:15")

    page.locator("[data-merge]").click()
    joined = page.locator("#id_text").input_value()
    page.get_by_role("button", name="Save the joined text").click()
    page.wait_for_url("**/bagian/dampak/")

    assert joined == "Latar saya\n\nMasalah\n\nHasil rekan"
    assert stored(draft) == joined
    page.goto(address(draft))
    expect(page.locator("[data-shared]")).to_be_visible()
    assert not page.locator("[data-kept]").is_visible()


def test_text_of_the_device_meets_a_newer_one_of_the_server(
    author_page: Page, scene: Scene, draft: Proposal
) -> None:
    page = author_page
    cut_line(page)
    page.goto(address(draft))
    page.locator("#id_text").fill("dari perangkat")
    expect(page.locator(STATE)).to_contain_text("on this device only")
    page.close(run_before_unload=False)
    rival_saves(scene, draft, "dari rekan")

    page = page.context.new_page()
    page.goto(address(draft))
    expect(page.locator("[data-kept-other]")).to_be_visible()
    assert not page.locator("[data-use]").is_visible()
    page.locator("[data-kept] button:not([type])").click()
    page.get_by_role("link", name="Keep what is saved").click()
    page.wait_for_url("**/bagian/ringkasan/")
    expect(page.locator("[data-shared]")).to_be_visible()

    assert page.locator("#id_text").input_value() == "dari rekan"
    assert not page.locator("[data-kept]").is_visible()


def test_session_gone_in_the_middle_is_renewed_in_another_window(
    author_page: Page, scene: Scene, draft: Proposal, live_server: object
) -> None:
    page = author_page
    page.goto(address(draft))
    Session.objects.all().delete()
    page.locator("#id_text").fill("ditulis tanpa sesi")
    expect(page.locator("[data-login]")).to_be_visible()

    enter(page.context, scene.author, str(live_server))
    other = page.context.new_page()
    other.goto("/beranda/")
    page.bring_to_front()
    page.get_by_role("button", name="I have logged in").click()

    expect(page.locator(STATE)).to_contain_text("Saved on the server at")
    assert not page.locator("[data-login]").is_visible()
    assert stored(draft) == "ditulis tanpa sesi"


def test_browser_that_lost_its_cookies_is_asked_to_log_in(
    author_page: Page, scene: Scene, draft: Proposal, live_server: object
) -> None:
    page = author_page
    page.goto(address(draft))
    page.context.clear_cookies()
    page.locator("#id_text").fill("tanpa kuki")
    expect(page.locator("[data-login]")).to_be_visible()

    enter(page.context, scene.author, str(live_server))
    page.get_by_role("button", name="I have logged in").click()

    expect(page.locator(STATE)).to_contain_text("Saved on the server at")
    assert stored(draft) == "tanpa kuki"


def test_stale_token_is_renewed_by_itself(author_page: Page, draft: Proposal) -> None:
    page = author_page
    page.goto(address(draft))
    page.evaluate(
        """document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => {
            field.value = "x".repeat(64);
        })"""
    )

    page.locator("#id_text").fill("dengan tanda lama")

    expect(page.locator(STATE)).to_contain_text("Saved on the server at")
    assert stored(draft) == "dengan tanda lama"


def test_two_windows_of_one_person_lose_nothing(author_page: Page, draft: Proposal) -> None:
    one, other = author_page, author_page.context.new_page()
    for page in (one, other):
        page.goto(address(draft))
    one.locator("#id_text").fill("jendela satu")
    one.locator("#id_text").blur()
    expect(one.locator(STATE)).to_contain_text("Saved on the server at")

    other.locator("#id_text").fill("jendela dua")
    other.locator("#id_text").blur()
    expect(other.locator("[data-merge]")).to_be_visible()
    other.locator("[data-merge]").click()
    other.get_by_role("button", name="Keep mine").click()
    other.wait_for_url("**/bagian/dampak/")

    kept = Revision.objects.filter(answer__proposal=draft, answer__section__key="ringkasan")
    assert list(kept.order_by("version").values_list("text", flat=True)) == [
        "satu dua tiga",
        "jendela satu",
        "jendela dua",
    ]


COUNT = """async () => {
    const names = (await indexedDB.databases()).map((each) => each.name);
    if (!names.includes("kipp-drafts")) return 0;
    return new Promise((resolve) => {
        const request = indexedDB.open("kipp-drafts");
        request.onsuccess = () => {
            const all = request.result.transaction("texts").objectStore("texts").count();
            all.onsuccess = () => { request.result.close(); resolve(all.result); };
        };
    });
}"""


def keep_one(page: Page, proposal: Proposal) -> None:
    cut_line(page)
    page.goto(address(proposal))
    page.locator("#id_text").fill("rahasia")
    expect(page.locator(STATE)).to_contain_text("on this device only")
    assert page.evaluate(COUNT) == 1
    page.on("dialog", lambda dialog: dialog.accept())


def test_logout_wipes_what_the_browser_kept(author_page: Page, draft: Proposal) -> None:
    page = author_page
    keep_one(page, draft)

    page.goto("/akun/keluar/")
    page.locator("main form button").click()
    page.wait_for_url("**/")

    assert page.evaluate(COUNT) == 0


def test_sending_wipes_what_the_browser_kept(
    author_page: Page, scene: Scene, draft: Proposal
) -> None:
    page = author_page
    keep_one(page, draft)
    services.send_for_endorsement(
        Proposal.objects.for_page().get(pk=draft.pk), by=scene.author, at=timezone.now()
    )

    page.goto(f"/proposal/{draft.pk}/")
    page.wait_for_function(f"async () => (await ({COUNT})()) === 0")


def test_shared_computer_keeps_nothing(author_page: Page, draft: Proposal) -> None:
    page = author_page
    keep_one(page, draft)

    page.get_by_label("This is a shared computer").check()
    page.locator("#id_text").fill("lebih rahasia")
    page.wait_for_timeout(2000)

    assert page.evaluate(COUNT) == 0
    page.reload()
    expect(page.get_by_label("This is a shared computer")).to_be_checked()


def test_two_weeks_are_enough(author_page: Page, draft: Proposal) -> None:
    page = author_page
    keep_one(page, draft)
    later = timezone.now() + timedelta(days=15)

    page.close(run_before_unload=False)
    page = page.context.new_page()
    page.clock.install(time=later)
    page.goto(address(draft))
    page.wait_for_function(f"async () => (await ({COUNT})()) === 0")

    assert not page.locator("[data-kept]").is_visible()
