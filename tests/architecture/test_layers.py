"""What import-linter and ruff cannot say: clocks, signals, purity of rules, hidden imports."""

from __future__ import annotations

import ast
import subprocess

from tests.architecture.sources import APPS, PACKAGES, ROOT, Module, is_part, modules

EDGE = (
    "views", "admin", "tasks", "management", "demo", "middleware", "requests", "sessions",
    "adapter",
)  # fmt: skip
PURE = ("workflow", "eligibility", "timeline", "ranking", "assigning", "calibration")
# A pure rule may name its states and say its sentences; it may not reach the database.
ALLOWED_IN_PURE = ("django.utils.translation.", "django.core.exceptions.ValidationError")
CHOICES = {"django.db.models.TextChoices", "django.db.models.IntegerChoices"}
# These read the clock when no moment is handed to them.
CLOCKS = {"localtime", "localdate", "now", "today", "utcnow"}
VAGUE = {"utils", "helpers", "helper", "common", "core", "mixins", "misc", "manager", "managers"}
# The heavy import is paid where it is used; see docs/dependencies.md.
LATE = {"scipy", "numpy", "typst"}
INDEXES = ("pypi." + "org", "python" + "hosted", "registry." + "npmjs", "artifact" + "ory")


def test_no_clock_below_the_edge() -> None:
    assert [
        f"{module.name}:{call.lineno}"
        for module in modules(*PACKAGES)
        if not is_part(module, *EDGE)
        for call in module.calls()
        if _reads_the_clock(call)
    ] == []


def test_no_signals_and_no_save_overrides() -> None:
    assert [
        f"{module.name}: {name}"
        for module in modules(*PACKAGES)
        for name in [*module.imports(), *_save_overrides(module)]
        if name.startswith(("django.dispatch", "django.db.models.signals", "celery.signals"))
        or name.endswith(".save override")
    ] == []


def test_pure_rules_do_not_reach_the_database() -> None:
    assert [
        f"{module.name}: {name}"
        for module in modules(*APPS)
        if is_part(module, *PURE)
        for name in module.imports()
        if name.split(".")[0] in {"django", "celery", "redis", "psycopg2"}
        and not name.startswith(ALLOWED_IN_PURE)
        and name not in CHOICES
        and name != "django.db.models"
    ] == []


def test_imports_stand_at_the_top_of_the_file() -> None:
    assert [
        f"{module.name}:{node.lineno}"
        for module in modules(*PACKAGES)
        for function in module.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and not _roots(node) <= LATE
    ] == []


def test_modules_are_named_for_what_they_hold() -> None:
    assert [
        module.name for module in modules(*PACKAGES) if VAGUE & set(module.name.split("."))
    ] == []


def test_committed_files_name_no_download_host() -> None:
    found = subprocess.run(
        ["git", "grep", "-lIE", "|".join(INDEXES)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert found.stdout.split() == []


def _reads_the_clock(call: ast.Call) -> bool:
    target = call.func
    name = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
    owner = ast.unparse(target.value) if isinstance(target, ast.Attribute) else ""
    if name in {"localtime", "localdate"}:
        return not call.args and not call.keywords
    return name in CLOCKS and owner.split(".")[-1] in {"timezone", "datetime", "date"}


def _save_overrides(module: Module) -> list[str]:
    return [
        f"{node.name}.save override"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        and "models" in module.name
        and any(isinstance(item, ast.FunctionDef) and item.name == "save" for item in node.body)
    ]


def _roots(node: ast.Import | ast.ImportFrom) -> set[str]:
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").split(".")[0]}
    return {alias.name.split(".")[0] for alias in node.names}
