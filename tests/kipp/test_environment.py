from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

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


BAD_VALUES = [
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
]
# A process that has the libraries already, which are most of a start, and starts in its children.
STARTS = """
import json, os, sys
import kipp.settings

def start(variables):
    read, write = os.pipe()
    if os.fork() == 0:
        os.dup2(write, 2)
        os.environ.clear()
        os.environ.update(variables)
        del sys.modules["kipp.settings"]
        import kipp.settings
        sys.exit()
    os.close(write)
    with os.fdopen(read) as said:
        return said.read(), os.waitstatus_to_exitcode(os.wait()[1])

print(json.dumps([start(variables) for variables in json.load(sys.stdin)]))
"""


def test_bad_value_stops_the_start_with_one_sentence() -> None:
    tried = [{**PRODUCTION, name: value or ""} for name, value, _state in BAD_VALUES]
    given = [{key: text for key, text in each.items() if text} for each in tried]

    done = _run(STARTS, given=json.dumps([PRODUCTION, *given]))

    sentence = "{} {}: expected {}. The table is in docs/operations.md.\n"
    assert json.loads(done.stdout) == [
        ["", 0],
        *(
            [sentence.format(name, state, VARIABLES[name].expects), 1]
            for name, _value, state in BAD_VALUES
        ),
    ]


def test_good_values_start() -> None:
    done = _run("import kipp.settings")

    assert (done.returncode, done.stderr) == (0, "")


def test_table_for_operators_names_every_variable() -> None:
    lines = (ROOT / "docs" / "operations.md").read_text().splitlines()
    table = takewhile(lambda line: line.startswith("|"), lines[lines.index(HEADINGS) + 2 :])
    rows = [tuple(cell.strip().strip("`") for cell in row.strip("|").split("|")) for row in table]

    assert rows == [(name, known.default, known.expects) for name, known in VARIABLES.items()]


def test_settings_read_exactly_the_variables_of_the_table() -> None:
    text = (ROOT / "kipp" / "settings.py").read_text()

    assert [name for name in VARIABLES if f'"{name}"' not in text] == []
    assert text.count("read(") == len(VARIABLES)


def _run(code: str, *, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        input=given,
        cwd=ROOT,
        env=PRODUCTION,
        capture_output=True,
        text=True,
        check=False,
    )
