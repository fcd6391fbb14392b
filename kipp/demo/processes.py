"""Child processes that end with us, even when we are killed."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

STOP_SECONDS = 15
PR_SET_PDEATHSIG = 1


def die_with_parent(by: signal.Signals) -> Callable[[], None] | None:
    """For `preexec_fn`: Linux tells the child when we die; elsewhere the next start cleans up."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, int(by))


@contextmanager
def second_process() -> Iterator[Executor]:
    """For work beside our own. What is not begun when we end, also suddenly, is not done."""
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_serve_parent)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _serve_parent() -> None:
    """Ctrl-C in the terminal is for the parent to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if follow_parent := die_with_parent(signal.SIGKILL):
        follow_parent()


def stop_process(process: subprocess.Popen[bytes], *, by: signal.Signals) -> None:
    if process.poll() is not None:
        return
    process.send_signal(by)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def command_of(pid: int) -> str:
    """The command line of a running process, or nothing."""
    proc = Path("/proc")
    if (proc / "self").exists():
        try:
            return (proc / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            return ""
    listed = subprocess.run(
        ["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False
    )
    return listed.stdout


@dataclass(frozen=True)
class Child:
    name: str
    process: subprocess.Popen[bytes]
    reader: threading.Thread


def start_child(name: str, command: Sequence[str], *, cwd: Path) -> Child:
    """A process of the demo whose lines appear here behind its name."""
    process = subprocess.Popen(
        command,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        process_group=0,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one call into libc
    )
    reader = threading.Thread(target=_copy_lines, args=(name, process), daemon=True)
    reader.start()
    return Child(name, process, reader)


def stop_children(children: Iterable[Child]) -> None:
    """Tell all at once, then wait for each, so that one slow stop does not delay the others."""
    children = list(children)
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    for child in children:
        stop_process(child.process, by=signal.SIGTERM)
        child.reader.join(1)


def first_dead(children: Iterable[Child]) -> Child | None:
    return next((child for child in children if child.process.poll() is not None), None)


def _copy_lines(name: str, process: subprocess.Popen[bytes]) -> None:
    for line in process.stdout or ():
        print(f"{name:<6} | {line.decode(errors='replace').rstrip()}", flush=True)
