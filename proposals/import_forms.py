"""What people send in from paper: a sheet of proposals, a sheet of past results."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms import SheetField, SheetFileForm
from competitions.models import Track


class HistorySheetForm(SheetFileForm):
    file = SheetField(help_text=_("XLSX or CSV, at most 2 MB and 200 rows."))


class ProposalSheetForm(HistorySheetForm):
    field_order = ("track", "file")
    track = forms.ModelChoiceField(
        Track.objects.none(), label=_("Track"), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, tracks: QuerySet[Track], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        track: Any = self.fields["track"]
        track.queryset = tracks
        if len(tracks) == 1:
            track.initial = tracks[0]
