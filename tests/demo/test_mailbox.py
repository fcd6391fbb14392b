from __future__ import annotations

import smtplib
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from kipp.demo.mailbox import start_mailbox
from kipp.demo.servers import free_port


def test_mailbox_keeps_each_mail_as_a_file(tmp_path: Path) -> None:
    port = free_port()
    mailbox = start_mailbox(tmp_path / "mail", port=port)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "kipp@demo.example", "a@demo.example", "Pengesahan"
    mail.set_content("Proposal menunggu pengesahan Anda.\n")

    with smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(mail)
        client.send_message(mail)
    mailbox.stop()

    kept = sorted((tmp_path / "mail").iterdir())
    parser = BytesParser(policy=policy.default)
    subjects = [parser.parsebytes(path.read_bytes())["Subject"] for path in kept]
    assert subjects == ["Pengesahan", "Pengesahan"]
    assert {path.suffix for path in kept} == {".eml"}
