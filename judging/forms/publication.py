from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.models import Track
from judging.decrees import DECREE_NUMBER
from kipp.lib import clock
from kipp.lib.forms import DateInput, Form, MomentInput


class ProposeForm(Form):
    decree_number = forms.CharField(
        label=_("Decree number"), max_length=120, validators=[DECREE_NUMBER]
    )
    decree_on = forms.DateField(label=_("Decree date"), widget=DateInput())
    signer_role = forms.CharField(
        label=_("Office of the signer"),
        required=False,
        max_length=120,
        help_text=_("Stands on the certificates, for example: Mayor of Malang."),
    )
    signer_name = forms.CharField(label=_("Name of the signer"), required=False, max_length=150)
    note = forms.CharField(
        label=_("Note for the public"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    visible_from = forms.CharField(
        label=_("Not before (embargo)"),
        required=False,
        max_length=40,
        widget=MomentInput(),
        help_text=_(
            "From this very moment on everybody reads the results; before it only the committee."
            " Empty: as soon as a second person releases them."
        ),
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean_visible_from(self) -> datetime | None:
        typed = self.cleaned_data["visible_from"]
        return clock.parse_moment(typed, zone=self.zone) if typed else None


class NominateForm(Form):
    """Where a winner may go: the tracks of the competitions above."""

    def __init__(self, *args: Any, tracks: Iterable[Track], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tracks = {str(track.pk): track for track in tracks}
        self.fields["track"] = forms.ChoiceField(
            label=_("Competition and track"),
            choices=[(pk, f"{track.competition} - {track}") for pk, track in self.tracks.items()],
        )

    def clean_track(self) -> Track:
        return self.tracks[self.cleaned_data["track"]]
