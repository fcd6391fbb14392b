from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, templates

COMMENT = re.compile(r"{%\s*comment.*?{%\s*endcomment\s*%}|{#.*?#}", re.DOTALL)
TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
# A class name that a page hands to base.html is not speech.
CLASS_BLOCK = re.compile(r"{%\s*block\s+\w*class\s*%}.*?{%\s*endblock\b[^%]*%}", re.DOTALL)
CODE = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}")
SPOKEN_ATTRIBUTES = {"alt", "title", "placeholder", "aria-label", "aria-description", "label"}
# Names and units that are the same in every language.
NAMES = {
    *("KIPP", "CSV", "PDF", "DOCX", "ZIP", "XLSX", "ICS", "TOML", "QR", "NIP", "KB", "MB"),
    *("WIB", "WITA", "WIT", "WhatsApp", "English", "Bahasa", "Indonesia"),
}
INLINE = {
    "script": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:json|ld\+json)\")", re.IGNORECASE
    ),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "event handler": re.compile(r"\son[a-z]+\s*=", re.IGNORECASE),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "safe filter": re.compile(r"\|\s*safe\b|{%-?\s*autoescape\b|Markup"),
    "third party": re.compile(r"(?:src|href)=\"(?:https?:)?//", re.IGNORECASE),
}
VERBS = {
    *("Accept", "Answer", "Choose", "Complete", "Download", "Follow"),
    *("Look", "Open", "Read", "See", "Sign"),
}


class Speech(HTMLParser):
    """Collects what a person would read or hear."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style", "code", "kbd", "symbol"}
        self.said += [value for name, value in attrs if name in SPOKEN_ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style", "code", "kbd", "symbol"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data)


def untranslated(text: str) -> list[str]:
    for noise in (COMMENT, TRANSLATED, CLASS_BLOCK, CODE):
        text = noise.sub(" ", text)
    speech = Speech()
    speech.feed(text)
    said = (WORD.findall(part) for part in speech.said)
    return [word for words in said for word in words if word not in NAMES]


def inline_code(text: str) -> list[str]:
    bare = COMMENT.sub(" ", text)
    return [name for name, pattern in INLINE.items() if pattern.search(bare)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<p>Simpan</p>", ["Simpan"]),
        ('<p>{% translate "Save" %}</p>', []),
        ("<p>{% blocktranslate %}Save {{ n }}{% endblocktranslate %}</p>", []),
        ('<img alt="Foto">', ["Foto"]),
        ("{# Params: kind #}<b>{{ name }}</b> PDF", []),
        ("{% block body_class %}is-public{% endblock %}", []),
    ],
)
def test_untranslated_words_are_found(text: str, words: list[str]) -> None:
    assert untranslated(text) == words


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("<script>alert(1)</script>", ["script"]),
        ('<script src="/static/x.js"></script>', []),
        ('<b style="color:red">', ["style attribute"]),
        ('<a onclick="x()">', ["event handler"]),
        ('<a href="https://cdn.example/x">', ["third party"]),
        ("{{ text|safe }}", ["safe filter"]),
        ("{% autoescape false %}{{ text }}{% endautoescape %}", ["safe filter"]),
    ],
)
def test_inline_code_is_found(text: str, faults: list[str]) -> None:
    assert inline_code(text) == faults


def test_every_word_on_screen_is_translated() -> None:
    words = _found(untranslated)

    # The style guide is a page for developers.
    assert {path: said for path, said in words.items() if "styleguide" not in path} == {}


def test_no_template_holds_code() -> None:
    # A mail has no other place for its few rules.
    assert _found(inline_code) == {"templates/mail/page.html": ["style element"]}


def test_every_chart_is_a_table_or_stands_beside_one() -> None:
    """Whoever does not see a drawing reads its numbers on the same page."""
    pages = {name(path): path.read_text() for path in templates()}
    drawings = [path for path, text in pages.items() if 'class="chart' in text and "<svg" in text]
    bare = [path for path in drawings if "<table" not in pages[path]]
    hosts = {
        path: [host for host, text in pages.items() if path.removeprefix("templates/") in text]
        for path in bare
    }

    assert "templates/components/bar_chart.html" in drawings
    assert bare == ["templates/components/line_chart.html"]
    assert all("<table" in pages[host] for host in hosts[bare[0]])
    assert hosts[bare[0]]


def test_links_of_mails_say_what_to_do() -> None:
    """Their first word is a verb; a new verb is entered here."""
    labels = re.compile(r"""\[{% translate "(.*?)" %}\]\(""")

    pages = sorted((ROOT / "templates" / "mail").glob("*.md"))
    found = [label for page in pages for label in labels.findall(page.read_text())]

    assert len(found) > len(pages) / 2
    assert [label for label in found if label.partition(" ")[0] not in VERBS] == []


def test_browser_keeps_texts_of_sections_and_nothing_else() -> None:
    """What `draft.js` keeps is named by the form: no phone, no NIP, no score may be."""
    kept = _found(re.compile(r"data-draft=").findall)

    assert set(kept) == {
        "templates/proposals/section.html",
        "templates/proposals/section_merge.html",
    }


def _found(search: Callable[[str], list[str]]) -> dict[str, list[str]]:
    hits = {name(path): search(path.read_text()) for path in templates()}
    return {path: words for path, words in hits.items() if words}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
