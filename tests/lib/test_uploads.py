from __future__ import annotations

import io

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kipp.lib import images
from kipp.lib.pdfs import MAX_OBJECTS
from kipp.lib.uploads import Checked, Kind, check_upload, clean_name, name_of_upload
from tests.lib.samples import (
    encrypted_pdf,
    inflating_pdf,
    jpg_file,
    pdf_file,
    pdf_with_attachment,
    png_file,
    webp_file,
)

MB = 1024 * 1024
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def javascript() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def check(content: bytes, *, name: str = "bukti", kind: Kind = Kind.ANY) -> Checked:
    return check_upload(io.BytesIO(content), name=name, kind=kind, max_bytes=MB)


def refusal(content: bytes, *, name: str = "bukti", kind: Kind = Kind.ANY) -> str | None:
    with pytest.raises(ValidationError) as caught:
        check(content, name=name, kind=kind)
    assert caught.value.messages[0].endswith(".")
    return caught.value.code


def test_pdf_passes_as_it_came() -> None:
    content = pdf_file(pages=3)

    assert check(content, name="Surat Pernyataan.PDF", kind=Kind.PDF) == Checked(
        name="Surat Pernyataan.pdf", extension="pdf", content=content, pages=3
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (pdf_file(pages=0), "pdf_empty"),
        (pdf_file()[:-20], "pdf_broken"),
        (pdf_file(pages=20)[:400] + b"%%EOF", "pdf_broken"),
        (b"%PDF-1.7\n%%EOF", "pdf_broken"),
        (b"%PDF-1.7\n" + b"\xff" * 5000 + b"\n%%EOF", "pdf_broken"),
        (pdf_file() + b"PK\x03\x04 a whole archive", "pdf_broken"),
        (encrypted_pdf(password="rahasia"), "pdf_encrypted"),
        (encrypted_pdf(password=""), "pdf_encrypted"),
        (pdf_file(OpenAction=javascript()), "pdf_script"),
        (pdf_file(AA=pikepdf.Dictionary(WC=pikepdf.Array([javascript()]))), "pdf_script"),
        (pdf_file(AcroForm=pikepdf.Dictionary(XFA="form")), "pdf_script"),
        (pdf_file(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.Launch)), "pdf_script"),
        (pdf_with_attachment(), "pdf_embedded"),
    ],
)
def test_pdf_that_harms_or_does_not_open_is_refused(content: bytes, code: str) -> None:
    assert refusal(content) == code


def test_pdf_hidden_name_is_found() -> None:
    plain = pdf_file(OpenAction=javascript())
    content = plain.replace(b"/JS", b"/JX").replace(b" /S /JavaScript", b"/S/J#61vaScript")

    assert content != plain.replace(b"/JS", b"/JX")
    assert refusal(content) == "pdf_script"


def test_pdf_of_very_many_objects_is_refused() -> None:
    target = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Many = pikepdf.Array(
            [pdf.make_indirect(pikepdf.Array([0])) for _ in range(MAX_OBJECTS)]
        )
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)

    with pytest.raises(ValidationError) as caught:
        check_upload(target, name="a.pdf", kind=Kind.PDF, max_bytes=9 * MB)
    assert caught.value.code == "pdf_complex"


def test_pdf_bomb_does_not_fill_the_memory() -> None:
    """The same file with little to inflate opens, so it is the limit that refuses the large one."""
    assert refusal(inflating_pdf(megabytes=1)) == "pdf_empty"
    assert refusal(inflating_pdf(megabytes=70)) == "pdf_broken"


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (jpg_file(), "jpg"),
        (png_file(), "png"),
        (png_file(mode="L"), "png"),
        (png_file(mode="P"), "png"),
        (webp_file(), "webp"),
    ],
)
def test_photo_is_written_anew_without_what_it_tells(content: bytes, extension: str) -> None:
    checked = check(content, name=f"foto.{extension}", kind=Kind.IMAGE)

    assert (checked.name, checked.extension, checked.pages) == (f"foto.{extension}", extension, 0)
    assert checked.media_type == f"image/{'jpeg' if extension == 'jpg' else extension}"
    assert b"RAHASIA" not in checked.content
    with Image.open(io.BytesIO(checked.content)) as image:
        image.load()
        assert not image.getexif()
        assert not {"exif", "comment", "xmp", "icc_profile", "Author"} & set(image.info)
    with Image.open(io.BytesIO(checked.thumbnail)) as thumbnail:
        assert (thumbnail.format, dict(thumbnail.getexif())) == ("WEBP", {})
    assert check(content) == check(content)


def test_photo_stands_upright() -> None:
    sideways = check(jpg_file(64, 48, orientation=6))  # turned clockwise: left becomes top

    with Image.open(io.BytesIO(sideways.content)) as image:
        assert image.size == (48, 64)
        red, green, _ = image.convert("RGB").getpixel((24, 4))  # type: ignore[misc]  # three bands
        assert red > 200
        assert green < 80


def test_transparency_stays() -> None:
    with Image.open(io.BytesIO(check(webp_file()).content)) as image:
        assert image.mode == "RGBA"


def test_large_photo_is_made_smaller_and_has_a_thumbnail() -> None:
    checked = check(jpg_file(4000, 1000))

    with Image.open(io.BytesIO(checked.content)) as image:
        assert image.size == (images.MAX_SIDE, 640)
    with Image.open(io.BytesIO(checked.thumbnail)) as thumbnail:
        assert thumbnail.size == (images.THUMBNAIL_SIDE, 120)


def test_content_behind_a_photo_is_dropped() -> None:
    checked = check(jpg_file() + b"PK\x03\x04<script>alert(1)</script>")

    assert b"script" not in checked.content


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (jpg_file()[:300], "image_broken"),
        (jpg_file()[:-80], "image_broken"),
        (png_file()[:-30], "image_broken"),
        (png_file().replace(b"IDAT", b"IDAt"), "image_broken"),
        (webp_file()[:20], "image_broken"),
        (b"\x89PNG\r\n\x1a\n", "image_broken"),
        (png_file(8000, 8000, mode="1"), "image_pixels"),
        (png_file(20000, 10000, mode="1"), "image_pixels"),
    ],
)
def test_photo_that_does_not_open_is_refused(content: bytes, code: str) -> None:
    assert refusal(content) == code


@pytest.mark.parametrize(
    ("content", "name", "kind", "code"),
    [
        (b"", "a.pdf", Kind.ANY, "empty"),
        (b"%PDF-" + b" " * MB, "a.pdf", Kind.ANY, "too_big"),
        (SVG, "foto.png", Kind.ANY, "unknown_type"),
        (b"GIF89a", "foto.gif", Kind.ANY, "unknown_type"),
        (b"MZ\x90", "surat.pdf", Kind.ANY, "unknown_type"),
        (b"\n" + pdf_file(), "surat.pdf", Kind.ANY, "unknown_type"),
        (b"\0\0\0\x18ftypheic", "IMG_1.HEIC", Kind.ANY, "heic"),
        (jpg_file(), "surat.pdf", Kind.ANY, "lying_type"),
        (pdf_file(), "foto.jpg", Kind.ANY, "lying_type"),
        (png_file(), "foto.JPEG", Kind.ANY, "lying_type"),
        (pdf_file(), "halaman.html", Kind.ANY, "lying_type"),
        (jpg_file(), "foto.jpg", Kind.PDF, "wrong_kind"),
        (pdf_file(), "surat.pdf", Kind.IMAGE, "wrong_kind"),
    ],
)
def test_file_that_is_not_what_is_asked_for_is_refused(
    content: bytes, name: str, kind: Kind, code: str
) -> None:
    assert refusal(content, name=name, kind=kind) == code


def test_size_is_counted_to_the_byte() -> None:
    content = pdf_file()

    assert check_upload(
        io.BytesIO(content), name="a.pdf", kind=Kind.PDF, max_bytes=len(content)
    ).content
    with pytest.raises(ValidationError, match="larger than"):
        check_upload(io.BytesIO(content), name="a.pdf", kind=Kind.PDF, max_bytes=len(content) - 1)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Surat Pernyataan.pdf", "Surat Pernyataan.pdf"),
        ("Budi, M.Si", "Budi, M.Si.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Budi\\surat.pdf", "surat.pdf"),
        ("foto\u202efdp.exe", "fotofdp.pdf"),
        ('"><script>.pdf', "script.pdf"),
        ("Jarik Ma'siti\n.pdf", "Jarik Ma siti.pdf"),
        ("", "berkas.pdf"),
        ("..", "berkas.pdf"),
        (".pdf", "berkas.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("laporan.pdf.exe", "laporan.pdf.pdf"),
        ("n" * 300, "n" * 146 + ".pdf"),
    ],
)
def test_clean_name_shows_one_harmless_line(name: str, expected: str) -> None:
    assert clean_name(name, extension="pdf") == expected


@given(st.text())
def test_every_name_becomes_short_and_harmless(name: str) -> None:
    shown = clean_name(name, extension="webp")

    assert shown.endswith(".webp")
    assert len(shown) <= 150
    assert not set(shown) & set("/\\\"'<>\0\n\r\t\u202e\u200b")
    assert not shown.startswith(".")
    assert clean_name(shown, extension="webp") == shown


@given(st.binary(max_size=200), st.sampled_from([b"%PDF-1.4\n", b"\xff\xd8\xff", b"RIFF1234WEBP"]))
def test_rubbish_is_always_refused_in_words(rubbish: bytes, start: bytes) -> None:
    assert refusal(start + rubbish) in {"pdf_broken", "image_broken", "pdf_empty"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../Bukti “dampak”.PDF", "Bukti dampak .PDF"),
        ("n" * 300 + ".jpeg", "n" * 145 + ".jpeg"),
        ("a." + "x" * 300, "a." + "x" * 148),
        ("\u202e/\0", "berkas"),
        ("", "berkas"),
    ],
)
def test_name_on_its_way_keeps_its_claim(name: str, expected: str) -> None:
    assert name_of_upload(name) == expected
