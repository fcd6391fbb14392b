"""Who saw what: from the lines that the web processes log for each answer.

There is no other record of reading, on purpose: it would be one more list of people. Public pages
that were answered from memory are in the log of the proxy alone.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.urls import Resolver404, resolve

ANSWERED = "request_finished"
# Below these the number in the address is the proposal's; below the last it is a judge's sheet.
PROPOSALS = ("/proposal/", "/panitia/proposal/")
SHEETS = "/juri/lembar/"


@dataclass(frozen=True, slots=True)
class Seen:
    at: datetime
    user_id: int | None
    ip: str
    method: str
    path: str
    code: int
    request_id: str


def read_log(lines: Iterable[str]) -> Iterator[Seen]:
    """One for each answer; lines of other programs and of other events are passed over."""
    for line in lines:
        start = line.find("{")
        try:
            facts = json.loads(line[start:]) if start >= 0 else {}
            if facts.get("event") == ANSWERED:
                yield _seen(facts)
        except (ValueError, KeyError):
            continue


def concerns(seen: Seen, *, proposal: int, sheets: Container[int]) -> bool:
    """Whether the address is the proposal's: its unit's, endorser's, committee's or judge's."""
    number = _number_in(seen.path)
    if SHEETS in seen.path:
        return number in sheets
    return number == proposal and any(part in seen.path for part in PROPOSALS)


def _number_in(path: str) -> int | None:
    try:
        number = resolve(path).kwargs.get("pk")
    except Resolver404:
        return None
    return number if isinstance(number, int) else None


def _seen(facts: dict[str, object]) -> Seen:
    method, _space, address = str(facts["request"]).partition(" ")
    user_id = facts.get("user_id")
    return Seen(
        at=datetime.fromisoformat(str(facts["timestamp"])).astimezone(UTC),
        user_id=user_id if isinstance(user_id, int) else None,
        ip=str(facts.get("ip") or ""),
        method=method,
        path=address.partition("?")[0],
        code=int(str(facts["code"])),
        request_id=str(facts.get("request_id", "")),
    )
