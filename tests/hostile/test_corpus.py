"""Files that are not what they seem, by the form and in parts: the same verdict on both ways."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kipp.lib.files import open_file
from proposals.models import Attachment
from tests import make
from tests.lib.samples import (
    encrypted_pdf,
    inflating_pdf,
    jpg_file,
    pdf_file,
    pdf_with_attachment,
    png_file,
)
from tests.proposals.parts import Sending
from tests.proposals.scene import Scene, city_scene

pytestmark = pytest.mark.django_db

HTML = b"<html><script>alert(document.cookie)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
LONG = "../" * 20 + "\u202e\u200f" + "\"Jarik\" 'Ma' " + "n" * 300 + ".pdf"


def zip_bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("nol", b"\0" * (50 * 1024 * 1024))
    return target.getvalue()


def pdf_holding(name: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.attachments[name] = content
        pdf.save(target)
    return target.getvalue()


def pdf_with_html() -> bytes:
    """A PDF that a browser which guesses would take for a page."""
    return pdf_file().replace(b"\n", b"\n%" + HTML + b"\n", 1)


# Content, name, slot, and the stored name or how the refusal begins.
CORPUS = {
    "pdf with html in a comment": (pdf_with_html(), "a.pdf", "bukti", "The PDF is damaged"),
    "html before a pdf": (HTML + pdf_file(), "a.pdf", "bukti", "This is no PDF"),
    "html after a pdf": (pdf_file() + HTML, "a.pdf", "bukti", "The PDF is damaged"),
    "photo and archive in one": (jpg_file() + zip_bomb(), "a.jpg", "foto", "a.jpg"),
    "archive and photo in one": (zip_bomb() + jpg_file(), "a.jpg", "foto", "This is no PDF"),
    "zip bomb inside a pdf": (pdf_holding("a.zip", zip_bomb()), "a.pdf", "bukti", "Other files"),
    "program inside a pdf": (pdf_with_attachment(), "a.pdf", "bukti", "Other files hide"),
    "pdf that inflates": (inflating_pdf(megabytes=70), "a.pdf", "bukti", "The PDF is damaged"),
    "photo of 200 million pixels": (
        png_file(20000, 10000, mode="1"),
        "a.png",
        "foto",
        "The photo has more than",
    ),
    "svg named png": (SVG, "gambar.png", "foto", "This is no PDF"),
    "html named jpg": (HTML, "gambar.jpg", "foto", "This is no PDF"),
    "double extension": (jpg_file(), "foto.php.jpg", "foto", "foto.php.jpg"),
    "double extension that lies": (jpg_file(), "foto.jpg.php", "foto", "The name ends in .php"),
    "photo named pdf": (jpg_file(), "surat.pdf", "foto", "The name ends in .pdf"),
    "locked pdf": (encrypted_pdf(password="x"), "a.pdf", "bukti", "The PDF is protected"),
    "nothing at all": (b"", "kosong.pdf", "bukti", "The file is empty."),
    "cut at a tenth": (pdf_file()[: len(pdf_file()) // 10], "a.pdf", "bukti", "The PDF is damaged"),
    "cut at half": (pdf_file()[: len(pdf_file()) // 2], "a.pdf", "bukti", "The PDF is damaged"),
    "cut near the end": (pdf_file()[:-6], "a.pdf", "bukti", "The PDF is damaged"),
    "photo cut near the end": (jpg_file()[:-60], "a.jpg", "foto", "The photo is damaged"),
    "long name with tricks": (pdf_file(), LONG, "bukti", "Jarik Ma " + "n" * 137 + ".pdf"),
    "extension of 300 letters": (pdf_file(), "a." + "x" * 300, "bukti", ""),
}


class Author:
    def __init__(self, scene: Scene) -> None:
        make.slot(scene.track, "bukti", kind="pdf", max_mb=9, max_count=3)
        self.client = Client()
        self.client.force_login(scene.author)
        self.pk = scene.draft().pk

    def by_form(self, content: bytes, name: str, slot: str) -> str:
        """The sentence of the page; nothing when it was accepted."""
        file: Any = SimpleUploadedFile("x", content)
        file._name = name  # as a hostile client sends it
        url = reverse("proposals:attachment-upload", args=[self.pk, slot])
        response = self.client.post(url, {"file": file, "end": "1"})
        if response.status_code == 302:
            return ""
        assert response.status_code == 422
        return str(response.context["form"].errors.as_data()["__all__"][0].messages[0])

    def in_parts(self, content: bytes, name: str, slot: str) -> str:
        response = Sending(self.client, self.pk, slot, content, name).send()
        if response.status_code == 200:
            return ""
        assert response.status_code in {413, 422}
        return str(response.json()["error"])


@pytest.mark.parametrize("case", CORPUS)
@pytest.mark.parametrize("way", [Author.by_form, Author.in_parts], ids=["form", "parts"])
def test_what_hides_or_lies_is_refused_and_what_stays_is_harmless(case: str, way: object) -> None:
    content, name, slot, expected = CORPUS[case]
    author = Author(city_scene())

    refusal = way(author, content, name, slot)  # type: ignore[operator]  # one of two methods

    attached = Attachment.objects.first()
    assert (refusal or attached.name).startswith(expected)  # type: ignore[union-attr]  # one is there
    assert bool(attached) != bool(refusal)
    if attached:
        assert_harmless(author, attached)


def assert_harmless(author: Author, attached: Attachment) -> None:
    with open_file(attached.sha256) as stored:
        content = stored.read()
    assert b"PK\x03\x04" not in content
    assert b"script" not in content
    url = reverse("proposals:attachment-file", args=[author.pk, attached.pk])
    served = author.client.get(url)
    assert served["X-Content-Type-Options"] == "nosniff"
    assert served["Content-Type"] in {"application/pdf", "image/jpeg"}
    assert "sandbox" in served["Content-Security-Policy"]
    assert len(attached.name) <= 150
    assert not set(attached.name) & set("/\\\"'<>\u202e\u200f")
    served.close()
