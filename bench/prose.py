"""Indonesian-looking text of any length, the same every time."""

from __future__ import annotations

from itertools import cycle, islice

SENTENCES = """
Layanan warga ini membantu masyarakat di kelurahan agar pendaftaran menjadi lebih cepat, mudah dan
murah. Petugas puskesmas mencatat setiap kunjungan lalu melaporkan hasilnya kepada dinas setiap
bulan sehingga waktu tunggu turun dari 45 menit menjadi 12 menit. Sebelum inovasi ini berjalan,
warga harus datang tiga kali dan membawa berkas yang sama.
"""


def prose(words: int, *, seed: int = 0) -> str:
    """Paragraphs of eighty words; the seed says where the text begins."""
    known = SENTENCES.split()
    start = seed % len(known)
    taken = list(islice(cycle(known), start, start + words))
    return "\n\n".join(" ".join(taken[first : first + 80]) for first in range(0, words, 80))
