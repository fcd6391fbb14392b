from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bench.browsing import WITHOUT_BROWSER
from bench.servers import ROOT


def told(script: str, **variables: str) -> str:
    """In a process of its own, as this one's Playwright may be driving a browser already."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def test_cold_visits_find_the_browser_of_the_tests() -> None:
    script = "from bench.browsing import browser_is_missing; print(browser_is_missing())"

    assert told(script) == "False\n"


def test_bench_says_at_its_start_that_no_browser_is_here(tmp_path: Path) -> None:
    script = (
        "from bench import chromium; chromium.PROGRAMS = ()\n"
        "from bench.__main__ import main; main(['--visits'])"
    )

    assert told(script, PLAYWRIGHT_BROWSERS_PATH=str(tmp_path)) == f"bench | {WITHOUT_BROWSER}\n"
