"""What people send as files: recognised by content, opened for real, named for people only."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kipp.lib.files import Stream, no_space_in_words
from kipp.lib.images import rewrite_photo
from kipp.lib.pdfs import check_pdf
from kipp.lib.text import clean_text

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
MAX_NAME = 150
_SAME = {"jpeg": "jpg", "jpe": "jpg", "jfif": "jpg"}
# Only these are claims about the content: "Budi, M.Si" ends in a degree.
_EXTENSION = re.compile(
    r"\.(pdf|jpg|jpeg|jpe|jfif|png|webp|gif|bmp|tiff?|heic|svg|html?|js|docx?|xlsx?|pptx?|odt|zip|rar|7z"
    r"|txt|csv|mp4|exe|apk|bat|php)$",
    re.IGNORECASE,
)
_NOT_IN_NAMES = re.compile("[\"'`\u2018\u2019\u201c\u201d<>|:*?;{}$&%\n\t]+")


class Kind(StrEnum):
    """What a slot takes; the values are those of the form definition."""

    PDF = "pdf"
    IMAGE = "image"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The content to store; photos were written anew, PDFs are as they came.

    `pages` is 0 for photos; `thumbnail` is empty for PDFs.
    """

    name: str
    extension: str
    content: bytes
    pages: int = 0
    thumbnail: bytes = b""

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.extension]


def check_upload(stream: Stream, *, name: str, kind: Kind, max_bytes: int) -> Checked:
    """Open the file for real; every refusal says what to do."""
    content = _read(stream, max_bytes=max_bytes)
    extension = _recognise(content)
    if kind is not Kind.ANY and (extension == "pdf") != (kind is Kind.PDF):
        raise _wrong_kind(kind)
    _check_claim(name, extension)
    shown = clean_name(name, extension=extension)
    if extension == "pdf":
        return Checked(name=shown, extension="pdf", content=content, pages=check_pdf(content))
    photo = rewrite_photo(content)
    return Checked(
        name=shown, extension=photo.extension, content=photo.content, thumbnail=photo.thumbnail
    )


def clean_name(name: str, *, extension: str) -> str:
    """Return a name to show, never a path: one line, no marks that trick, the true extension."""
    stem = re.split(r"[/\\]", clean_text(name.replace("\0", "")))[-1]
    stem = _EXTENSION.sub("", _NOT_IN_NAMES.sub(" ", stem).strip())
    stem = " ".join(stem.split())[: MAX_NAME - len(extension) - 1].strip(" .")
    return f"{stem or 'berkas'}.{extension}"


def name_of_upload(name: str) -> str:
    """Return the last part of a path, short enough to keep until the content is known."""
    last = re.split(r"[/\\]", clean_text(name.replace("\0", "")))[-1]
    shown = " ".join(_NOT_IN_NAMES.sub(" ", last).split())
    found = _EXTENSION.search(shown)
    extension = found[0] if found else ""
    return shown.removesuffix(extension)[: MAX_NAME - len(extension)] + extension or "berkas"


def require_size(size: int, *, max_bytes: int) -> None:
    if size == 0:
        raise ValidationError(_("The file is empty. Choose another file."), code="empty")
    if size > max_bytes:
        raise ValidationError(
            _("The file is larger than %(limit)s MB. Make it smaller and send it again."),
            code="too_big",
            params={"limit": f"{max_bytes / 1024 / 1024:g}"},
        )


def _read(stream: Stream, *, max_bytes: int) -> bytes:
    with no_space_in_words():
        stream.seek(0)
        content = stream.read(max_bytes + 1)
    require_size(len(content), max_bytes=max_bytes)
    return content


def _recognise(content: bytes) -> str:
    for extension, matches in _SIGNATURES.items():
        if matches(content):
            return extension
    if content[4:12] in _HEIC:
        raise ValidationError(
            _("This is a photo in Apple's HEIC form. Save it as JPG and send it again."),
            code="heic",
        )
    raise ValidationError(
        _("This is no PDF, JPG, PNG or WebP. Save it in one of these and send it again."),
        code="unknown_type",
    )


_SIGNATURES: dict[str, Callable[[bytes], bool]] = {
    "pdf": lambda content: content.startswith(b"%PDF-"),
    "jpg": lambda content: content.startswith(b"\xff\xd8\xff"),
    "png": lambda content: content.startswith(b"\x89PNG\r\n\x1a\n"),
    "webp": lambda content: content.startswith(b"RIFF") and content[8:12] == b"WEBP",
}
_HEIC = {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"}


def _wrong_kind(kind: Kind) -> ValidationError:
    if kind is Kind.PDF:
        return ValidationError(_("A PDF is asked for here."), code="wrong_kind")
    return ValidationError(_("A photo (JPG, PNG or WebP) is asked for here."), code="wrong_kind")


def _check_claim(name: str, extension: str) -> None:
    """A name that claims another type than the content has is a mistake or a trick."""
    found = _EXTENSION.search(name.strip())
    claimed = found[1].lower() if found else extension
    if _SAME.get(claimed, claimed) != extension:
        raise ValidationError(
            _("The name ends in .%(claimed)s but the file is %(type)s. Save it again as %(type)s."),
            code="lying_type",
            params={"claimed": claimed, "type": extension.upper()},
        )
