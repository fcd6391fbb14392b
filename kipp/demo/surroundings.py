"""The variables that `make demo` sets, kept so that other commands reach the running demo."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = ROOT / "var"
STATE = VAR / "demo"
RECORD = STATE / "year.json"
RUNNING = STATE / "environment.json"


def portal_variables(port: int) -> dict[str, str]:
    return {
        "DEMO": "on",
        "DJANGO_SETTINGS_MODULE": "kipp.settings",
        "SECRET_KEY": _kept("secret_key", make=lambda: secrets.token_urlsafe(50)),
        "SIGNING_KEY": _kept("signing_key", make=_signing_key),
        "SITE_URL": f"http://localhost:{port}",
        "FREE_SPACE_FLOOR_PERCENT": "0",  # a laptop's disk is often nearly full
        "SITE_OWNER": os.environ.get("SITE_OWNER", "Pemerintah Kota Malang"),
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
        "PYTHONUNBUFFERED": "1",
    }


def keep_variables(variables: Mapping[str, str]) -> None:
    RUNNING.touch(mode=0o600)
    RUNNING.write_text(json.dumps(dict(variables)))


def take_lock() -> IO[str] | None:
    """One demo per checkout; the lock goes with the process, however that ends."""
    lock = (STATE / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def is_running() -> bool:
    lock = take_lock()
    if lock:
        lock.close()
    return lock is None


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _kept(name: str, *, make: Callable[[], str]) -> str:
    """Stays the same, so that a restart logs nobody out and receipts stay valid."""
    path = STATE / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(make())
    return path.read_text()


def _signing_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def main(arguments: list[str]) -> None:
    """`python -m kipp.demo.surroundings COMMAND`: a manage.py command on the running demo."""
    if not (RUNNING.exists() and is_running()):
        sys.exit("The demo is not running: start it with `make demo` in another terminal.")
    os.environ.update(json.loads(RUNNING.read_text()))
    os.execv(sys.executable, [sys.executable, str(ROOT / "manage.py"), *arguments])  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
