"""Final sends while Redis answers, and while its process is stopped in the middle of its work."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import redis

from bench.driving import people_of
from bench.plan import Page
from bench.rush import Wave, drive_wave
from bench.servers import Side

RATE, SECONDS = 10, 10


def send_without_redis(pages: Mapping[str, Page], side: Side) -> tuple[Wave, Wave]:
    """Of those who wait, the last: the rush begins with the first."""
    senders = people_of(pages["rush-send"])[-2 * RATE * SECONDS :]
    first, second = senders[: RATE * SECONDS], senders[RATE * SECONDS :]
    usual = drive_wave(side, iter(first), rate=RATE, seconds=SECONDS, expected=302)
    with frozen_redis():
        frozen = drive_wave(side, iter(second), rate=RATE, seconds=SECONDS, expected=302)
    return usual, frozen


@contextmanager
def frozen_redis() -> Iterator[None]:
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        pid = int(client.info("server")["process_id"])
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
