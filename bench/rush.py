"""The last hours: saves, reads and sends at a fixed rate, whatever the answers take."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, cycle, islice

import psycopg2

from bench.driving import Load, Person, ask_anyway, people_of
from bench.plan import Client, Page
from bench.servers import Side

SAVES, READS, SENDS = 7, 30, 30
READ = ("home", "proposal", "section")
# Beyond the promised rate: how many sends per second it takes until somebody waits a second.
STEPS = (35, 40, 45, 50, 60, 75, 90)
STEP_SECONDS = 5
BROKEN_MS = 1000
TRIES = 10


@dataclass
class Wave:
    """What happened at one rate; `cores` is the processor time per second, `web` the workers'."""

    rate: int
    load: Load = field(default_factory=Load)
    cores: float = 0.0
    web: float = 0.0
    # The addresses of those who got the answer they asked for.
    told: list[str] = field(default_factory=list)

    @property
    def is_broken(self) -> bool:
        return self.load.errors > 0 or self.load.quantile(0.99) > BROKEN_MS


@dataclass(frozen=True)
class Rush:
    writing: Wave
    sending: Wave
    seconds: float
    # The first rate that broke; none if none did. `held`: the highest before it.
    broken: Wave | None
    held: int = SENDS
    # Of whom was told that the receipt is there, and it is not.
    lost: int = 0


def rush(pages: Mapping[str, Page], side: Side, *, savers: Sequence[Person], seconds: int) -> Rush:
    readers = list(chain.from_iterable(people_of(pages[key]) for key in READ))
    senders = iter(people_of(pages["rush-send"]))
    crowd = mixed(savers, readers)
    writing = drive_wave(side, crowd, rate=SAVES + READS, seconds=seconds, expected=200)
    sending = drive_wave(side, senders, rate=SENDS, seconds=seconds, expected=302)
    waves = [sending]
    for rate in STEPS:
        if waves[-1].is_broken:
            break
        wave = drive_wave(side, senders, rate=rate, seconds=STEP_SECONDS, expected=302)
        waves.append(wave)
    told = chain.from_iterable(wave.told for wave in waves)
    return Rush(
        writing,
        sending,
        seconds,
        broken=next((wave for wave in waves if wave.is_broken), None),
        held=max((wave.rate for wave in waves if not wave.is_broken), default=0),
        lost=count_lost(list(told)),
    )


def count_lost(told: Sequence[str]) -> int:
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT proposal_id FROM proposals_submission")
        stored = {pk for (pk,) in cursor.fetchall()}
    connection.close()
    return sum(pk_in(path) not in stored for path in told)


def pk_in(path: str) -> int:
    """The proposal's number in /proposal/17/pengesahan/sahkan/."""
    return int(path.split("/")[2])


def mixed(savers: Sequence[Person], readers: Sequence[Person]) -> Iterator[Person]:
    """Seven who save among thirty who read, again and again."""
    saving, reading = cycle(savers), cycle(readers)
    while True:
        yield from islice(saving, SAVES)
        yield from islice(reading, READS)


def drive_wave(
    side: Side, people: Iterator[Person], *, rate: int, seconds: float, expected: int
) -> Wave:
    settle(side)
    wave, before, web = Wave(rate), side.cpu_seconds(), side.web_seconds()
    asyncio.run(_pace(wave, people, side.port, seconds, expected))
    wave.cores = (side.cpu_seconds() - before) / wave.load.seconds
    wave.web = (side.web_seconds() - web) / wave.load.seconds
    return wave


def settle(side: Side) -> None:
    """Until what an earlier wave has left in the queue is answered."""
    for _try in range(TRIES):
        if asyncio.run(ask_anyway(Person(Client("/")), side.port)):
            return


async def _pace(
    wave: Wave, people: Iterator[Person], port: int, seconds: float, expected: int
) -> None:
    begun = time.perf_counter()
    asked = []
    for number, person in enumerate(islice(people, int(wave.rate * seconds))):
        due = begun + number / wave.rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        asked.append(asyncio.create_task(_ask_once(wave, person, port, due, expected)))
    await asyncio.gather(*asked)
    wave.load.seconds += time.perf_counter() - begun


async def _ask_once(wave: Wave, person: Person, port: int, due: float, expected: int) -> None:
    """The wait begins when the person asks, not when the machine gets round to it."""
    status = await ask_anyway(person, port)
    wave.load.answers.append(time.perf_counter() - due)
    wave.load.errors += status != expected
    if status == expected:
        wave.told.append(person.client.path)
