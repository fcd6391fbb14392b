"""A real mail server for the demo: it keeps each mail as a file instead of delivering it."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

MAX_BYTES = 20_000_000


class Mailbox:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls this name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        keep_mail(self.folder, content=envelope.original_content or b"", at=datetime.now(UTC))
        return "250 Kept"


def keep_mail(folder: Path, *, content: bytes, at: datetime) -> Path:
    """Files sort by arrival; a reader never sees half a mail."""
    kept = folder / f"{at:%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}.eml"
    making = kept.with_suffix(".making")
    making.write_bytes(content)
    return making.rename(kept)


def start_mailbox(folder: Path, *, port: int) -> Controller:
    folder.mkdir(parents=True, exist_ok=True)
    controller = Controller(
        Mailbox(folder), hostname="127.0.0.1", port=port, data_size_limit=MAX_BYTES
    )
    controller.start()
    return controller
