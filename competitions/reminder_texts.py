"""A reminder in the organiser's own words: subject and paragraphs with placeholders."""

from __future__ import annotations

from types import MappingProxyType

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from competitions.placeholders import require_known

LONGEST_TEXT = 3000
WORDS = MappingProxyType(
    {
        "nama": _("name of the reader"),
        "kompetisi": _("competition"),
        "tahapan": _("round"),
        "batas": _("the end that counts for the reader"),
        "sisa": _("how long before the end"),
        "jumlah": _("how many things are still open"),
    }
)


def check_texts(subject: str, text: str) -> None:
    """Both or neither; raises ValidationError by field."""
    if bool(subject.strip()) != bool(text.strip()):
        raise ValidationError(
            {
                "text" if subject.strip() else "subject": _(
                    "Write subject and text, or leave both empty for the portal's own words."
                )
            }
        )
    _check("subject", subject, lines=[subject])
    _check("text", text, lines=text.splitlines())


def _check(field: str, value: str, *, lines: list[str]) -> None:
    if len(value) > LONGEST_TEXT:
        raise ValidationError(
            {field: _("At most %(limit)d characters.") % {"limit": LONGEST_TEXT}},
        )
    try:
        if field == "subject" and len(value.splitlines()) > 1:
            raise ValidationError(_("A subject is one line."), code="subject_line")
        for line in lines:
            require_known(line, known=WORDS)
    except ValidationError as error:
        raise ValidationError({field: error}) from error
