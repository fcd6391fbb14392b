"""What the house rules read: the project's own files, parsed once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("accounts", "competitions", "proposals", "judging")
PACKAGES = ("kipp", *APPS)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    path: Path
    text: str

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT).with_suffix("")).replace("/", ".")

    @property
    def line_count(self) -> int:
        return self.text.count("\n")

    @property
    def tree(self) -> ast.Module:
        return _parse(self.text)

    def functions(self) -> Iterator[Function]:
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node

    def imports(self) -> Iterator[str]:
        """Full names: `from django.db import models` gives django.db.models."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    def calls(self) -> Iterator[ast.Call]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield node


@cache
def _parse(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def modules(*packages: str) -> tuple[Module, ...]:
    found = (path for name in packages for path in sorted((ROOT / name).rglob("*.py")))
    return tuple(Module(path, path.read_text()) for path in found if "migrations" not in path.parts)


@cache
def templates() -> tuple[Path, ...]:
    found = (ROOT / "templates").rglob("*")
    return tuple(sorted(path for path in found if path.suffix in {".html", ".jinja"}))


def length(function: Function) -> int:
    """Lines of the function without its decorators and docstring."""
    first = function.body[0]
    has_docstring = ast.get_docstring(function) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def is_part(module: Module, *parts: str) -> bool:
    """Whether the module is, or lies in, one of these layers of an app."""
    names = module.name.split(".")
    return len(names) > 1 and names[1] in parts
