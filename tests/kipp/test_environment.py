from __future__ import annotations

import os
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import pytest

from kipp.environment import VARIABLES

ROOT = Path(__file__).resolve().parent.parent.parent
HEADINGS = "| variable | default | expected |"
PRODUCTION = {
    "PATH": os.environ["PATH"],
    "SECRET_KEY": "abcdefghij" * 5,
    "SIGNING_KEY": "b25seS1mb3ItdGVzdHMtLS0tLS0tLS0tLS0tLS0tLS0=",
    "SITE_URL": "https://kipp.example",
    "DATABASE_URL": "postgres://kipp@127.0.0.1:1/kipp",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "submission://kipp:secret@mail.example:587",
}


@pytest.mark.parametrize(
    ("name", "value", "state"),
    [
        ("SECRET_KEY", None, "is missing"),
        ("SECRET_KEY", "short", "cannot be used"),
        ("SIGNING_KEY", None, "is missing"),
        ("SIGNING_KEY", "c2hvcnQ=", "cannot be used"),
        ("SIGNING_KEY", "/nowhere/key", "cannot be used"),
        ("EARLIER_SIGNING_KEYS", "c2hvcnQ=", "cannot be used"),
        ("SITE_URL", "kipp.example", "cannot be used"),
        ("SITE_URL", "http://kipp.example", "is not safe"),
        ("DATABASE_URL", "", "is missing"),
        ("DATABASE_URL", "sqlite:///db", "cannot be used"),
        ("REDIS_URL", "http://cache", "cannot be used"),
        ("EMAIL_URL", "mail", "cannot be used"),
        ("EMAIL_URL", "smtp://mail.example:25", "is not safe"),
        ("MAIL_ONLY_TO", "nobody", "cannot be used"),
        ("DEBUG", "perhaps", "cannot be used"),
        ("TRUSTED_PROXIES", "many", "cannot be used"),
        ("TIME_ZONE", "Mars/Olympus", "cannot be used"),
        ("S3_ENDPOINT_URL", "minio", "cannot be used"),
        ("LOG_FORMAT", "xml", "cannot be used"),
    ],
)
def test_bad_value_stops_the_start_with_one_sentence(
    name: str, value: str | None, state: str
) -> None:
    done = _start({key: text for key, text in (PRODUCTION | {name: value}).items() if text})

    expected = VARIABLES[name].expects
    assert done.returncode == 1
    assert done.stderr == (
        f"{name} {state}: expected {expected}. The table is in docs/operations.md.\n"
    )


def test_good_values_start() -> None:
    assert _start(PRODUCTION).stderr == ""


def test_table_for_operators_names_every_variable() -> None:
    lines = (ROOT / "docs" / "operations.md").read_text().splitlines()
    table = takewhile(lambda line: line.startswith("|"), lines[lines.index(HEADINGS) + 2 :])
    rows = [tuple(cell.strip().strip("`") for cell in row.strip("|").split("|")) for row in table]

    assert rows == [(name, known.default, known.expects) for name, known in VARIABLES.items()]


def test_settings_read_exactly_the_variables_of_the_table() -> None:
    text = (ROOT / "kipp" / "settings.py").read_text()

    assert [name for name in VARIABLES if f'"{name}"' not in text] == []
    assert text.count("read(") == len(VARIABLES)


def _start(variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import kipp.settings"],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
