from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import allauth

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


def test_passkey_scripts_are_those_of_the_installed_allauth() -> None:
    """A new allauth needs a new `scripts/vendor.py` run."""
    folder = Path(allauth.__file__).parent
    names = ["mfa/static/mfa/js/webauthn.js", "account/static/account/js/onload.js"]
    joined = (ROOT / "static" / "vendor" / "passkey.js").read_text()

    assert [(folder / name).read_text() in joined for name in names] == [True, True]
