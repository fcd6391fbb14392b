"""Write requirements/*.txt: exact versions with hashes, without the name of any index."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / ".tools" / "uv" / "bin" / "uv"
OPTIONS = [
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-annotate",
    "--custom-compile-command=make lock",
    "--quiet",
]
LOCKS: dict[str, list[str]] = {
    "runtime": ["pyproject.toml"],
    "demo": ["pyproject.toml", "--group=demo"],
    "test": ["pyproject.toml", "--group=test"],
    "uv": ["requirements/uv.in"],
}


def main() -> int:
    for name, sources in LOCKS.items():
        target = f"--output-file=requirements/{name}.txt"
        done = subprocess.run(
            [UV, "pip", "compile", *sources, *OPTIONS, target], cwd=ROOT, check=False
        )
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
