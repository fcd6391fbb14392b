"""Example sheets that the import accepts as they are."""

from __future__ import annotations

from kipp.lib.sheets import pieces_of

UNITS = (
    ("nama", "singkatan", "kode", "tingkat", "jenis", "induk"),
    ("Dinas Contoh", "Dincon", "X.01", "perangkat daerah", "Dinas", "Pemerintah Kota Contoh"),
    ("Puskesmas Contoh", "", "X.01.1", "unit kerja", "Puskesmas", "X.01"),
)
PEOPLE = (
    ("nama", "email", "nip", "telepon", "unit", "peran"),
    (
        "Dr. Siti Contoh, M.Si.",
        "siti@demo.example",
        "19960818 202204 2 001",
        "0812 3456 7890",
        "X.01",
        "pengesah",
    ),
    ("Budi Contoh", "budi@demo.example", "", "", "Puskesmas Contoh", "penyusun"),
)
EXAMPLES = {"units": UNITS, "people": PEOPLE}


def write_example(kind: str, extension: str) -> bytes:
    header, *rows = EXAMPLES[kind]
    return b"".join(pieces_of(extension, header, rows, title=kind))
