"""Fifty people send a file of 5 MB at the same moment: what a worker needs at its peak."""

from __future__ import annotations

import asyncio
import io
import random
from collections.abc import Mapping

import pikepdf

from bench.plan import CSRF_TOKEN, Client, Page
from bench.rush import settle
from bench.servers import Side

MEGABYTES = 5
BOUNDARY = "batas"
ANSWER_SECONDS = 300


def send_files(pages: Mapping[str, Page], side: Side) -> tuple[int, int, float]:
    """How many were sent and how many accepted, and the megabytes of the heaviest worker."""
    page = pages["upload"]
    settle(side)
    side.forget_peaks()
    body = form_of(heavy_pdf())
    statuses = asyncio.run(_send_all(page.clients, body, side.port))
    return len(statuses), statuses.count(page.expected), side.highest_worker_megabytes()


def heavy_pdf() -> bytes:
    """Noise, which nothing makes smaller."""
    target = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        noise = random.Random(5).randbytes(MEGABYTES * 1024 * 1024 - 10_000)  # noqa: S311 - no secret
        pdf.Root.Noise = pdf.make_stream(noise)
        pdf.save(target, compress_streams=False)
    return target.getvalue()


def form_of(content: bytes) -> bytes:
    """As a browser writes it: the file, then the button."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="berat.pdf"'
    kind = "\r\nContent-Type: application/pdf\r\n\r\n"
    button = f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="end"\r\n\r\n1'
    return b"".join(
        [head.encode(), kind.encode(), content, f"{button}\r\n--{BOUNDARY}--\r\n".encode()]
    )


async def _send_all(clients: tuple[Client, ...], body: bytes, port: int) -> list[int]:
    return list(await asyncio.gather(*(_send(client, body, port) for client in clients)))


async def _send(client: Client, body: bytes, port: int) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [
        f"POST {client.path} HTTP/1.1",
        "Host: localhost",
        f"Cookie: csrftoken={CSRF_TOKEN}; sessionid={client.session}",
        f"X-CSRFToken: {CSRF_TOKEN}",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    try:
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        answer = await asyncio.wait_for(reader.read(-1), ANSWER_SECONDS)
    except (OSError, TimeoutError):
        return 0
    finally:
        writer.close()
    return int(answer[9:12] or 0)
