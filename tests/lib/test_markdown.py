from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp.lib.markdown import TAGS, render_chapters, render_markdown

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[klik](javascript:alert(1))",
    "[klik](JaVaScRiPt:alert(1))",
    "[klik](data:text/html,<script>alert(1)</script>)",
    "[klik](vbscript:x)",
    "![foto](https://jahat.example/x.png)",
    "<a href='javascript:alert(1)' onclick=alert(1)>x</a>",
    "<svg/onload=alert(1)>",
    "<style>*{display:none}</style>",
    "`<script>`",
    "[x]: javascript:alert(1)\n\n[x]",
    '<https://kipp.example/"onmouseover=alert(1)>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "[a](https://kipp.example/?q=<script>)",
    "<!-- --><iframe src=//jahat.example>",
]


class Audit(HTMLParser):
    """What a browser would be asked to build."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name == "href"]


def audit(text: str) -> Audit:
    found = Audit()
    found.feed(render_markdown(text))
    return found


def assert_harmless(text: str) -> None:
    found = audit(text)
    assert found.tags <= TAGS
    assert found.attributes <= {"href", "rel"}
    assert all(
        address.lower().startswith(("http://", "https://", "mailto:", "/", "#", "?"))
        or ":" not in address.split("/")[0]
        for address in found.addresses
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_is_harmless(text: str) -> None:
    assert_harmless(text)


@given(
    st.lists(
        st.one_of(
            st.sampled_from(HOSTILE),
            st.sampled_from(
                ["[", "](", ")", "<", ">", '"', "\n", "`", "*", "javascript:", "&#x6a;"]
            ),
            st.text(max_size=20),
        ),
        max_size=12,
    ).map("".join)
)
def test_any_markdown_is_harmless(text: str) -> None:
    assert_harmless(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("Salam **hangat**\n", "<p>Salam <strong>hangat</strong></p>\n"),
        ("1. satu\n2. dua", "<ol>\n<li>satu</li>\n<li>dua</li>\n</ol>\n"),
        ("a & b < c", "<p>a &amp; b &lt; c</p>\n"),
        ("<b>tebal</b>", "<p>&lt;b&gt;tebal&lt;/b&gt;</p>\n"),
    ],
)
def test_plain_markdown_becomes_html(text: str, html: str) -> None:
    assert render_markdown(text) == html


def test_links_keep_safe_addresses_only() -> None:
    safe = "[a](https://kipp.example) [b](mailto:panitia@kipp.example)"

    assert audit(safe).addresses == ["https://kipp.example", "mailto:panitia@kipp.example"]
    assert audit("[a](ftp://kipp.example)").addresses == []


def test_tables_are_shown() -> None:
    assert {"table", "th", "td"} <= audit("| a | b |\n|---|---|\n| 1 | 2 |").tags


@pytest.mark.parametrize("base", ["https://kipp.example", "https://kipp.example/"])
def test_links_below_an_address_keep_only_those(base: str) -> None:
    addresses = [
        "https://kipp.example",
        "https://kipp.example/lomba",
        "https://kipp.example.jahat.example/",
        "https://kipp.example@jahat.example/",
        "https://kipp.example:8000@jahat.example/",
        "mailto:panitia@kipp.example",
    ]
    found = Audit()

    found.feed(render_markdown(" ".join(f"[a]({a})" for a in addresses), links_below=base))

    assert found.addresses == addresses[:2]


def test_chapters_begin_at_headings_of_the_second_level() -> None:
    opening, chapters = render_chapters(
        "# Juknis\n\n*Contoh.*\n\n## Bab I\n\nSatu\n\n### Pasal 1\n"
    )

    assert opening == "Juknis\n<p><em>Contoh.</em></p>\n"
    assert [(chapter.title, chapter.body) for chapter in chapters] == [
        ("Bab I", "<p>Satu</p>\n<h3>Pasal 1</h3>\n")
    ]


def test_text_without_headings_has_no_chapter() -> None:
    assert render_chapters("Satu") == ("<p>Satu</p>\n", ())
