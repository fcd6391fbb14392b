"""The decree that a publication rests on: a number as offices write it, and a day that can be."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# "188.45/123/35.73.112/2026", "Nomor 18 Tahun 2019".
DECREE_NUMBER = RegexValidator(
    r"^(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9 ./,:;()_-]*\Z",
    gettext_lazy("Write the number as it stands on the decree, for example 188.45/123/2026."),
    code="decree_number",
)
LONGEST = timedelta(days=366)


def check_decree_day(decreed: date, *, frozen: date, visible: date) -> None:
    """All three are days of the competition's own zone."""
    if decreed > visible:
        raise ValidationError(
            {"decree_on": _("The decree is dated after the day on which the results are out.")},
            code="decree_late",
        )
    if decreed < frozen - LONGEST:
        raise ValidationError(
            {"decree_on": _("The decree is more than a year older than the ranking.")},
            code="decree_early",
        )
