"""Compile the translations without gettext: .mo files are not in the repository."""

from __future__ import annotations

from pathlib import Path

import polib


def compile_catalogs(locale: Path) -> int:
    """Compile what is newer than its result; the number of files written."""
    stale = [path for path in locale.glob("*/LC_MESSAGES/*.po") if _is_stale(path)]
    for path in stale:
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
    return len(stale)


def _is_stale(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime
