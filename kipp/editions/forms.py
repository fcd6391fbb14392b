from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kipp.lib.forms import Form


class CloneForm(Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    slug = forms.SlugField(
        label=_("Short address"),
        max_length=60,
        help_text=_("Letters, digits and hyphens; it stands in the web address."),
    )
    first_day = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The day of the first round; all other dates move along."),
    )
