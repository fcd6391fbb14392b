"""Final sends while Redis answers, and while its process is stopped in the middle of its work."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import redis

from bench.driving import Person, people_of
from bench.plan import Page
from bench.rush import Wave, drive_wave
from bench.servers import Side

RATE, SECONDS, TURNS = 10, 2.5, 5


def send_without_redis(pages: Mapping[str, Page], side: Side) -> tuple[Wave, Wave]:
    """In turns, so that a noisy neighbour hits both.

    Of those who wait, the last: the rush begins with the first.
    """
    senders = iter(people_of(pages["rush-send"])[-int(2 * RATE * SECONDS * TURNS) :])
    usual, frozen = Wave(RATE), Wave(RATE)
    for _turn in range(TURNS):
        _send(usual, senders, side)
        with frozen_redis():
            _send(frozen, senders, side)
    return usual, frozen


def _send(wave: Wave, senders: Iterator[Person], side: Side) -> None:
    sent = drive_wave(side, senders, rate=RATE, seconds=SECONDS, expected=302)
    wave.load.answers += sent.load.answers
    wave.load.errors += sent.load.errors


@contextmanager
def frozen_redis() -> Iterator[None]:
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        pid = int(client.info("server")["process_id"])
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
