# /// script
# requires-python = ">=3.11"
# dependencies = ["fonttools==4.68.0", "brotli==1.2.1", "django-allauth==65.21.1"]
# ///
"""Refill static/vendor from npm on a developer's machine; the result is committed.

uv run scripts/vendor.py            fetch, build, write the lock
python scripts/vendor.py --check    compare the committed files with the lock
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "scripts" / "vendor"
VENDOR = ROOT / "static" / "vendor"
LOCK = VENDOR / "vendor.lock.json"

PACKAGES = {
    "bootstrap": ("5.3.9", "MIT"),
    "bootstrap-icons": ("1.13.2", "MIT"),
    "@fontsource/plus-jakarta-sans": ("5.3.0", "OFL-1.1"),
    "@fontsource-variable/plus-jakarta-sans": ("5.3.0", "OFL-1.1"),
    "tus-js-client": ("4.3.1", "MIT"),
}
INSTALLED = {"django-allauth": ("65.21.1", "MIT")}
# One request instead of three on the sign-in page; the order matters.
PASSKEY_SCRIPTS = (
    "mfa/static/mfa/js/webauthn-json.js",
    "mfa/static/mfa/js/webauthn.js",
    "account/static/account/js/onload.js",
)
BUILD_TOOLS = ("sass@1.108.2", "esbuild@0.28.2")
ICONS = (
    "award",
    "box-arrow-right",
    "check-circle-fill",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "clipboard",
    "clock",
    "download",
    "envelope",
    "exclamation-triangle-fill",
    "eye",
    "file-earmark-image",
    "file-earmark-pdf",
    "file-earmark-text",
    "funnel",
    "globe2",
    "hourglass-split",
    "info-circle-fill",
    "key",
    "laptop",
    "list",
    "lock",
    "pencil",
    "people",
    "person-circle",
    "phone",
    "search",
    "send",
    "shield-check",
    "shield-lock",
    "star-fill",
    "telephone",
    "trash",
    "trophy-fill",
    "upload",
    "whatsapp",
)
# What Indonesian and English text needs; the PDF fonts keep all of Latin-1 for people's names.
WEB_UNICODES = (
    "U+0020-007E,U+00A0,U+00A7,U+00A9,U+00B0,U+00B7,U+00D7,U+00E9,U+2013,U+2014,U+2018-201D,"
    "U+2022,U+2026,U+2192"
)
PDF_WEIGHTS = {400: "Regular", 500: "Medium", 700: "Bold", 800: "ExtraBold"}


def run(*command: str | Path, cwd: Path) -> None:
    """Fonts carry no build time, so that the same versions give the same bytes."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "0"}
    subprocess.run([str(part) for part in command], cwd=cwd, check=True, env=environment)


def fetch(workdir: Path) -> Path:
    (workdir / "package.json").write_text('{"private": true}')
    wanted = [f"{name}@{version}" for name, (version, _) in PACKAGES.items()]
    run("npm", "install", "--no-audit", "--no-fund", *wanted, *BUILD_TOOLS, cwd=workdir)
    return workdir / "node_modules"


def build_css(modules: Path) -> None:
    target = VENDOR / "bootstrap.min.css"
    flags = (
        "--style=compressed",
        "--no-source-map",
        "--quiet-deps",
        "--silence-deprecation=import",
        "--silence-deprecation=global-builtin",
    )
    source = SOURCES / "bootstrap.scss"
    run("npx", "sass", *flags, f"--load-path={modules}", source, target, cwd=modules.parent)


def build_tus(modules: Path) -> None:
    """Its own bundle is three times as large: it carries what browsers have had for years."""
    version, licence = PACKAGES["tus-js-client"]
    flags = ("--bundle", "--minify", "--format=iife", "--global-name=tus", "--target=es2020")
    # A module's own names are not those of the window, where js/upload.js looks.
    parts = "js-base64 (BSD-3-Clause), url-parse, querystringify and requires-port (MIT)"
    notes = (
        f"--banner:js=/*! tus-js-client {version}, {licence}; with {parts} */",
        "--footer:js=window.tus = tus;",
    )
    source = modules / "tus-js-client" / "lib" / "browser" / "index.js"
    run(
        "npx",
        "esbuild",
        source,
        *flags,
        *notes,
        f"--outfile={VENDOR / 'tus.js'}",
        cwd=modules.parent,
    )


def without_map(text: str) -> str:
    """Manifest storage refuses a script that names a map that is not there."""
    return re.sub(r"// ?[#@] ?sourceMappingURL=.*", "", text)


def joined_passkey_scripts() -> str:
    spec = find_spec("allauth")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("allauth")
    folder = Path(spec.origin).parent
    return ";\n".join(without_map((folder / name).read_text()) for name in PASSKEY_SCRIPTS)


def as_symbol(name: str, svg: str) -> str:
    box = re.search(r'viewBox="([^"]+)"', svg)
    body = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    if box is None or body is None:
        raise ValueError(f"{name}: not an icon")
    inner = re.sub(r"\s*\n\s*", "", body.group(1))
    return f'<symbol id="{name}" viewBox="{box.group(1)}" fill="currentColor">{inner}</symbol>'


def build_sprite(modules: Path) -> None:
    folder = modules / "bootstrap-icons" / "icons"
    symbols = [as_symbol(name, (folder / f"{name}.svg").read_text()) for name in ICONS]
    symbols.append(as_symbol("emblem", (SOURCES / "emblem.svg").read_text()))
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'
    (VENDOR / "icons.svg").write_text(sprite)


def build_fonts(modules: Path, workdir: Path) -> None:
    variable = modules / "@fontsource-variable" / "plus-jakarta-sans" / "files"
    tool = (sys.executable, "-m")
    limited = workdir / "limited.ttf"
    run(
        *tool,
        "fontTools.varLib.instancer",
        variable / "plus-jakarta-sans-latin-wght-normal.woff2",
        "wght=400:800",
        "-o",
        limited,
        cwd=workdir,
    )
    run(
        *tool,
        "fontTools.subset",
        limited,
        f"--unicodes={WEB_UNICODES}",
        "--flavor=woff2",
        "--layout-features=kern,mark,mkmk,ccmp,locl,tnum",
        f"--output-file={ROOT / 'static/fonts/plus-jakarta-sans.woff2'}",
        cwd=workdir,
    )
    static = modules / "@fontsource" / "plus-jakarta-sans"
    for weight, name in PDF_WEIGHTS.items():
        source = static / "files" / f"plus-jakarta-sans-latin-{weight}-normal.woff2"
        target = ROOT / "kipp" / "fonts" / f"PlusJakartaSans-{name}.ttf"
        run(*tool, "fontTools.ttLib.woff2", "decompress", "-o", target, source, cwd=workdir)
    shutil.copy(static / "LICENSE", ROOT / "kipp/fonts/OFL.txt")


def vendored_files() -> list[Path]:
    folders = (VENDOR, ROOT / "static" / "fonts", ROOT / "kipp" / "fonts")
    files = [path for folder in folders for path in folder.iterdir() if path != LOCK]
    return sorted(files)


def hashes() -> dict[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendored_files()
    }


def write_lock() -> None:
    packages = {
        name: {"version": version, "licence": licence}
        for name, (version, licence) in {**PACKAGES, **INSTALLED}.items()
    }
    LOCK.write_text(json.dumps({"packages": packages, "files": hashes()}, indent=2) + "\n")


def check() -> int:
    locked: dict[str, str] = json.loads(LOCK.read_text())["files"]
    present = hashes()
    names = locked.keys() | present.keys()
    wrong = sorted(name for name in names if locked.get(name) != present.get(name))
    for name in wrong:
        sys.stderr.write(f"{name}: differs from static/vendor/vendor.lock.json\n")
    return 1 if wrong else 0


def refill() -> int:
    with tempfile.TemporaryDirectory() as name:
        workdir = Path(name)
        modules = fetch(workdir)
        build_css(modules)
        build_tus(modules)
        (VENDOR / "passkey.js").write_text(joined_passkey_scripts())
        build_sprite(modules)
        build_fonts(modules, workdir)
    write_lock()
    return 0


if __name__ == "__main__":
    sys.exit(check() if "--check" in sys.argv else refill())
