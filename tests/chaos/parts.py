"""One process of the portal: started, killed, frozen and started again under the same name."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from kipp.demo.processes import die_with_parent, stop_process

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Part:
    name: str
    command: Sequence[str]
    variables: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    # Everything it ever started: what a test leaves behind is killed in the end.
    groups: list[int] = field(default_factory=list)

    def start(self) -> None:
        if self.is_running():
            return
        with self.log.open("ab") as lines:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env={**os.environ, **self.variables},
                stdin=subprocess.DEVNULL,
                stdout=lines,
                stderr=subprocess.STDOUT,
                process_group=0,
                preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one call into libc
            )
        self.groups.append(self.process.pid)

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def kill(self) -> None:
        """With all its children, as when the machine's memory is full."""
        self.signal(signal.SIGKILL)
        if self.process:
            self.process.wait()

    def kill_child(self, rng: Random) -> None:
        """One of those who do the work."""
        send_signal(rng.choice(children_of(self.pid)), signal.SIGKILL)

    def freeze(self) -> None:
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.signal(signal.SIGCONT)

    def stop(self) -> None:
        """As an operator does: what is under way is finished."""
        if self.process:
            stop_process(self.process, by=signal.SIGTERM)

    def end(self) -> None:
        for group in self.groups:
            signal_group(group, signal.SIGKILL)
        if self.process:
            self.process.wait()

    def signal(self, by: signal.Signals) -> None:
        signal_group(self.pid, by)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


def signal_group(group: int, by: signal.Signals) -> None:
    try:
        os.killpg(group, by)
    except ProcessLookupError:
        return


def send_signal(pid: int, by: signal.Signals) -> None:
    try:
        os.kill(pid, by)
    except ProcessLookupError:
        return


def children_of(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
