from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from competitions.models import ObjectionReason
from judging.models import Award
from judging.workflow import ObjectionMove
from kipp.lib.forms import Form


class ObjectionForm(Form):
    reason = forms.ChoiceField(label=_("Reason"))
    about = forms.ChoiceField(label=_("Against"), required=False)
    text = forms.CharField(
        label=_("What is wrong, and how you know it"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write what is wrong.")},
    )
    evidence = forms.FileField(
        label=_("Evidence"),
        required=False,
        allow_empty_file=True,
        help_text=_("One PDF or photo, 5 MB at most."),
    )

    def __init__(
        self, *args: Any, reasons: Iterable[ObjectionReason], awards: Iterable[Award], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = {each.key: each for each in reasons}
        self.awards = {each.code: each for each in awards}
        named = [
            (code, f"{award.title} ({award.unit_name})") for code, award in self.awards.items()
        ]
        self.fields["reason"] = forms.ChoiceField(
            label=_("Reason"),
            choices=[("", _("Choose")), *((key, str(each)) for key, each in self.reasons.items())],
            error_messages={"required": _("Choose a reason.")},
        )
        self.fields["about"] = forms.ChoiceField(
            label=_("Against"), required=False, choices=[("", _("The list as a whole")), *named]
        )

    def clean_reason(self) -> ObjectionReason:
        return self.reasons[self.cleaned_data["reason"]]

    def clean_about(self) -> Award | None:
        return self.awards.get(self.cleaned_data["about"])


class StrangerObjectionForm(ObjectionForm):
    """For whoever has no unit in the competition."""

    name = forms.CharField(label=_("Your name"), max_length=150)
    contact = forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        help_text=_("The answer goes there. Neither name nor address is shown to the public."),
    )


class AppointForm(Form):
    officer = forms.ModelChoiceField(label=_("Officer"), queryset=User.objects.none())

    def __init__(self, *args: Any, officers: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"] = forms.ModelChoiceField(
            label=_("Officer"),
            queryset=User.objects.filter(pk__in=[officer.pk for officer in officers]),
            error_messages={"required": _("Choose an officer.")},
        )


class DecideForm(Form):
    move = forms.ChoiceField(
        label=_("Answer"),
        choices=ObjectionMove.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    decision = forms.CharField(
        label=_("Reason of the answer"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Whoever objected reads this."),
        error_messages={"required": _("Write the reason of your answer.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
