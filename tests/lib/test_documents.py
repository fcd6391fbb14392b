from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pikepdf
import pytest
import typst

from kipp.lib.documents import render_document
from kipp.lib.qr import qr_data_uri, qr_svg

AT = datetime(2026, 2, 28, 16, 59, tzinfo=UTC)
ADDRESS = "https://kipp.example/periksa/KMLG-2026-0042"
RECEIPT: dict[str, Any] = {
    "site": "Portal KIPP Kota Malang",
    "competition": "KIPP Kota Malang 2026",
    "number": "KMLG-2026-0042",
    "title": "Sepasar Pedas",
    "unit": "Puskesmas Janti",
    "track": "Umum",
    "sent_by": "dr. Siti Rahmawati, M.Kes.",
    "time": "28 Februari 2026 pukul 23.59 WIB (00.59 WITA, 01.59 WIT tanggal 1 Maret)",
    "sha256": "0123456789abcdef" * 4,
    "rules": "fedcba9876543210" * 4,
    "key": "0123456789abcdef",
    "signature": "0123456789abcdef" * 5 + "012345==",
    "chain": "nomor 42 dalam rantai",
    "proof_name": "KMLG-2026-0042.json",
    "proof": '{"payload":\n{"receipt":"KMLG-2026-0042"}\n,"signature":"x"}\n',
    "verify_url": ADDRESS,
    "qr": qr_svg(ADDRESS),
    "files": [{"name": "Surat pernyataan.pdf", "size": "412 KB", "sha256": "ab" * 32}],
    "contact": "Pertanyaan: panitia@kipp.example",
}
CERTIFICATE: dict[str, Any] = {
    "site": "Portal KIPP Kota Malang",
    "owner": "Pemerintah Kota Malang",
    "competition": "KIPP Kota Malang 2026",
    "number": "KMLG-2026-TOP3-01",
    "tier": "Top 3 Inovasi Terbaik",
    "title": "Sepasar Pedas",
    "unit": "Puskesmas Janti",
    "decree": "Keputusan Wali Kota Malang Nomor 188.45/123/2026",
    "place": "Malang",
    "date": "22 Juni 2026",
    "signer_role": "Wali Kota Malang",
    "signer_name": "Nama Wali Kota",
    "signer_id": "NIP 196608182022041001",
    "verify_url": ADDRESS,
    "qr": qr_svg(ADDRESS),
}
DOCUMENTS = [("receipt", RECEIPT, (210, 297)), ("certificate", CERTIFICATE, (297, 210))]
HOSTILE = '#panic("x") #read("/etc/passwd") $a$ *b* _c_ <d> @e `raw` // /* [x] \\ "q" =cmd|'


def is_archival(pdf: bytes) -> bool:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        metadata = opened.Root.Metadata.read_bytes()
    return b"<pdfaid:part>3</pdfaid:part>" in metadata


def page_sizes(pdf: bytes) -> list[tuple[int, int]]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        boxes = [page.mediabox for page in opened.pages]
    return [(round(float(box[2]) / 72 * 25.4), round(float(box[3]) / 72 * 25.4)) for box in boxes]


@pytest.mark.parametrize(("name", "data", "size"), DOCUMENTS)
def test_document_is_one_archival_page(
    name: str, data: Mapping[str, Any], size: tuple[int, int]
) -> None:
    pdf = render_document(name, data, at=AT)

    assert page_sizes(pdf) == [size]
    assert is_archival(pdf)


@pytest.mark.parametrize(("name", "data", "size"), DOCUMENTS)
def test_same_input_gives_the_same_bytes(
    name: str, data: Mapping[str, Any], size: tuple[int, int]
) -> None:
    pdf = render_document(name, data, at=AT)

    assert render_document(name, dict(sorted(data.items())), at=AT) == pdf
    assert render_document(name, data, at=AT + timedelta(days=1)) != pdf
    assert render_document(name, {**data, "title": "Lain"}, at=AT) != pdf


@pytest.mark.parametrize(("name", "data", "size"), DOCUMENTS)
@pytest.mark.parametrize("text", [HOSTILE, "", "panjang " * 60, "x" * 400, "\u202eterbalik"])
def test_any_text_is_shown_and_never_run(
    name: str, data: Mapping[str, Any], size: tuple[int, int], text: str
) -> None:
    files = [{"name": text, "size": "5 MB", "sha256": "ab" * 32}] * 20
    full = dict.fromkeys(("title", "unit", "track", "sent_by"), text)

    pdf = render_document(name, {**data, **full, "files": files}, at=AT)

    assert page_sizes(pdf) == [size]
    assert is_archival(pdf)


@pytest.mark.parametrize("text", ["\U0001f600", "\ua997\ua9ae", "\u5f20\u4f1f"])
def test_character_without_a_glyph_still_gives_a_document(text: str) -> None:
    pdf = render_document("receipt", {**RECEIPT, "title": text}, at=AT)

    assert page_sizes(pdf) == [(210, 297)]
    assert not is_archival(pdf)


def test_missing_value_and_unknown_template_are_errors() -> None:
    with pytest.raises(typst.TypstError):
        render_document("receipt", {"number": "1"}, at=AT)
    with pytest.raises(FileNotFoundError):
        render_document("unknown", RECEIPT, at=AT)


def test_threads_share_the_compiler() -> None:
    expected = render_document("receipt", RECEIPT, at=AT)
    made: list[bytes] = []

    threads = [
        Thread(target=lambda: made.append(render_document("receipt", RECEIPT, at=AT)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == [expected] * 6


def test_qr_scales_and_holds_no_style_or_script() -> None:
    svg = qr_svg(ADDRESS)

    assert svg.startswith("<svg")
    assert "viewBox" in svg
    assert "style=" not in svg
    assert "<script" not in svg
    assert qr_svg(ADDRESS) == svg
    assert qr_svg(f"{ADDRESS}x") != svg
    assert qr_data_uri(ADDRESS).startswith("data:image/svg+xml")
