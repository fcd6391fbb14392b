"""Child processes that end with us, even when we are killed."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

STOP_SECONDS = 15
PR_SET_PDEATHSIG = 1


def die_with_parent(by: signal.Signals) -> Callable[[], None] | None:
    """For `preexec_fn`: Linux tells the child when we die; elsewhere the next start cleans up."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, int(by))


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
