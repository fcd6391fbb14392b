"""Make .venv and install one hashed lock: with uv from pip in seconds, else with pip alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / ".tools" / "uv" / "bin" / "uv"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def main(group: str) -> None:
    if not (3, 11) <= sys.version_info[:2] < (3, 14):
        sys.exit(
            f"Python 3.11, 3.12 or 3.13 is needed, this is {sys.version.split()[0]}:"
            " name one with PYTHON=python3.11"
        )
    lock = ROOT / "requirements" / f"{group}.txt"
    install = install_with_uv if UV.exists() or fetch_uv() else install_with_pip
    print(f"Installing requirements/{group}.txt ...", flush=True)
    if not install(lock):
        sys.exit("The packages could not be installed; the reason stands above.")


def fetch_uv() -> bool:
    lock = ROOT / "requirements" / "uv.txt"
    target = ["--target", str(UV.parent.parent), "--upgrade"]
    quiet = ["--quiet", "--disable-pip-version-check", "--root-user-action=ignore"]
    return succeeds(
        [sys.executable, "-m", "pip", "install", *quiet, *target, "--require-hashes", "-r", lock]
    )


def install_with_uv(lock: Path) -> bool:
    if not works(PYTHON):
        shutil.rmtree(VENV, ignore_errors=True)
        if not succeeds([UV, "venv", "--quiet", "--python", sys.executable, VENV]):
            return False
    return succeeds(
        [UV, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", lock]
    )


def install_with_pip(lock: Path) -> bool:
    print("uv could not be had; pip does the same in some minutes.", flush=True)
    if not works(PYTHON, "-m", "pip"):
        shutil.rmtree(VENV, ignore_errors=True)
        if not succeeds([sys.executable, "-m", "venv", VENV]):
            return False
    quiet = ["--quiet", "--disable-pip-version-check", "--root-user-action=ignore"]
    return succeeds([PYTHON, "-m", "pip", "install", *quiet, "--require-hashes", "-r", lock])


def works(*command: object) -> bool:
    try:
        return succeeds([*command, "--version"], stdout=subprocess.DEVNULL)
    except OSError:
        return False


def succeeds(command: list[object], *, stdout: int | None = None) -> bool:
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=ROOT, check=False, stdout=stdout).returncode == 0


if __name__ == "__main__":
    main(sys.argv[1])
