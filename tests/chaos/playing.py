"""One run: faults fall while people work, all is mended and settles, the clock moves, and again."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

import psycopg2

from tests.chaos.cast import Scene
from tests.chaos.faults import DISK_FULL, FAULTS, MOODS, Hurt, NobodyThereError
from tests.chaos.ground import Ground, wait_for
from tests.chaos.ground import port_of as port_of_web
from tests.chaos.load import SENTENCES, Load
from tests.chaos.planned import planned_leads
from tests.chaos.schedule import Act, Step, in_words, show

DRAIN_SECONDS = 60
# Processes start anew in a few seconds, on a machine that others use in a minute.
RECOVERY_SECONDS = 180
# After a fault was mended: the next connection finds out.
GRACE = 5


@dataclass(frozen=True)
class Window:
    """While people may notice something, by the monotonic clock."""

    fault: str
    hurts: Hurt
    begun: float
    ended: float


@dataclass
class Run:
    ground: Ground
    scene: Scene
    seed: int
    begun: float = field(default_factory=time.monotonic)
    windows: list[Window] = field(default_factory=list)
    moves: list[timedelta] = field(default_factory=list)
    # In words: which of the moves happened while everybody was at work.
    live_moves: set[str] = field(default_factory=set)
    # Extra mails that the faults so far may have cost.
    copies: int = 0
    # How long it took each time until everything was out.
    drained: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.load = Load(self.scene, self.ground.doors, seed=self.seed)
        self.rng = Random(self.seed)


def play(run: Run, act: Act) -> None:
    strike_all(run, act.steps)
    settle(run)
    if act.jump is not None:
        jump(run, act.jump, is_down=act.is_down)


def strike_all(run: Run, steps: Iterable[Step]) -> None:
    begun = time.monotonic()
    events = sorted(
        [(step.at, 0, step) for step in steps]
        + [(step.at + step.lasts, 1, step) for step in steps],
        key=lambda event: event[:2],
    )
    struck = {}
    for at, is_mending, step in events:
        time.sleep(max(0.0, begun + at - time.monotonic()))
        fault = FAULTS[step.fault]
        if not is_mending:
            since = time.monotonic()
            say(run, f"{step.fault} ...")
            try:
                struck[step] = (since, fault.strike(run.ground, run.rng))
            except NobodyThereError:
                say(run, f"{step.fault}: nobody was there")
            continue
        if step not in struck:
            continue
        since, mend = struck[step]
        mend()
        say(run, f"{step.fault}: mended")
        run.copies += fault.copies
        run.windows.append(Window(step.fault, fault.hurts, since, time.monotonic() + GRACE))


def settle(run: Run) -> None:
    """Until all that was promised before is out and everybody was told what is due by now.

    Counted from the first sign of life of what was mended.
    """
    recovered = wait_for_life(run)
    begun, newest, open_mails, untold = time.monotonic(), None, 1, 1
    while (open_mails or untold) and time.monotonic() < begun + DRAIN_SECONDS:
        time.sleep(0.2)
        try:
            newest = newest or run.ground.ask("SELECT max(id) FROM accounts_message")[0][0]
            [(open_mails,)] = run.ground.ask(OPEN, newest)
            untold = len(planned(run) - told(run))
        except psycopg2.OperationalError:
            continue
    run.drained.append(time.monotonic() - begun)
    still = f", {open_mails} open, {untold} not told" if open_mails or untold else ""
    say(run, f"recovered in {recovered:.1f} s, settled in {run.drained[-1]:.1f} s{still}")


def wait_for_life(run: Run) -> float:
    """Until beat has ticked and a worker has answered once more."""
    begun, first = time.monotonic(), None
    while time.monotonic() < begun + RECOVERY_SECONDS:
        with suppress(psycopg2.OperationalError):
            now = run.ground.ask("SELECT at FROM accounts_heartbeat")
            if first is not None and now != first:
                break
            first = now if first is None else first
        time.sleep(0.2)
    return time.monotonic() - begun


OPEN = "SELECT count(*) FROM accounts_message WHERE id <= %s AND status IN ('queued', 'sending')"
TOLD = (
    "SELECT u.email, r.lead FROM competitions_reminder r"
    " JOIN accounts_user u ON u.id = r.recipient_id WHERE u.email = ANY(%s)"
)


def planned(run: Run) -> set[tuple[str, int]]:
    """Address and lead in minutes."""
    leads = [int(lead.total_seconds()) // 60 for lead in planned_leads(run.moves)]
    return {(email, lead) for email in run.scene.reminded for lead in leads}


def told(run: Run) -> set[tuple[str, int]]:
    return {(email, lead) for email, lead in run.ground.ask(TOLD, run.scene.reminded)}


def jump(run: Run, by: timedelta, *, is_down: bool) -> None:
    """Whoever holds a mail in that moment loses the lease."""
    say(run, f"clock {show(by)}" + " while worker and beat are down" * is_down)
    background = [*run.ground.workers, *run.ground.beats[:1]]
    for part in background if is_down else ():
        part.kill()
    run.ground.move(by)
    run.moves.append(by)
    if not is_down:
        run.live_moves.add(in_words(by))
    run.copies += len(background)
    if is_down:
        for part in background:
            part.start()
        run.ground.wait_for_workers()


def happened(run: Run) -> frozenset[str]:
    """A bad mood of the mail server that no mail met is no fault, nor a full disk without files."""
    struck = {window.fault for window in run.windows}
    spared = {name for name, mood in MOODS.items() if not run.ground.post.met[mood]}
    if not any(is_refused_for_space(run, window) for window in run.windows):
        spared.add(DISK_FULL)
    return frozenset(struck - spared | run.live_moves)


def is_refused_for_space(run: Run, window: Window) -> bool:
    return window.fault == DISK_FULL and any(
        entry.act == "upload" and entry.status in SENTENCES
        for entry in run.load.log
        if window.begun <= entry.answered and entry.sent <= window.ended
    )


def say(run: Run, sentence: str) -> None:
    seconds = time.monotonic() - run.begun
    print(f"chaos {seconds:6.1f} s | {sentence}", flush=True)


def heal(run: Run) -> None:
    for part in (*run.ground.webs, *run.ground.workers, *run.ground.beats[:1]):
        part.start()
    for web in run.ground.webs:
        wait_for(port_of_web(web))
