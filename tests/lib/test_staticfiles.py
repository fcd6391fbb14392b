from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from kipp.lib.staticfiles import KeptManifestStorage, QuickManifestStorage


@pytest.mark.parametrize(
    ("storage", "ways"), [(KeptManifestStorage, {"br", "gz"}), (QuickManifestStorage, {"gz"})]
)
def test_style_sheet_is_compressed_before_anybody_asks(
    storage: type[KeptManifestStorage], ways: set[str], tmp_path: Path, settings: Settings
) -> None:
    settings.WHITENOISE_KEEP_ONLY_HASHED_FILES = True
    (tmp_path / "kipp.css").write_text("a { color: red }\n" * 100)
    kept = storage(location=tmp_path)

    list(kept.post_process({"kipp.css": (kept, "kipp.css")}))

    sheet = Path(kept.url("kipp.css")).name
    compressed = {path.suffix[1:] for path in tmp_path.glob(f"{sheet}.*")}
    assert compressed == ways
