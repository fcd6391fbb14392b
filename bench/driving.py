"""A small HTTP client: several people at once, each asking again as soon as the answer is there."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import urlencode

from bench.plan import CLIENTS, CSRF_TOKEN, Client, Page, go_on

ANSWER_SECONDS = 30
JSON = json.JSONDecoder()


@dataclass
class Person:
    """A client with what the last answer told it."""

    client: Client
    form: dict[str, str] | None = None

    def __post_init__(self) -> None:
        if self.client.form is not None:
            self.form = dict(self.client.form)

    def request(self) -> bytes:
        cookie = f"csrftoken={CSRF_TOKEN}"
        if self.client.session:
            cookie += f"; sessionid={self.client.session}"
        head = ["Host: localhost", f"Cookie: {cookie}", "Connection: close"]
        if self.form is None:
            return "\r\n".join([f"GET {self.client.path} HTTP/1.1", *head, "", ""]).encode()
        body = urlencode(self.form).encode()
        head += [f"X-CSRFToken: {CSRF_TOKEN}", f"Content-Length: {len(body)}"]
        head += ["Content-Type: application/x-www-form-urlencoded"]
        return "\r\n".join([f"POST {self.client.path} HTTP/1.1", *head, "", ""]).encode() + body

    def learn(self, answer: bytes) -> None:
        """Saves carry the version on, as the page's script does."""
        head, _blank, body = answer.partition(b"\r\n\r\n")
        if self.form and "version" in self.form and b"application/json" in head:
            # A body that comes in chunks, as the floor's do, begins with the length of the first.
            told, _end = JSON.raw_decode(body.decode(), body.index(b"{"))
            self.form = go_on(self.client, version=str(told.get("version", self.form["version"])))


@dataclass
class Load:
    """What was seen: seconds per answer, in the order in which they came."""

    seconds: float = 0.0
    answers: list[float] = field(default_factory=list)
    errors: int = 0

    @property
    def rate(self) -> float:
        return len(self.answers) / self.seconds

    def quantile(self, share: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.answers)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def people_of(page: Page) -> list[Person]:
    return [Person(client) for client in page.clients[:-1]]


def look(person: Person, *, port: int) -> int:
    """The status of a single answer."""
    return asyncio.run(ask(person, port))


def drive(people: list[Person], *, expected: int, port: int, seconds: float, load: Load) -> None:
    """Add `seconds` of these people, at most `CLIENTS` at once, to the load."""
    asyncio.run(_drive(people, expected, port, seconds, load))


async def _drive(
    people: list[Person], expected: int, port: int, seconds: float, load: Load
) -> None:
    begun = time.perf_counter()
    until = begun + seconds
    lanes = [people[start::CLIENTS] for start in range(min(CLIENTS, len(people)))]
    await asyncio.gather(*(_keep_asking(lane, expected, port, until, load) for lane in lanes))
    load.seconds += time.perf_counter() - begun


async def _keep_asking(
    lane: list[Person], expected: int, port: int, until: float, load: Load
) -> None:
    """The people of a lane take turns."""
    turns = cycle(lane)
    while (begun := time.perf_counter()) < until:
        status = await ask(next(turns), port)
        load.answers.append(time.perf_counter() - begun)
        load.errors += status != expected


async def ask_anyway(person: Person, port: int) -> int:
    """0 for an answer that did not come."""
    try:
        return await ask(person, port)
    except (OSError, TimeoutError):
        return 0


async def ask(person: Person, port: int) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(person.request())
        answer = await asyncio.wait_for(reader.read(-1), ANSWER_SECONDS)
    finally:
        writer.close()
    person.learn(answer)
    return int(answer[9:12] or 0)
