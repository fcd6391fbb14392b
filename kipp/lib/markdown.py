"""Markdown that organisers and mail templates write, as safe HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, partial

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

PARSER = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


@lru_cache(maxsize=128)
def render_markdown(text: str, *, links_below: str = "") -> SafeString:
    """HTML from Markdown, kept for the next reader: raw HTML is shown as text, other tags dropped.

    `links_below` keeps only links below this address: for texts with strangers' words.
    """
    html = nh3.clean(
        PARSER.render(text),
        tags=TAGS,
        attributes={"a": {"href"}},
        attribute_filter=partial(_keep_below, links_below.rstrip("/")),
        url_schemes={"http", "https", "mailto"},
    )
    return SafeString(html)


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    body: SafeString


def render_chapters(text: str) -> tuple[SafeString, tuple[Chapter, ...]]:
    """What stands before the first `## ` heading, and the chapters below such headings."""
    opening, *parts = _CHAPTER.split(text)
    titles, bodies = parts[::2], parts[1::2]
    chapters = (
        Chapter(title, render_markdown(body)) for title, body in zip(titles, bodies, strict=True)
    )
    return render_markdown(opening), tuple(chapters)


_CHAPTER = re.compile(r"^## +(.+?) *#*$", re.MULTILINE)


def _keep_below(base: str, _tag: str, _attribute: str, address: str) -> str | None:
    """Keep `https://kipp.example/x` but not `https://kipp.example.jahat.example` or `...@jahat`."""
    if not base or address == base or address.startswith(f"{base}/"):
        return address
    return None
