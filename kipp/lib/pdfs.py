"""Is this PDF whole, readable by everybody, and free of things that run or hide?"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kipp.lib.late import late

if TYPE_CHECKING:
    import pikepdf
else:
    pikepdf = late("pikepdf")

END = b"%%EOF"
MAX_OBJECTS = 100_000
MAX_INFLATED_BYTES = 64 * 1024 * 1024
RUNS = {"/JavaScript", "/JS", "/Launch", "/RichMedia", "/XFA", "/SubmitForm", "/ImportData"}
HIDES = {"/EmbeddedFile", "/EmbeddedFiles", "/FileAttachment", "/EF"}
SPACE = b"\0\t\n\f\r "


@cache
def limit_memory() -> None:
    """For the whole process, before a PDF is opened: few bytes must not inflate to all memory."""
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=MAX_INFLATED_BYTES,
        run_length_max_memory=MAX_INFLATED_BYTES,
        parser_max_container_size=MAX_OBJECTS * 10,
    )


def check_pdf(content: bytes) -> int:
    """Return the number of pages, or say why the committee could not safely open the file."""
    if not content.rstrip(SPACE).endswith(END):
        raise _broken()
    limit_memory()
    try:
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False) as pdf:
            if pdf.is_encrypted:
                raise _encrypted()
            _check_objects(pdf)
            pages = len(pdf.pages)
    except pikepdf.PasswordError as error:
        raise _encrypted() from error
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, RecursionError) as error:
        raise _broken() from error
    if pages == 0:
        raise ValidationError(
            _("The PDF has no pages. Save the document as PDF again."), code="pdf_empty"
        )
    return pages


def _check_objects(pdf: pikepdf.Pdf) -> None:
    if len(pdf.objects) > MAX_OBJECTS:
        raise ValidationError(
            _("The PDF is too complex. Print it to PDF and send the new file."), code="pdf_complex"
        )
    names = set(_names_in(pdf))
    if names & RUNS:
        raise ValidationError(
            _("The PDF holds scripts or a live form. Print it to PDF and send the new file."),
            code="pdf_script",
        )
    if names & HIDES:
        raise ValidationError(
            _("Other files hide inside the PDF. Send them one by one instead."), code="pdf_embedded"
        )


def _names_in(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Every key and every name of the document; strings and page content are not looked at."""
    waiting = [pdf.trailer, *pdf.objects]
    while waiting:
        found = waiting.pop()
        if isinstance(found, (pikepdf.Dictionary, pikepdf.Stream)):
            yield from found.keys()
            waiting += [value for _, value in found.items() if _is_inline(value)]
        elif isinstance(found, pikepdf.Array):
            waiting += [value for value in found if _is_inline(value)]
        elif isinstance(found, pikepdf.Name):
            yield str(found)


def _is_inline(value: object) -> bool:
    """Indirect objects are in the list of objects already; following them could go in circles."""
    return isinstance(value, pikepdf.Object) and not value.is_indirect


def _broken() -> ValidationError:
    return ValidationError(
        _("The PDF is damaged or cut off. Save it again, check that it opens, and send it anew."),
        code="pdf_broken",
    )


def _encrypted() -> ValidationError:
    return ValidationError(
        _("The PDF is protected with a password. Remove the protection and send it again."),
        code="pdf_encrypted",
    )
