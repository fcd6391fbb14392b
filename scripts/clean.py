"""Remove what `make` made: the demo's data, caches and installed packages; never your changes."""

from __future__ import annotations

import fcntl
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
MADE = (
    ".venv", ".tools", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis",
    ".import_linter_cache", ".coverage", "var",
)  # fmt: skip


def main() -> int:
    if demo_is_running():
        print("The demo is running: stop it first.", file=sys.stderr)
        return 1
    servers = VAR / "servers"
    if servers.is_symlink():  # data of a demo that root started where nobody cannot enter
        shutil.rmtree(servers.resolve(), ignore_errors=True)
    for path in [ROOT / name for name in MADE]:
        if path.is_symlink() or path.is_file():
            path.unlink()
        else:
            shutil.rmtree(path, ignore_errors=True)
    return 0


def demo_is_running() -> bool:
    lock = VAR / "demo" / "lock"
    if not lock.exists():
        return False
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
