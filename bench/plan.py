"""What is asked for: the same pages of both projects, each with people who are logged in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

CLIENTS = 8
# Stands in the cookie and in the header of every POST.
CSRF_TOKEN = "floor" * 6 + "ok"


@dataclass(frozen=True)
class Client:
    """One person's request. A form with a `version` takes the next one from each answer."""

    path: str
    session: str = ""
    form: dict[str, str] | None = None


@dataclass(frozen=True)
class Page:
    """The same page for several people; the last one is for single looks, the rest for load."""

    key: str
    clients: tuple[Client, ...]
    expected: int = 200
    statements: int = 0


def go_on(client: Client, *, version: str) -> dict[str, str]:
    """The next save as a person makes it: over the last version, and never the same text again."""
    form = {**(client.form or {}), "version": version}
    if "text" in form:
        form["text"] += f" {version}"
    return form


def write_plan(path: Path, pages: Sequence[Page]) -> None:
    path.write_text(json.dumps([asdict(page) for page in pages]))


def read_plan(path: Path) -> dict[str, Page]:
    pages = [
        Page(**{**row, "clients": tuple(Client(**client) for client in row["clients"])})
        for row in json.loads(path.read_text())
    ]
    return {page.key: page for page in pages}
