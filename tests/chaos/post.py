"""A mail server that keeps what it accepts and misbehaves as it is told."""

from __future__ import annotations

import asyncio
import email
from collections import Counter
from enum import Enum, auto

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from kipp.demo.servers import free_port

# Nobody lives here: refused for good.
NOBODY = "tidak-ada@demo.example"
HANG_SECONDS = 20


class Mood(Enum):
    WELL = auto()
    HANGING = auto()
    RESETTING = auto()
    BUSY = auto()
    REFUSING = auto()


class Post:
    """`taken` counts the copies of each Message-ID; `cut` how often we took a mail and hung up;
    `met` how many mails came in which mood.
    """

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.cut = 0
        self.met: Counter[Mood] = Counter()
        self.mood = Mood.WELL
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls these names
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address == NOBODY:
            return "550 No such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.met[self.mood] += 1
        if self.mood is Mood.HANGING:
            await asyncio.sleep(HANG_SECONDS)
        if self.mood in ANSWERS:
            return ANSWERS[self.mood]
        assert isinstance(envelope.content, bytes)
        self.taken[str(email.message_from_bytes(envelope.content)["Message-ID"])] += 1
        if self.mood is Mood.RESETTING:
            self.cut += 1
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 OK"


ANSWERS = {
    Mood.HANGING: "451 Too slow",
    Mood.BUSY: "451 Try later",
    Mood.REFUSING: "554 Not from you",
}
