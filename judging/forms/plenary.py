from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from judging.forms.scorecard import ReasonForm
from kipp.lib.forms import Form

NUMBERS = RegexValidator(r"\A[0-9]{1,6}(,[0-9]{1,6}){0,999}\Z")


class MoveForm(ReasonForm):
    """Where an entry shall stand, and why; `version` is of the ranking that was looked at."""

    version = forms.IntegerField(min_value=1, max_value=32767, widget=forms.HiddenInput)
    place = forms.IntegerField(label=_("New place"), min_value=1, max_value=100_000)

    field_order = ("version", "place", "reason")


class ConfirmForm(Form):
    """What the second person was shown: the version, and the numbers of the changes."""

    version = forms.IntegerField(min_value=1, max_value=32767, widget=forms.HiddenInput)
    numbers = forms.CharField(validators=[NUMBERS], widget=forms.HiddenInput)

    def shown(self) -> list[int]:
        return [int(number) for number in self.cleaned_data["numbers"].split(",")]
