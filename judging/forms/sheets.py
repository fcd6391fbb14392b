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


class SaveAllForm(ConfirmForm):
    hand_in = forms.BooleanField(
        label=_("Also submit the complete scorecards. They count from then on."), required=False
    )
