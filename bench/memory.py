"""What a worker of the portal weighs after many requests of all kinds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, cycle, islice, zip_longest

from bench.driving import Person, ask_anyway, people_of
from bench.plan import CLIENTS, Page
from bench.rush import settle
from bench.servers import Side

MIX = (
    "home",
    "home-kept",
    "competition",
    "results",
    "results-kept",
    "board",
    "screening",
    "queue",
    "scorecard",
    "proposal",
    "section",
)
# A slow machine measures fewer requests and says so.
MOST_SECONDS = 240


def weigh(
    pages: Mapping[str, Page], side: Side, *, savers: Sequence[Person], requests: int
) -> tuple[int, float]:
    """The requests made, and the megabytes of the heaviest worker after them."""
    crowds = [savers, *(people_of(pages[key]) for key in MIX)]
    turns = zip_longest(*(islice(cycle(crowd), CLIENTS) for crowd in crowds))
    everybody = cycle(list(chain.from_iterable(turns)))
    settle(side)
    made = asyncio.run(_ask_all(islice(everybody, requests), side.port))
    return made, side.heaviest_worker_megabytes()


async def _ask_all(people: Iterator[Person], port: int) -> int:
    until = time.perf_counter() + MOST_SECONDS
    return sum(await asyncio.gather(*(_lane(people, port, until) for _lane_no in range(CLIENTS))))


async def _lane(people: Iterator[Person], port: int, until: float) -> int:
    made = 0
    for person in people:
        made += await ask_anyway(person, port) > 0
        if time.perf_counter() > until:
            break
    return made
