from __future__ import annotations

import pytest

from kipp.templatetags.crumbs import crumbs

LINKS = [("Kompetisi", "/k/"), ("Penilaian", "/k/t/")]


@pytest.mark.parametrize(
    ("parts", "current"),
    [
        (["Kompetisi", "/k/", "Penilaian", "/k/t/"], ""),
        (["Kompetisi", "/k/", "Penilaian", "/k/t/", "Tahap 1"], "Tahap 1"),
    ],
)
def test_crumbs_pair_labels_with_addresses(parts: list[str], current: str) -> None:
    assert crumbs(*parts) == {"links": LINKS, "current": current}
