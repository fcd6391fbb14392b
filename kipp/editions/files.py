"""Text to definition and back. The written form is canonical: one definition, one text."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import tomli_w
from django.utils.translation import gettext as _

from kipp.editions.checking import Checked, Problem, check_edition
from kipp.editions.shape import EDITION, Plain, Shape

PRESETS = Path(__file__).parent / "presets"
LARGEST = 1_000_000
NOTHING: Mapping[str, str] = {}


class EditionError(ValueError):
    """The file cannot be loaded; says everything that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def read_edition(content: bytes, *, instead: Mapping[str, str] = NOTHING) -> Plain:
    """The checked definition with all defaults filled in. Raises `EditionError`.

    `instead` holds facts of the competition that replace those of the file.
    """
    checked = check_content(content, instead=instead)
    if checked.problems:
        raise EditionError(checked.problems)
    return checked.definition


def check_content(content: bytes, *, instead: Mapping[str, str] = NOTHING) -> Checked:
    if len(content) > LARGEST:
        return _broken(_("is larger than 1 MB"))
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return _broken(_("is no UTF-8 text"))
    try:
        parsed = tomllib.loads(text, parse_float=Decimal)
    except ValueError as error:
        return _broken(_("is no valid TOML: %(reason)s") % {"reason": error})
    except RecursionError:
        return _broken(_("is nested too deeply"))
    if isinstance(parsed.get("competition"), dict):
        parsed["competition"].update(instead)
    return check_edition(parsed)


def write_edition(definition: Plain) -> str:
    return tomli_w.dumps(_write_table(definition, shape=EDITION), multiline_strings=True)


def preset_names() -> list[str]:
    return sorted(path.stem for path in PRESETS.glob("*.toml"))


def preset_path(name: str) -> Path:
    return PRESETS / f"{name}.toml"


def _broken(reason: str) -> Checked:
    return Checked({}, (Problem(_("The file"), reason),))


def _write_table(table: Plain, *, shape: Shape) -> Plain:
    plain: Plain = {}
    for field in shape.fields:
        if table[field.name] != field.default:
            plain[field.name] = field.write(table[field.name])
    for part in shape.parts:
        if part.name in table:
            plain[part.name] = _write_table(table[part.name], shape=part.shape)
    for rows in shape.rows:
        written = [_write_table(row, shape=rows.shape) for row in table[rows.name]]
        if written or rows.is_always_written:
            plain[rows.name] = written
    return plain
