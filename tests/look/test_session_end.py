"""The open page warns before the session ends, and going on costs nothing that was typed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from proposals.models import Proposal, TeamMember
from tests.look.test_offline_drafts import (
    address,
    author_page,  # noqa: F401
    draft,  # noqa: F401
    enter,
    scene,  # noqa: F401
    stored,
)
from tests.proposals.scene import Scene

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PANEL, WORDS = "[data-session]", "[data-session-words]"


def said(page: Page, state: str) -> str:
    return page.locator(PANEL).get_attribute(f"data-{state}") or ""


def end_in(seconds: int) -> None:
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=seconds))


def test_page_warns_five_minutes_before_and_goes_on(author_page: Page, draft: Proposal) -> None:  # noqa: F811
    page = author_page
    end_in(303)
    page.goto(address(draft))
    page.locator("#id_text").fill("satu kalimat")

    expect(page.locator(PANEL)).to_contain_text("5")
    page.locator(f"{PANEL} button").click()
    expect(page.locator(WORDS)).to_have_text(said(page, "stayed"))

    assert Session.objects.get().expire_date > timezone.now() + timedelta(days=1)
    assert page.locator("#id_text").input_value() == "satu kalimat"
    expect(page.locator("[data-save-state]")).to_have_class("save-state is-saved")
    assert stored(draft) == "satu kalimat"


def test_page_warns_again_two_minutes_before_and_says_when_it_is_over(
    author_page: Page,  # noqa: F811
    draft: Proposal,  # noqa: F811
) -> None:
    page = author_page
    end_in(118)
    page.goto(address(draft))

    expect(page.locator(PANEL)).to_contain_text("2")
    Session.objects.all().delete()
    page.evaluate("window.dispatchEvent(new Event('focus'))")

    expect(page.locator(WORDS)).to_have_text(said(page, "ended"))
    expect(page.locator("[data-session-login] a")).to_be_visible()


def test_other_window_that_went_on_silences_this_one(
    context: BrowserContext,
    author_page: Page,  # noqa: F811
    draft: Proposal,  # noqa: F811
) -> None:
    end_in(100)
    author_page.goto(address(draft))
    expect(author_page.locator(PANEL)).to_be_visible()
    other = context.new_page()
    other.goto(address(draft))
    other.locator(f"{PANEL} button").click()
    expect(other.locator(WORDS)).to_have_text(said(other, "stayed"))

    author_page.evaluate("window.dispatchEvent(new Event('focus'))")

    expect(author_page.locator(PANEL)).to_be_hidden()


def test_form_that_nothing_saves_outlives_the_session(
    author_page: Page,  # noqa: F811
    draft: Proposal,  # noqa: F811
    scene: Scene,  # noqa: F811
    live_server: object,
) -> None:
    page, again = author_page, "Send it again"
    page.goto(f"/proposal/{draft.pk}/tim/")
    page.locator("#id_name").fill("Budi Santoso")
    page.locator("#id_role").fill("Penyusun modul")
    Session.objects.all().delete()

    page.get_by_role("button", name="Add this person").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are logged out")
    expect(page.locator("main")).to_contain_text("Penyusun modul")
    page.context.clear_cookies(name="csrftoken")
    enter(page.context, scene.author, str(live_server))
    page.get_by_role("button", name=again).click()
    expect(page.locator("main")).to_contain_text(f"You are logged in as {scene.author.full_name}")
    page.get_by_role("button", name=again).click()

    expect(page.locator("main")).to_contain_text("is added.")
    assert TeamMember.objects.get().role == "Penyusun modul"


def test_asking_extends_nothing_and_strangers_are_not_told(client: Client, scene: object) -> None:  # noqa: F811
    client.force_login(scene.author)  # type: ignore[attr-defined]
    end_in(100)
    url = reverse("accounts:session-left")

    asked = client.get(url).json()["left"]
    asked_again = client.get(url).json()["left"]
    extended = client.post(url).json()["left"]

    assert 90 < asked_again <= asked <= 100
    assert extended == 14 * 24 * 3600
    assert client.get(url).json()["left"] > 1_000_000
    assert Client().get(url).status_code == 302
