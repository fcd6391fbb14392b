"""PostgreSQL refuses to run as root: then it runs as nobody, from where nobody may read."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SHARED = Path("/var/tmp")  # noqa: S108 - outlives a reboot; the folder in it is checked below


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int


def serving_account() -> Account | None:
    """Whom the servers run as; None means as ourselves."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def private_home(folder: Path) -> Path:
    """A folder for server data that the serving account owns and can enter.

    Where nobody cannot enter the checkout, `folder` becomes a link to a place where it can.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    account = serving_account()
    if account and not _enters(folder.parent, account=account):
        folder = _elsewhere(folder)
    folder.mkdir(exist_ok=True)
    if account:
        if folder.stat().st_uid not in {0, account.uid}:
            raise PermissionError(f"{folder} belongs to somebody else")
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)
    return folder


def _elsewhere(folder: Path) -> Path:
    target = SHARED / f"kipp-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    if target.is_symlink():
        raise PermissionError(f"{target} belongs to somebody else")
    if not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)
        folder.symlink_to(target)
    return target


def runnable(folder: Path, *, program: str, home: Path, account: Account | None) -> Path:
    """The folder, or a copy of its wheel that the account may run.

    The wheel finds its libraries beside its package, so both are copied.
    """
    if account is None or _runs(folder / program, account=account):
        return folder
    packages = next(
        (parent for parent in folder.parents if parent.name == "site-packages"), folder.parent
    )
    relative = folder.relative_to(packages)
    wheel = relative.parts[0]
    for part in packages.glob(f"{wheel}*"):
        copy = home / "programs" / part.name
        if part.is_dir() and not copy.exists():
            shutil.copytree(part, copy, symlinks=True)
    _open_to_all(home / "programs")
    return home / "programs" / relative


def _open_to_all(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))


def _runs(program: Path, *, account: Account) -> bool:
    return _succeeds([str(program), "--version"], account=account)


def _enters(folder: Path, *, account: Account) -> bool:
    return _succeeds(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], account=account)


def _succeeds(command: list[str], *, account: Account) -> bool:
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            cwd="/",
            user=account.uid,
            group=account.gid,
            extra_groups=[],
        )
    except OSError:
        return False
    return done.returncode == 0
