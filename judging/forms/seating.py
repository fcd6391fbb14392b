from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from judging.models import Panel, Panelist
from judging.panels import FIRST_KIND, kinds_for
from kipp.lib.forms import Form, ModelForm


class SeatForm(Form):
    email = forms.EmailField(label=_("E-mail"))
    full_name = forms.CharField(
        label=_("Full name with titles"),
        max_length=150,
        help_text=_("Used when the person has no account yet."),
    )
    kind = forms.ChoiceField(label=_("Kind of panel"))
    capacity = forms.IntegerField(
        label=_("Capacity"),
        required=False,
        min_value=1,
        max_value=10_000,
        help_text=_("At most so many entries; empty: as the panel says, or no limit."),
    )

    def __init__(self, *args: Any, stage_kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [(each.value, each.label) for each in kinds_for(stage_kind)]
        kind.initial = FIRST_KIND[stage_kind]


class PanelForm(ModelForm):
    class Meta:
        model = Panel
        fields = ["name", "readings", "capacity"]
        help_texts = {
            "name": _("Empty: the name of the kind."),
            "readings": _("How many judges of this panel read an entry. Empty: as the stage says."),
            "capacity": _("Offered to whoever is invited. Empty: no limit."),
        }


class AnswerForm(ModelForm):
    """What a judge says when accepting: how much, which fields, which units to stay away from."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Panelist
        fields = ["capacity", "categories", "tracks", "tied_units", "answer_note"]
        labels = {
            "capacity": _("I can read at most so many proposals"),
            "categories": _("The categories that I know best"),
            "tracks": _("The tracks that I know best"),
            "tied_units": _("Units whose proposals I should not judge"),
            "answer_note": _("Other ties that the committee should know of"),
        }
        help_texts = {
            "tied_units": _(
                "Where you or somebody close to you works, worked or advises. Your own units of"
                " the last two years are known."
            ),
        }
        widgets = {
            "categories": forms.CheckboxSelectMultiple,
            "tracks": forms.CheckboxSelectMultiple,
            "tied_units": forms.CheckboxSelectMultiple,
            "answer_note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        competition = self.instance.stage.competition
        choices: dict[str, Any] = {
            "categories": competition.categories.all(),
            "tracks": competition.tracks.all(),
            "tied_units": Unit.objects.filter(parent=competition.host_id).existing_on(at),
        }
        for name, rows in choices.items():
            field: Any = self.fields[name]
            field.queryset = rows
        self.fields["version"].initial = self.instance.version
        if self.instance.capacity:
            room = self.fields["capacity"]
            room.required = True
            room.help_text = _("The committee asks for at most %(count)s.") % {
                "count": self.instance.capacity
            }
        if not choices["categories"]:
            del self.fields["categories"]

    def answers(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "capacity": given["capacity"],
            "tracks": given["tracks"],
            "categories": given.get("categories", []),
            "tied_units": given["tied_units"],
            "note": given["answer_note"],
            "version": given["version"],
        }


class DeclineForm(Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write the reason.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
