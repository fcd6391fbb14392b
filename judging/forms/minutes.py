from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kipp.lib.forms import Form


class ScanForm(Form):
    file = forms.FileField(
        label=_("Signed minutes (PDF)"),
        allow_empty_file=True,
        help_text=_("Scan all pages into one PDF, 20 MB at most."),
        error_messages={"required": _("Choose a file first.")},
    )


class AddendumForm(Form):
    text = forms.CharField(
        label=_("Text of the addendum"),
        max_length=5000,
        help_text=_("What was found after the freeze, and what was decided about it."),
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
        error_messages={"required": _("Write the text of the addendum.")},
    )
