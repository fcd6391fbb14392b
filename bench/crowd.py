"""Forty judges save at the same moment, again and again: what each was told must be stored."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping

import psycopg2

from bench.driving import Load, Person, ask_anyway, people_of
from bench.plan import Page
from bench.rush import settle
from bench.servers import Side

PAUSE = 1.0
SAVED = 200


def save_together(pages: Mapping[str, Page], side: Side, *, rounds: int) -> tuple[Load, int, int]:
    """The waits; how many judges there were; how many of the last answers the database denies."""
    people = people_of(pages["crowd-save"])
    settle(side)
    load, told = asyncio.run(_save(people, side.port, rounds=rounds))
    return load, len(people), count_lost(told)


async def _save(people: list[Person], port: int, *, rounds: int) -> tuple[Load, dict[int, str]]:
    load, told = Load(), dict[int, str]()
    for number in range(rounds):
        begun = time.perf_counter()
        await asyncio.gather(*(_save_one(each, port, number, load, told) for each in people))
        load.seconds += time.perf_counter() - begun
        await asyncio.sleep(max(0.0, begun + PAUSE - time.perf_counter()))
    return load, told


async def _save_one(
    person: Person, port: int, number: int, load: Load, told: dict[int, str]
) -> None:
    comment = f"Catatan pada simpanan ke-{number}."
    person.form = {**(person.form or {}), "comment": comment}
    begun = time.perf_counter()
    status = await ask_anyway(person, port)
    load.answers.append(time.perf_counter() - begun)
    load.errors += status != SAVED
    if status == SAVED:
        told[sheet_in(person.client.path)] = comment


def sheet_in(path: str) -> int:
    """The number that stands in the address of a sheet."""
    return next(int(part) for part in path.split("/") if part.isdigit())


def count_lost(told: Mapping[int, str]) -> int:
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, comment FROM judging_assignment")
        stored = dict(cursor.fetchall())
    connection.close()
    return sum(stored.get(pk) != comment for pk, comment in told.items())
