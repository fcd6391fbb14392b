"""What may go wrong, as a table: how it is done and what it may cost."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from random import Random
from types import MappingProxyType

import redis

from tests.chaos.ground import Ground, port_of, wait_for
from tests.chaos.parts import Part, children_of, send_signal
from tests.chaos.post import Mood

# A balancer takes a node out and waits for what is under way before the node is stopped.
DRAIN_SECONDS = 30
Mend = Callable[[], object]


class Hurt(StrEnum):
    """What the clients may notice of it."""

    NOTHING = "nothing"
    WEB = "no answer"
    DATABASE = "503"


@dataclass(frozen=True)
class Fault:
    """`strike` does it to a part and returns what mends it.

    `copies`: the extra mails that it may cost.
    """

    part: str
    strike: Callable[[Ground, Random], Mend]
    copies: int = 0
    hurts: Hurt = Hurt.NOTHING


class NobodyThereError(Exception):
    """What should be hit is just being started."""


def nothing() -> None:
    return


def kill_sender(ground: Ground, rng: Random) -> Mend:
    """The process inside a worker that speaks to the mail server; the worker starts another."""
    at_work = [worker for worker in ground.workers if children_of(worker.pid)]
    if not at_work:
        raise NobodyThereError
    rng.choice(at_work).kill_child(rng)
    return nothing


def kill_worker(ground: Ground, rng: Random) -> Mend:
    return _kill(rng.choice(ground.workers))


def freeze_worker(ground: Ground, rng: Random) -> Mend:
    worker = rng.choice(ground.workers)
    worker.freeze()
    return worker.thaw


def kill_beat(ground: Ground, _rng: Random) -> Mend:
    return _kill(ground.beats[0])


def forget_schedule(ground: Ground, _rng: Random) -> Mend:
    beat = ground.beats[0]
    beat.kill()
    ground.forget_schedule(beat)
    return beat.start


def second_beat(ground: Ground, _rng: Random) -> Mend:
    beat = ground.add_beat()
    beat.start()
    return beat.kill


def kill_web_worker(ground: Ground, rng: Random) -> Mend:
    rng.choice(ground.webs).kill_child(rng)
    return nothing


def freeze_web_worker(ground: Ground, rng: Random) -> Mend:
    pid = rng.choice(children_of(rng.choice(ground.webs).pid))
    send_signal(pid, signal.SIGSTOP)
    return partial(send_signal, pid, signal.SIGCONT)


def kill_web(ground: Ground, rng: Random) -> Mend:
    web = rng.choice(ground.webs)
    web.kill()
    return partial(_start_web, web)


def change_colours(ground: Ground, _rng: Random) -> Mend:
    """A new release beside the old one: both answer for a while, then the old one is stopped."""
    blue, green = ground.webs[0], ground.add_web()
    _start_web(green)
    ground.doors.ports = [port_of(web) for web in ground.webs]
    return partial(_retire, ground, blue)


def kill_redis(ground: Ground, _rng: Random) -> Mend:
    ground.kill_valkey()
    return ground.start_valkey


def freeze_redis(ground: Ground, _rng: Random) -> Mend:
    ground.signal_valkey(signal.SIGSTOP)
    return partial(ground.signal_valkey, signal.SIGCONT)


def flush_redis(ground: Ground, _rng: Random) -> Mend:
    assert ground.valkey is not None
    with redis.Redis.from_url(ground.valkey.url, socket_timeout=2) as client:
        client.flushall()
    return nothing


def kill_postgres(ground: Ground, _rng: Random) -> Mend:
    ground.kill_postgres()
    return ground.start_postgres


def kill_backend(ground: Ground, rng: Random) -> Mend:
    """The server then ends all others and recovers by itself."""
    assert ground.postgres is not None
    children = children_of(ground.postgres.process.pid)
    send_signal(rng.choice(children), signal.SIGKILL)
    return nothing


def freeze_postgres(ground: Ground, _rng: Random) -> Mend:
    ground.signal_postgres(signal.SIGSTOP)
    return partial(ground.signal_postgres, signal.SIGCONT)


def spoil_mail(mood: Mood, ground: Ground, _rng: Random) -> Mend:
    ground.post.mood = mood
    return partial(_cheer_up, ground)


def fill_disk(ground: Ground, _rng: Random) -> Mend:
    """Where uploads lie."""
    assert ground.disk is not None
    ground.disk.fill(free=0)
    return ground.disk.free


def _kill(part: Part) -> Mend:
    part.kill()
    return part.start


def _start_web(web: Part) -> None:
    web.start()
    wait_for(port_of(web))


def _retire(ground: Ground, web: Part) -> None:
    ground.webs.remove(web)
    ground.doors.ports = [port_of(each) for each in ground.webs]
    time.sleep(0.5)  # whoever chose this door before goes in
    until = time.monotonic() + DRAIN_SECONDS
    while ground.doors.inside[port_of(web)] and time.monotonic() < until:
        time.sleep(0.1)
    web.stop()


def _cheer_up(ground: Ground) -> None:
    ground.post.mood = Mood.WELL


# A fault of the database may cut off every sender between the mail server's answer and its mark;
# while Redis is away beat is one as well.
SENDERS = 3
DISK_FULL = "disk full"
MOODS = {
    "mail server hangs": Mood.HANGING,
    "mail server hangs up after DATA": Mood.RESETTING,
    "mail server says 4xx": Mood.BUSY,
    "mail server says 5xx": Mood.REFUSING,
}
FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        "kill a sender": Fault("worker", kill_sender, copies=1),
        "kill a worker": Fault("worker", kill_worker, copies=1),
        "freeze a worker": Fault("worker", freeze_worker, copies=1),
        "kill beat": Fault("beat", kill_beat, copies=1),
        "beat without its schedule file": Fault("beat", forget_schedule, copies=1),
        "two beats": Fault("beat", second_beat, copies=1),
        "kill a web worker": Fault("web", kill_web_worker, hurts=Hurt.WEB),
        "freeze a web worker": Fault("web", freeze_web_worker),
        "kill a web server": Fault("web", kill_web, hurts=Hurt.WEB),
        "blue and green": Fault("web", change_colours),
        "kill Redis": Fault("redis", kill_redis),
        "freeze Redis": Fault("redis", freeze_redis),
        "FLUSHALL": Fault("redis", flush_redis),
        "kill PostgreSQL": Fault("database", kill_postgres, copies=SENDERS, hurts=Hurt.DATABASE),
        "kill a backend": Fault("database", kill_backend, copies=SENDERS, hurts=Hurt.DATABASE),
        "freeze PostgreSQL": Fault(
            "database", freeze_postgres, copies=SENDERS, hurts=Hurt.DATABASE
        ),
        **{name: Fault("mail", partial(spoil_mail, mood)) for name, mood in MOODS.items()},
        DISK_FULL: Fault("disk", fill_disk),
    }
)
# Whole machines, and what happens on them, where there are two of each.
NODES_LIST = (
    "kill a web server",
    "kill a web worker",
    "freeze a web worker",
    "kill a worker",
    "kill a sender",
    "freeze a worker",
)
