"""A disk that runs full, for real: a tmpfs where the tests may mount one, else a limit on the size
of any file of this process, which is met at the same calls.
"""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

MEGABYTE = 1024 * 1024
SIZE = 16 * MEGABYTE
INODES = 64


@dataclass
class Disk:
    folder: Path
    is_mounted: bool
    fillers: list[Path] = field(default_factory=list)

    def fill(self, *, free: int) -> None:
        """Leave this many bytes; whoever writes meanwhile has less."""
        if not self.is_mounted:
            _limit_files(free)
            return
        filler = self.folder / "filler"
        space = os.statvfs(self.folder)
        self.fillers.append(filler)
        with filler.open("wb", buffering=0) as target:
            target.write(bytes(space.f_bavail * space.f_frsize - free))

    def use_up_names(self) -> None:
        """Room for bytes, but for no new file."""
        if not self.is_mounted:
            _limit_files(0)
            return
        for number in range(os.statvfs(self.folder).f_favail):
            name = self.folder / f"name{number}"
            name.touch()
            self.fillers.append(name)

    def free(self) -> None:
        if not self.is_mounted:
            _limit_files(resource.RLIM_INFINITY)
        for filler in self.fillers:
            filler.unlink()
        self.fillers.clear()


@contextmanager
def small_disk(folder: Path, *, inodes: int = INODES) -> Iterator[Disk]:
    folder.mkdir(parents=True)
    options = f"size={SIZE},nr_inodes={inodes},mode=0700,uid={os.getuid()}"
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    is_root = os.geteuid() == 0
    is_mounted = (
        is_root and not subprocess.run(command, check=False, capture_output=True).returncode
    )
    disk = Disk(folder, is_mounted)
    try:
        yield disk
    finally:
        disk.free()
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _limit_files(size: int) -> None:
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
