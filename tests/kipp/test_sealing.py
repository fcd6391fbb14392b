from __future__ import annotations

from pathlib import Path

import pytest
from pyrage.x25519 import Identity

from kipp.backup import BackupError
from kipp.backup.sealing import sealed, unsealed

# What age seals in one piece; its mark and the key's own part stand before the first.
PIECE = 65_536


@pytest.mark.parametrize("lost", [66, 100, PIECE])
def test_archive_that_lost_its_end_is_damaged_though_all_before_it_opens(
    tmp_path: Path, lost: int
) -> None:
    """The last piece here is 50 bytes and its seal of 16."""
    key = Identity.generate()
    path = tmp_path / "short.age"
    with path.open("wb") as target, sealed(target, [key.to_public()]) as stream:
        stream.write(b"x" * (2 * PIECE + 50))
    path.write_bytes(path.read_bytes()[:-lost])

    with pytest.raises(BackupError, match="damaged"), unsealed(path, [key]) as stream:
        stream.read()


def test_reader_may_stop_early(tmp_path: Path) -> None:
    key = Identity.generate()
    path = tmp_path / "whole.age"
    with path.open("wb") as target, sealed(target, [key.to_public()]) as stream:
        stream.write(b"x" * 9 * PIECE)

    with unsealed(path, [key]) as stream:
        assert stream.read(2) == b"xx"
