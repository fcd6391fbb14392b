from __future__ import annotations

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kipp.lib.forms import DateInput, Form

FIRST_YEAR, LAST_YEAR = 2000, 2100


class CloneForm(Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    slug = forms.SlugField(
        label=_("Short address"),
        max_length=60,
        help_text=_("Letters, digits and hyphens; it stands in the web address."),
    )
    first_day = forms.DateField(
        label=_("First day"),
        widget=DateInput(),
        help_text=_("The day of the first round; all other dates move along."),
    )

    def clean_first_day(self) -> date:
        """Far from the year of the edition it is a slip of the finger."""
        day: date = self.cleaned_data["first_day"]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(_("Check the year."), code="year")
        return day
