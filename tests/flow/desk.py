"""How a person of the flow tests signs in, fills in and sends; nothing here knows the language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from accounts.models import User
from tests.small_year import PASSWORD

# What a person with a keyboard sees of the element that has the focus.
FOCUS = """(target) => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    // A date has a stop for each of its parts, which draw their own ring inside the field.
    const inParts = ["date", "datetime-local"].includes(element.type);
    const held = window.lastStop === element && !inParts;
    window.lastStop = element;
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return {
        name: element.outerHTML.slice(0, 120),
        held,
        reached: element.matches(target),
        seen: outlined || style.boxShadow !== "none" || inParts,
    };
}"""
MOST_STOPS = 120
# A value given, a box ticked, a button pressed; moving about with Tab and links is none.
COUNT_ACTIVATIONS = """
const add = () => sessionStorage.setItem("acts", Number(sessionStorage.getItem("acts")) + 1);
addEventListener("change", add, true);
addEventListener("click", (event) => event.target.closest("button") && add(), true);
"""


class Lobby:
    """Gives each person a browser of their own and keeps what went wrong on any page."""

    def __init__(self, browser: Browser, server: object) -> None:
        self.browser, self.server = browser, str(server)
        self.contexts: list[BrowserContext] = []
        self.problems: list[str] = []

    def visit(self, **options: Any) -> Page:
        context = self.browser.new_context(base_url=self.server, locale="id-ID", **options)
        context.set_default_timeout(30_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("response", self.note)
        return page

    def note(self, answer: Response) -> None:
        if answer.status >= 400:
            self.problems.append(f"{answer.status} {answer.url}")

    def sign_in(self, person: User, **options: Any) -> Page:
        page = self.visit(**options)
        page.goto(reverse("account_login"))
        page.locator("[name=login]").fill(person.email)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator(".form-page .btn-primary").first.click()
        page.wait_for_url(f"**{reverse('dashboard')}")
        return page

    def enter(self, person: User, **options: Any) -> Page:
        """With a session already: signing in has tests of its own."""
        client = Client()
        client.force_login(person)
        page = self.visit(**options)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": self.server}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()


def go(page: Page, name: str, *args: object) -> Page:
    page.goto(reverse(name, args=args))
    return page


def go_once_more_asked(page: Page, name: str, *args: object) -> None:
    """Where the portal asks for the password, unless it did so a moment ago."""
    go(page, name, *args)
    if reverse("account_reauthenticate") in page.url:
        fill(page, password=PASSWORD)
        send(page)


def fill(page: Page, /, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"main [name={name}]").fill(value)


def choose(page: Page, name: str, value: str) -> None:
    """Tick the box or the radio button of this value."""
    page.locator(f'main [name={name}][value="{value}"]').check()


def send(page: Page, name: str = "", *args: object) -> None:
    """Press the first button of the form that goes to this address; of the page's own, if none."""
    form = f'form[action*="{reverse(name, args=args)}"]' if name else "form"
    with page.expect_navigation():
        page.locator(f"main {form}[method=post] button.btn-primary").first.click()


def press(page: Page, name: str, *args: object) -> None:
    """Press the button that itself names where it sends its form, or the form's quiet one."""
    address = reverse(name, args=args)
    found = page.locator(f'main [formaction="{address}"], main form[action*="{address}"] button')
    with page.expect_navigation():
        found.first.click()


def expect_saved(page: Page) -> None:
    expect(page.locator("[data-save-state]")).to_have_class("save-state is-saved")


def expect_at(page: Page, name: str, *args: object) -> None:
    page.wait_for_url(f"**{reverse(name, args=args)}")


def tab_to(page: Page, target: str) -> int:
    """Press Tab until `target` has the focus: no stop holds it, and each shows that it has it.

    How many times it took.
    """
    for count in range(1, MOST_STOPS + 1):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS, target)
        if stop is None:
            continue
        assert stop["seen"], f"no visible focus: {stop['name']}"
        if stop["reached"]:
            return count
        assert not stop["held"], f"trapped: {stop['name']}"
    raise AssertionError(f"Tab never comes to {target}")


def type_into(page: Page, target: str, text: str) -> int:
    """Come to a field by Tab and replace what stands in it; how many presses of Tab."""
    count = tab_to(page, target)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    return count


def enter_on(page: Page, target: str) -> None:
    """Come to a link or a button by Tab and press Enter."""
    tab_to(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def skip_to(page: Page, anchor: str) -> int:
    """Take the link at the top of the page that jumps over the rest; how many presses of Tab."""
    count = tab_to(page, f'.skip-link[href="{anchor}"]')
    page.keyboard.press("Enter")
    return count


def count_anew(page: Page) -> None:
    """Of a page that `COUNT_ACTIVATIONS` was added to."""
    page.evaluate("sessionStorage.removeItem('acts')")


def activations(page: Page) -> int:
    return int(page.evaluate("Number(sessionStorage.getItem('acts'))"))
