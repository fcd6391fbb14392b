from __future__ import annotations

from tests.architecture.sources import PACKAGES, ROOT, is_part, length, modules, templates

MODULE = 400
FUNCTION = 40
VIEW = 25
TEMPLATE = 150
# Outsiders run the checker as one file with nothing beside it.
ONE_FILE = {"judging.checker.periksa_peringkat": 600}


def test_module_is_short_enough_to_read() -> None:
    everything = modules(*PACKAGES, "tests", "scripts")

    assert [
        f"{module.name}: {module.line_count}"
        for module in everything
        if module.line_count > ONE_FILE.get(module.name, MODULE)
    ] == []


def test_function_fits_on_a_screen() -> None:
    assert [
        f"{module.name}.{function.name}: {length(function)}"
        for module in modules(*PACKAGES)
        for function in module.functions()
        if length(function) > FUNCTION
    ] == []


def test_view_only_parses_asks_calls_and_answers() -> None:
    assert [
        f"{module.name}.{function.name}: {length(function)}"
        for module in modules(*PACKAGES)
        if is_part(module, "views")
        for function in module.functions()
        if length(function) > VIEW
    ] == []


def test_template_is_short_enough_to_read() -> None:
    lengths = {path: path.read_text().count("\n") for path in templates()}

    assert [
        f"{path.relative_to(ROOT)}: {lines}" for path, lines in lengths.items() if lines > TEMPLATE
    ] == []
