"""What a first visit to a page sends: counted from its HTML."""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from django.contrib.staticfiles import finders

# Bytes as sent with gzip.
FORM_BUDGET, PUBLIC_BUDGET = 60_000, 100_000
NAMED = re.compile(r'<(?:link|script|img|use)[^>]* (?:href|src)="([^"#]+)')
IN_CSS = re.compile(r'url\("?([^"#)]+)')


def weight_of(html: bytes) -> int:
    """Bytes with gzip: the page, what it names, and what its style sheets name."""
    named = {name for name in NAMED.findall(html.decode()) if name.startswith("/static/")}
    deeper = {each for name in named if name.endswith(".css") for each in inside(name)}
    return sent(html) + sum(map(sent_file, named | deeper))


@cache
def inside(sheet: str) -> frozenset[str]:
    found = IN_CSS.findall(content_of(sheet).decode())
    return frozenset(urljoin(sheet, name) for name in found if not name.startswith("data:"))


@cache
def sent_file(name: str) -> int:
    return sent(content_of(name))


def sent(content: bytes) -> int:
    return len(gzip.compress(content))


def content_of(name: str) -> bytes:
    path = finders.find(urlsplit(name).path.removeprefix("/static/"))
    assert path, name
    return Path(path).read_bytes()
