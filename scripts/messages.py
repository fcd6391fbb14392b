"""Collect and check translations without gettext: every sentence has its Indonesian."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize
from jinja2 import Environment

ROOT = Path(__file__).resolve().parent.parent
CATALOG = ROOT / "locale" / "id" / "LC_MESSAGES" / "django.po"
# name -> positions of context, singular, plural among the arguments
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
STRING = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
IN_TEMPLATE = re.compile(
    rf"\b(?P<name>_|n?p?gettext)\(\s*(?P<strings>{STRING}(?:\s*,\s*{STRING})*)", re.DOTALL
)
JINJA = Environment(extensions=["jinja2.ext.i18n"])  # noqa: S701 - reads, draws nothing
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

Key = tuple[str | None, str]


def main(verb: str) -> int:
    found = collect()
    catalog = polib.pofile(str(CATALOG), wrapwidth=100) if CATALOG.exists() else new_catalog()
    if verb == "collect":
        merge(found, catalog=catalog)
        CATALOG.parent.mkdir(parents=True, exist_ok=True)
        catalog.save(str(CATALOG))
    problems = list(complaints(found, catalog=catalog))
    for problem in problems:
        print(problem)
    print(f"{len(found)} sentences, {len(problems)} problems")
    return 1 if problems and verb == "check" else 0


def new_catalog() -> polib.POFile:
    catalog = polib.POFile(wrapwidth=100)
    catalog.metadata = {
        "Language": "id",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return catalog


def collect() -> dict[Key, polib.POEntry]:
    found: dict[Key, polib.POEntry] = {}
    for path in sources():
        text = path.read_text()
        for line, (context, singular, plural) in READERS[path.suffix](text):
            entry = found.setdefault(
                (context, singular),
                polib.POEntry(
                    msgid=singular,
                    msgctxt=context,
                    msgid_plural=plural or "",
                    msgstr_plural={0: ""} if plural else {},
                ),
            )
            entry.msgid_plural = entry.msgid_plural or plural or ""
            entry.occurrences.append((str(path.relative_to(ROOT)), str(line)))
    return found


def sources() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py", "templates"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in sorted(listed.stdout.splitlines()):
        path = ROOT / name
        if path.exists() and not name.startswith(("tests/", "scripts/", "bench/")):
            yield path


def in_python(text: str) -> Iterator[tuple[int, tuple[str | None, str, str | None]]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            strings = [literal(argument) for argument in node.args]
            if message := message_of(name, strings):
                yield node.lineno, message


def in_template(text: str) -> Iterator[tuple[int, tuple[str | None, str, str | None]]]:
    source = templatize(text)
    for match in IN_TEMPLATE.finditer(source):
        strings = [ast.literal_eval(string) for string in re.findall(STRING, match["strings"])]
        if message := message_of(match["name"], strings):
            yield source.count("\n", 0, match.start()) + 1, message


def in_jinja(text: str) -> Iterator[tuple[int, tuple[str | None, str, str | None]]]:
    for line, name, said in JINJA.extract_translations(text):  # type: ignore[attr-defined]
        if message := message_of(name, [said] if isinstance(said, str) else list(said)):
            yield line, message


READERS = {".py": in_python, ".html": in_template, ".md": in_template, ".jinja": in_jinja}


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def message_of(name: str, strings: list[str | None]) -> tuple[str | None, str, str | None] | None:
    if name not in CALLS:
        return None
    context_at, singular_at, plural_at = CALLS[name]
    padded = [*strings, None, None, None]
    singular = padded[singular_at]
    if not singular:
        return None
    context = None if context_at is None else padded[context_at]
    return context, singular, None if plural_at is None else padded[plural_at]


def merge(found: dict[Key, polib.POEntry], *, catalog: polib.POFile) -> None:
    """Keep translations, add new sentences empty, drop those that nobody says any more."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in catalog if not entry.obsolete}
    for key, entry in known.items():
        if key not in found:
            catalog.remove(entry)
    for key, fresh in found.items():
        if key in known:
            known[key].occurrences = [(path, "") for path, _line in fresh.occurrences]
            known[key].msgid_plural = fresh.msgid_plural
        else:
            fresh.occurrences = [(path, "") for path, _line in fresh.occurrences]
            catalog.append(fresh)
    catalog.sort(key=lambda entry: (entry.msgid.casefold(), entry.msgctxt or ""))


def complaints(found: dict[Key, polib.POEntry], *, catalog: polib.POFile) -> Iterator[str]:
    known = {(entry.msgctxt, entry.msgid): entry for entry in catalog if not entry.obsolete}
    for key, entry in found.items():
        where = ":".join(entry.occurrences[0])
        if key not in known:
            yield f"{where}: not in the catalogue: {entry.msgid!r}"
        elif problem := problem_of(known[key]):
            yield f"{where}: {problem}: {entry.msgid!r}"
    for key in known.keys() - found.keys():
        yield f"{CATALOG.relative_to(ROOT)}: nobody says any more: {key[1]!r}"


def problem_of(entry: polib.POEntry) -> str | None:
    translations = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if entry.fuzzy:
        return "fuzzy"
    if not translations or not all(translations):
        return "not translated"
    for translation in translations:
        if not placeholders(translation) <= placeholders(entry.msgid + entry.msgid_plural):
            return "placeholders differ"
    return None


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
