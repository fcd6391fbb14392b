"""Who takes part in a run: what clients must know of the database that was filled for them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

PASSWORD = "batik kawung malang 1914"
DESKS = ("writers", "endorsers")
SECTIONS = ("ringkasan", "dampak")


@dataclass(frozen=True)
class Desk:
    """Whoever logs in, and the numbers of the proposals on that desk."""

    email: str
    proposals: list[int]


@dataclass(frozen=True)
class Scene:
    """`reminded` are the addresses of those who will not have finished, whatever happens."""

    slug: str
    writers: list[Desk]
    endorsers: list[Desk]
    reminded: list[str]


def keep(scene: Scene, path: Path) -> None:
    path.write_text(json.dumps(asdict(scene)))


def read(path: Path) -> Scene:
    kept = json.loads(path.read_text())
    writers, endorsers = ([Desk(**desk) for desk in kept[name]] for name in DESKS)
    return Scene(kept["slug"], writers, endorsers, kept["reminded"])
