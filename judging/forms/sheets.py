"""Scores that come in as a file."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ConfirmForm, SheetField, SheetFileForm


class OfflineSheetForm(SheetFileForm):
    file = SheetField(help_text=_("The XLSX that you downloaded here, at most 2 MB."))


class MatrixForm(SheetFileForm):
    file = SheetField(help_text=_("XLSX or CSV, at most 2 MB."))


class EnterTotalsForm(ConfirmForm):
    reason = forms.CharField(
        label=_("Reason of the corrections"),
        required=False,
        max_length=300,
        help_text=_("Needed where a total stands on the portal already. It stays on record."),
    )


class SaveAllForm(ConfirmForm):
    hand_in = forms.BooleanField(
        label=_("Also submit the complete scorecards. They count from then on."), required=False
    )
