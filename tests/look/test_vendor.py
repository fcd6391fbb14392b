from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def check() -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "scripts/vendor.py", "--check"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_vendored_files_match_the_lock() -> None:
    result = check()

    assert (result.stderr, result.returncode) == ("", 0)


def test_no_vendored_script_names_a_map_that_is_not_there() -> None:
    named = [
        path.name
        for path in (ROOT / "static").rglob("*")
        if path.suffix in {".js", ".css"} and "sourceMappingURL" in path.read_text()
    ]

    assert named == []
