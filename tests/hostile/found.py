"""The forms of a page as a browser would send them, and what nobody should send in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.core.files.uploadedfile import SimpleUploadedFile

Data = dict[str, object]

MARKUP = "=cmd|'/c calc'!A1 <script>alert(1)</script> ../../etc/passwd"
OVERTAKEN = "99"  # a version that a page of just now cannot have shown
VALUES: dict[str, object] = {
    "nothing in it": "",
    "nul": "a\0b",
    "marks": "e\u0301 \u202egnp.exe\u200b\ufeff\x07 \u2028",
    "markup": MARKUP,
    "long": "panjang " * 12_500,
    "digits": "9" * 40,
    "exponent": "1e400",
    "far": "9999-12-31",
    "twice": ["1", "2"],
}
# What each kind of field can stumble over, besides the rest.
TRIED: Mapping[str, set[str]] = {
    "words": {"nothing in it", "nul", "marks", "markup", "long", "twice"},
    "number": {"nothing in it", "nul", "markup", "long", "digits", "exponent", "twice"},
    "date": {"nothing in it", "nul", "markup", "far", "twice"},
    "choice": {"nothing in it", "nul", "markup", "digits", "twice"},
    "hidden": {"nul", "markup", "digits", "overtaken"},
    "file": {"nothing in it", "markup"},
}
KINDS = {
    "number": "number",
    "date": "date",
    "datetime-local": "date",
    "time": "date",
    "month": "date",
    "hidden": "hidden",
    "file": "file",
    "radio": "choice",
    "checkbox": "choice",
}
# A browser would not let these stay empty.
FILLED = {"words": "Contoh", "number": "1", "date": "2026-12-01"}


@dataclass(slots=True)
class Input:
    kind: str
    values: list[str] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    must: bool = False

    def right(self) -> list[str]:
        """What stands in it; where something must, the first that may."""
        if self.values or not self.must:
            return self.values
        return [text for text in self.offered if text][:1] or [FILLED.get(self.kind, "")]


@dataclass(slots=True)
class Form:
    action: str
    inputs: dict[str, Input] = field(default_factory=dict)

    def right(self) -> Data:
        filled = {name: each.right() for name, each in self.inputs.items() if each.kind != "file"}
        return {name: values for name, values in filled.items() if values}

    def hostile(self) -> Iterator[tuple[str, Data]]:
        """Nothing at all, or one wrong value in all that it may be tried in.

        A field that is hidden is tried alone: what it guards would refuse the rest unread.
        """
        right = self.right()
        yield "nothing", {}
        for label, value in VALUES.items():
            seen = {name: value for name in self.trying(label) if self.inputs[name].kind != "file"}
            hidden = [name for name in seen if self.inputs[name].kind == "hidden"]
            shown = {name: value for name in seen if name not in hidden}
            files = {name: a_file() for name in self.trying(label) if name not in seen and value}
            if shown or files:
                yield label, right | shown | files
            yield from ((f"{label} in {name}", right | {name: value}) for name in hidden)
        yield from (
            (f"overtaken {name}", right | self.written() | {name: OVERTAKEN})
            for name in self.trying("overtaken")
        )

    def written(self) -> Data:
        """Words that somebody would have to type once more."""
        return {name: MARKUP for name, each in self.inputs.items() if each.kind == "words"}

    def trying(self, label: str) -> list[str]:
        return [name for name, each in self.inputs.items() if label in TRIED[each.kind]]


def a_file() -> SimpleUploadedFile:
    """A name and a type that lie."""
    return SimpleUploadedFile("../../\u202egnp.exe\"'<b>.pdf", b"MZ bukan PDF", "application/pdf")


def forms_in(page: str, *, url: str) -> list[Form]:
    reader = FormReader(url)
    reader.feed(page)
    return reader.found


class FormReader(HTMLParser):
    """Those that are sent by POST, without the token that a test's client does not need."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.found: list[Form] = []
        self.open: Form | None = None
        self.asked: Input | None = None  # the select or the text area that is being read
        self.text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and (given.get("method") or "").lower() == "post":
            self.open = Form(given.get("action") or self.url)
            self.found.append(self.open)
            if autosave := given.get("data-autosave"):
                self.found.append(Form(autosave, self.open.inputs))
        elif self.open is not None and tag in {"input", "select", "textarea"}:
            self.read_input(tag, given, self.open)
        elif self.open is not None and tag == "button" and (action := given.get("formaction")):
            self.found.append(Form(action, self.open.inputs))  # the same fields, sent elsewhere
        elif self.asked and tag == "option":
            value = given.get("value") or ""
            self.asked.offered.append(value)
            if "selected" in given:
                self.asked.values.append(value)

    def read_input(self, tag: str, given: dict[str, str | None], form: Form) -> None:
        name, kind = given.get("name"), given.get("type") or "text"
        if not name or name == "csrfmiddlewaretoken" or "disabled" in given:
            return
        each = form.inputs.setdefault(name, Input(kind_of(tag, kind, given)))
        each.must |= "required" in given
        if tag == "input" and kind in {"radio", "checkbox"}:
            each.offered.append(given.get("value") or "on")
            each.values += each.offered[-1:] if "checked" in given else []
        elif tag == "input":
            each.values += [given["value"] or ""] if given.get("value") else []
        else:
            self.asked = each
            self.text = [] if tag == "textarea" else None

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "textarea" and self.asked and self.text is not None:
            self.asked.values += filter(None, ["".join(self.text).strip("\n")])
            self.asked = self.text = None
        elif tag == "select":
            self.asked = None


def kind_of(tag: str, kind: str, given: dict[str, str | None]) -> str:
    if tag == "select":
        return "choice"
    if given.get("inputmode") in {"decimal", "numeric"}:
        return "number"
    return KINDS.get(kind, "words")
