"""What an archive holds, with the hash of each part; the last thing that is written into it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from kipp.backup import BackupError

FORMAT = 1
DATABASE = "database.dump"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`lost` are files that a row names and the storage did not have, or not unharmed."""

    taken_at: datetime
    migrations: tuple[str, ...]
    tables: dict[str, int]
    database_sha256: str
    files: tuple[str, ...]
    lost: tuple[str, ...]

    def as_bytes(self) -> bytes:
        content = asdict(self) | {"format": FORMAT, "taken_at": self.taken_at.isoformat()}
        return json.dumps(content, indent=1).encode()


def read_manifest(content: bytes) -> Manifest:
    try:
        facts = json.loads(content)
        if facts["format"] != FORMAT:
            raise BackupError(f"This archive has format {facts['format']}, not {FORMAT}.")
        return Manifest(
            taken_at=datetime.fromisoformat(facts["taken_at"]),
            migrations=tuple(facts["migrations"]),
            tables=dict(facts["tables"]),
            database_sha256=str(facts["database_sha256"]),
            files=tuple(facts["files"]),
            lost=tuple(facts["lost"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError("The manifest of this archive is damaged: take another one.") from error
