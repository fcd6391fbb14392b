"""Autosave in a real browser against a server that answers as each test says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.look import urls

pytestmark = [pytest.mark.e2e, pytest.mark.urls("tests.look.urls")]

CASES = Path(__file__).parent.parent / "lib" / "word_count_cases.json"
SAVED = (200, {"version": 2, "saved_at": "10.42"})


@pytest.fixture(autouse=True)
def _silent_server() -> Iterator[None]:
    urls.received.clear()
    urls.answers.clear()
    yield
    urls.answers.clear()


def sent() -> list[dict[str, str]]:
    return [
        {name: value for name, value in body.items() if name != "csrfmiddlewaretoken"}
        for body in urls.received
    ]


def write(page: Page, text: str) -> None:
    page.get_by_label("Text").fill(text)
    page.get_by_label("Text").blur()


def test_draft_saves_the_changed_field_and_says_when(page: Page) -> None:
    urls.answers.append(SAVED)
    page.goto("/draft/")

    write(page, "satu dua")

    expect(page.locator("[data-save-state]")).to_have_class("save-state is-saved")
    expect(page.locator("[data-save-state]")).to_contain_text("10.42 WIB")
    assert sent() == [{"version": "1", "section": "summary", "summary": "satu dua"}]


def test_draft_sends_the_new_version_next_time(page: Page) -> None:
    urls.answers += [SAVED, (200, {"version": 3, "saved_at": "10.43"})]
    page.goto("/draft/")

    write(page, "satu")
    expect(page.locator("[data-save-state]")).to_contain_text("10.42")
    write(page, "satu dua")
    expect(page.locator("[data-save-state]")).to_contain_text("10.43")

    assert [body["version"] for body in sent()] == ["1", "2"]


def test_draft_saves_while_typing_goes_on(page: Page) -> None:
    urls.answers.append(SAVED)
    page.goto("/draft/")

    page.get_by_label("Text").press_sequentially("satu")

    expect(page.locator("[data-save-state]")).to_contain_text("10.42", timeout=5000)
    assert [body["summary"] for body in sent()] == ["satu"]


def test_draft_keeps_the_text_and_shows_the_sentence_when_somebody_was_faster(page: Page) -> None:
    urls.answers.append((409, {"error": "Sari menyimpan bagian ini pukul 10.41."}))
    page.goto("/draft/")

    write(page, "satu")
    expect(page.locator("[data-save-state]")).to_have_text("Sari menyimpan bagian ini pukul 10.41.")
    write(page, "satu dua")

    assert page.get_by_label("Text").input_value() == "satu dua"
    assert len(sent()) == 1


def test_draft_tries_again_when_the_connection_returns(page: Page) -> None:
    urls.answers.append(SAVED)
    page.goto("/draft/")
    page.context.set_offline(True)

    write(page, "satu")
    expect(page.locator("[data-save-state]")).to_have_class("save-state is-failed")
    page.context.set_offline(False)

    expect(page.locator("[data-save-state]")).to_contain_text("10.42")
    assert [body["summary"] for body in sent()] == ["satu"]


def is_form(request: Request) -> bool:
    return request.is_navigation_request() and request.method == "POST"


def test_form_is_sent_after_the_save_on_its_way(page: Page) -> None:
    urls.answers.append(SAVED)
    held: list[Route] = []
    page.route("**/draft/save", lambda route: held.append(route))  # noqa: PLW0108 - its signature is read
    page.goto("/draft/")
    with page.expect_request("**/draft/save"):
        write(page, "satu")
    page.evaluate("document.querySelector('main form').requestSubmit()")

    with page.expect_navigation(), page.expect_request(is_form) as sent_form:
        held[0].continue_()
    page.unroute_all(behavior="wait")

    assert "version=2&summary=satu" in (sent_form.value.post_data or "")


def test_form_stays_with_its_text_while_no_server_answers(page: Page) -> None:
    urls.answers.append(SAVED)
    page.goto("/draft/")
    page.context.set_offline(True)
    page.get_by_label("Text").fill("satu")

    page.evaluate("document.querySelector('main form').requestSubmit()")

    expect(page.locator("[data-save-state]")).to_have_class("save-state is-failed")
    expect(page.get_by_label("Text")).to_have_value("satu")
    page.context.set_offline(False)
    expect(page.locator("[data-save-state]")).to_contain_text("10.42")
    assert [body["summary"] for body in sent()] == ["satu"]


def test_form_that_the_server_refuses_is_sent_for_its_page_to_say_why(page: Page) -> None:
    urls.answers.append((422, {"error": "Between 0 and 100."}))
    page.goto("/draft/")
    page.get_by_label("Text").fill("satu")

    with page.expect_navigation(), page.expect_request(is_form) as sent_form:
        page.evaluate("document.querySelector('main form').requestSubmit()")

    assert "summary=satu" in (sent_form.value.post_data or "")


def test_words_beyond_the_limit_are_marked(page: Page) -> None:
    urls.answers.append(SAVED)
    page.goto("/draft/")

    write(page, "satu dua – tiga empat")

    expect(page.locator("#count")).to_have_class("word-count is-over")
    assert page.locator("[data-count]").inner_text() == "4"


def test_browser_counts_words_as_the_server_does(page: Page) -> None:
    cases = json.loads(CASES.read_text())
    page.goto("/draft/")

    counted = page.evaluate(
        """async (texts) => {
            const { countWords } = await import("/static/js/draft.js");
            return texts.map(countWords);
        }""",
        [case["text"] for case in cases],
    )

    assert counted == [case["words"] for case in cases]
