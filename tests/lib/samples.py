"""Files for the tests of uploads, made by the libraries that people's programs use."""

from __future__ import annotations

import io
import random
import zlib
from typing import Any

import pikepdf
from PIL import Image, PngImagePlugin

GPS = {1: "S", 2: (7.0, 58.0, 0.0), 3: "E", 4: (112.0, 37.0, 0.0)}


def pdf_file(*, pages: int = 1, **changes: Any) -> bytes:
    """Make a PDF; `changes` are set on its root."""
    target = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        for name, value in changes.items():
            pdf.Root[f"/{name}"] = pdf.make_indirect(value)
        pdf.save(target)
    return target.getvalue()


def encrypted_pdf(*, password: str) -> bytes:
    target = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(target, encryption=pikepdf.Encryption(owner="owner", user=password))
    return target.getvalue()


def pdf_with_attachment() -> bytes:
    target = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.attachments["rahasia.exe"] = b"MZ"
        pdf.save(target)
    return target.getvalue()


def jpg_file(width: int = 64, height: int = 48, *, orientation: int = 1) -> bytes:
    """Make a photo, red on its left side, with camera, place and comment."""
    image = Image.new("RGB", (width, height), "white")
    image.paste("red", (0, 0, width // 4, height))
    exif = image.getexif()
    exif[0x0112] = orientation
    exif[0x010F] = "RAHASIA-CAMERA"
    exif.get_ifd(0x8825).update(GPS)
    target = io.BytesIO()
    image.save(target, "JPEG", exif=exif, comment=b"RAHASIA-COMMENT", quality=95)
    return target.getvalue()


def png_file(width: int = 64, height: int = 48, *, mode: str = "RGB") -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "RAHASIA-AUTHOR")
    target = io.BytesIO()
    Image.new(mode, (width, height), 7).save(target, "PNG", pnginfo=notes)
    return target.getvalue()


def webp_file() -> bytes:
    target = io.BytesIO()
    Image.new("RGBA", (32, 32), (1, 2, 3, 4)).save(target, "WEBP", xmp=b"<x>RAHASIA-XMP</x>")
    return target.getvalue()


def inflating_pdf(*, megabytes: int) -> bytes:
    """Make a small PDF without pages whose catalogue lies in a stream that inflates."""
    catalogue = b"3 0 <</Type /Catalog /Pages <</Type /Pages /Kids [] /Count 0>> >>"
    body = zlib.compress(catalogue + b" " * (megabytes * 1024 * 1024), 9)
    parts = [
        b"%PDF-1.5\n",
        b"1 0 obj\n<</Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d>>\n" % len(body),
        b"stream\n" + body + b"\nendstream\nendobj\n",
    ]
    table_at = sum(map(len, parts))
    rows = b"\x00\x00\x00\x00\xff" + b"\x01\x00\x00\x09\x00"
    rows += b"\x01" + table_at.to_bytes(3, "big") + b"\x00" + b"\x02\x00\x00\x01\x00"
    parts += [
        b"2 0 obj\n<</Type /XRef /Size 4 /W [1 3 1] /Root 3 0 R /Length %d>>\n" % len(rows),
        b"stream\n" + rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % table_at,
    ]
    return b"".join(parts)


def large_pdf(*, megabytes: int, pages: int = 1) -> bytes:
    """Make a PDF whose pages hold noise, so that it cannot be made smaller."""
    noise = random.Random(megabytes * 100 + pages)
    target = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        pdf.Root.Noise = pdf.make_stream(noise.randbytes(megabytes * 1024 * 1024 - 50_000))
        pdf.save(target, compress_streams=False)
    return target.getvalue()
