"""What a unit attaches: drawn or set, then checked as the portal checks what people send.

No database is needed, so a second process can do it while the first plays the year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from kipp.demo.content import DemoProposal, author_of, innovation_of, load_units
from kipp.demo.letters import STATEMENTS, make_letter
from kipp.demo.photos import photo_for
from kipp.lib.uploads import Checked, Kind, check_upload


@dataclass(frozen=True, slots=True)
class Place:
    """What the form says of one of its slots."""

    key: str
    kind: Kind
    max_bytes: int


def attachments_of(paper: DemoProposal, *, places: Sequence[Place]) -> list[tuple[str, Checked]]:
    """Each with the key of its place; an unfinished draft has no letters yet."""
    return [
        (
            place.key,
            check_upload(BytesIO(content), name=name, kind=place.kind, max_bytes=place.max_bytes),
        )
        for place in places
        for name, content in _files_at(place, paper)
    ]


def _files_at(place: Place, paper: DemoProposal) -> list[tuple[str, bytes]]:
    if place.kind is Kind.IMAGE:
        photo = photo_for(paper)
        return [(photo.name, photo.content)]
    if place.key not in STATEMENTS or paper.fate == "draft":
        return []
    letter = make_letter(
        place.key,
        innovation=innovation_of(paper).title,
        unit=next(unit.name for unit in load_units() if unit.key == paper.unit),
        signer=author_of(paper).name,
    )
    return [(f"{place.key}.pdf", letter)]
