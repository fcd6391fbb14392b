"""Connections that break in the middle, on raw sockets against a real server."""

from __future__ import annotations

import hashlib
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from kipp.lib.files import CHUNK
from proposals.models import Attachment, Upload
from tests import make
from tests.lib.samples import large_pdf
from tests.proposals.parts import TUS, Sending, encoded
from tests.proposals.scene import city_scene

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = large_pdf(megabytes=3)
BOUNDARY = "batas"
TOKEN = "t" * 32


class Wire:
    """An author's browser down to the bytes."""

    def __init__(self, server: LiveServer) -> None:
        self.address = urlsplit(server.url)
        scene = city_scene()
        make.slot(scene.track, "bukti", kind="pdf", max_mb=4, max_count=2)
        self.client = Client()
        self.client.force_login(scene.author)
        self.pk = scene.draft().pk

    def ask(self, method: str, path: str, body: bytes, *, share: float = 1.0, **head: Any) -> str:
        """The status line, or nothing; only this share of the body is sent before the end."""
        session = self.client.cookies[settings.SESSION_COOKIE_NAME].value
        lines = {
            "Host": self.address.netloc,
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Length": str(len(body)),
            "Connection": "close",
        } | {name.replace("_", "-"): value for name, value in head.items()}
        text = "\r\n".join(
            [f"{method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in lines.items()), "", ""]
        )
        with socket.create_connection((str(self.address.hostname), self.address.port or 0)) as line:
            line.settimeout(20)
            line.sendall(text.encode() + body[: int(share * len(body))])
            line.shutdown(socket.SHUT_WR)
            return line.recv(4096).decode(errors="replace").partition("\r\n")[0][9:12]

    def post_form(self, body: bytes, *, share: float = 1.0, **head: Any) -> str:
        path = reverse("proposals:attachment-upload", args=[self.pk, "bukti"])
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return self.ask("POST", path, body, share=share, **{"Content_Type": kind, **head})


@pytest.fixture
def wire(live_server: LiveServer) -> Wire:
    return Wire(live_server)


def form(content: bytes, *, name: str = "bukti.pdf", end: bytes = b"") -> bytes:
    """As a browser writes it; `end` replaces the closing boundary."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"',
        "\r\nContent-Type: application/pdf\r\n\r\n",
    ]
    body = "".join(parts).encode() + content
    body += f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="end"\r\n\r\n1'.encode()
    return body + (end or f"\r\n--{BOUNDARY}--\r\n".encode())


def test_whole_form_is_attached(wire: Wire) -> None:
    assert wire.post_form(form(CONTENT)) == "302"
    assert Attachment.objects.get().sha256 == hashlib.sha256(CONTENT).hexdigest()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_form_that_is_cut_off_stores_nothing(wire: Wire, share: float) -> None:
    assert wire.post_form(form(CONTENT), share=share) in {"400", "422"}
    assert Attachment.objects.count() == 0


def test_photo_that_would_pass_in_part_is_not_taken_for_the_whole(wire: Wire) -> None:
    """The file ends right where a smaller, valid file would: only what follows tells."""
    whole = form(CONTENT + b"\n%%EOF" + b"x" * 1000)
    cut = whole[: whole.index(b"\n%%EOF" + b"x" * 1000) + 6]

    assert wire.post_form(cut, Content_Length=str(len(whole))) == "422"
    assert wire.post_form(cut + f"\r\n--{BOUNDARY}--\r\n".encode()) == "422"
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize("end", [b"\r\n", f"\r\n--{BOUNDARY}".encode(), b"\r\n--anders--\r\n"])
def test_missing_closing_boundary_is_no_harm(wire: Wire, end: bytes) -> None:
    """What follows the file has arrived, so the file has; it is stored whole or not at all."""
    status = wire.post_form(form(CONTENT, end=end))

    stored = [attachment.sha256 for attachment in Attachment.objects.all()]
    assert (status, stored) in [
        ("302", [hashlib.sha256(CONTENT).hexdigest()]),
        ("422", []),
        ("400", []),
    ]


@pytest.mark.parametrize("length", ["10", "2000000", "-5", ""])
def test_wrong_content_length_stores_nothing(wire: Wire, length: str) -> None:
    status = wire.post_form(form(CONTENT), Content_Length=length)

    assert status in {"400", "403", "411", "422", ""}
    assert Attachment.objects.count() == 0


def test_length_beyond_what_came_stores_the_whole_file_or_nothing(wire: Wire) -> None:
    assert wire.post_form(form(CONTENT), Content_Length=str(len(CONTENT) * 2)) == "302"
    assert Attachment.objects.get().sha256 == hashlib.sha256(CONTENT).hexdigest()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_part_that_is_cut_off_is_sent_again_and_the_file_is_whole(wire: Wire, share: float) -> None:
    way = Sending(wire.client, wire.pk, "bukti", CONTENT, "bukti.pdf")
    way.begin()
    way.put(0, CHUNK)
    part = CONTENT[CHUNK : 2 * CHUNK]
    head: dict[str, Any] = {
        **{name.replace("-", "_"): value for name, value in TUS.items()},
        "Upload_Offset": str(CHUNK),
        "Upload_Checksum": f"sha256 {encoded(hashlib.sha256(part).digest())}",
        "Content_Type": "application/offset+octet-stream",
    }

    assert wire.ask("PATCH", way.url, part, share=share, **head) == "460"
    assert way.offset() == CHUNK
    assert wire.ask("PATCH", way.url, part, **head) == "204"
    assert wire.ask("PATCH", way.url, part, **head) == "409"  # its answer was lost: told again

    way.put(2 * CHUNK, None)
    assert way.finish().status_code == 200
    assert Attachment.objects.get().sha256 == way.sha256


def test_part_without_a_length_adds_nothing(wire: Wire) -> None:
    way = Sending(wire.client, wire.pk, "bukti", CONTENT, "bukti.pdf")
    way.begin()
    head: dict[str, Any] = {"Tus_Resumable": "1.0.0", "Upload_Offset": "0", "Content_Length": ""}
    head["Content_Type"] = "application/offset+octet-stream"

    assert wire.ask("PATCH", way.url, b"x" * 100, **head)[:1] == "4"
    assert Upload.objects.get().received == 0
