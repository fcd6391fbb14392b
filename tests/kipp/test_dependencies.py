from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def test_every_package_of_the_portal_is_explained() -> None:
    table = (ROOT / "docs" / "dependencies.md").read_text().partition("## Demo")[0]
    explained = {
        cell.strip().removesuffix(" 5.2 LTS")
        for row in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
        for cell in row.split(",")
    }

    needed = {name.partition("==")[0] for name in PROJECT["project"]["dependencies"]}
    assert explained - {"package"} == needed


def test_versions_are_exact() -> None:
    groups = PROJECT["dependency-groups"].values()
    names = [*PROJECT["project"]["dependencies"], *(name for group in groups for name in group)]

    assert [name for name in names if isinstance(name, str) and "==" not in name] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_lock_has_a_hash_for_each_package_and_names_no_index(lock: Path) -> None:
    text = lock.read_text()
    packages = re.findall(r"^[a-z0-9][^\n]*==[^\n]*", text, re.MULTILINE)

    assert [line for line in packages if not line.endswith("\\")] == []
    assert re.findall(r"://|--index|--find-links", text) == []


def test_locks_hold_what_the_project_asks_for() -> None:
    text = (ROOT / "requirements" / "runtime.txt").read_text()

    asked = [re.sub(r"\[.*\]", "", name) for name in PROJECT["project"]["dependencies"]]
    assert [name for name in asked if f"\n{name} " not in text] == []
