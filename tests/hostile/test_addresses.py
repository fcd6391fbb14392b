"""Addresses that strangers type: what cannot be the address of anything is not found."""

from __future__ import annotations

import pytest
from django.test import Client

NUL, SLASH = "%00", "%2F"


@pytest.mark.parametrize(
    "path",
    [
        f"/verifikasi/KIPP{NUL}/",
        f"/sertifikat/ABCD{NUL}/",
        f"/sertifikat/ABCD{NUL}/foto/",
        f"/sertifikat/ABCD{NUL}/sertifikat.pdf",
        f"/undangan/abc{NUL}/",
    ],
)
def test_address_with_a_nul_is_not_found(db: None, path: str) -> None:
    assert Client().get(path).status_code in {404, 410}


@pytest.mark.parametrize("typed", [f"A{SLASH}B", "..", f"A{NUL}", "A?B", "%F0%9F%90%87"])
def test_receipt_that_is_none_is_asked_for_again(db: None, typed: str) -> None:
    answer = Client().get(f"/verifikasi/?receipt={typed}")

    assert answer.status_code == 422
    assert "id_receipt_error" in answer.content.decode()


def test_receipt_is_read_as_people_type_it(db: None) -> None:
    answer = Client().get("/verifikasi/?receipt=%20kipp-2020 - 0007 ")

    assert answer["Location"] == "/verifikasi/KIPP-2020-0007/"
