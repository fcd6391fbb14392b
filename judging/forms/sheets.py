"""Scores that come in as a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ConfirmForm, SheetFileForm


class OfflineSheetForm(SheetFileForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("The XLSX that you downloaded here, at most 2 MB.")


class MatrixForm(SheetFileForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("XLSX or CSV, at most 2 MB.")


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
