from __future__ import annotations

from collections.abc import Iterable

from django import forms

from bench.floor.models import Criterion


class AnswerForm(forms.Form):
    text = forms.CharField(required=False, widget=forms.Textarea)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReviewForm(forms.Form):
    comment = forms.CharField(required=False, widget=forms.Textarea)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: object, criteria: Iterable[Criterion], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for criterion in criteria:
            self.fields[f"value-{criterion.pk}"] = forms.ChoiceField(
                label=criterion.label, choices=criterion.levels, widget=forms.RadioSelect
            )
            self.fields[f"comment-{criterion.pk}"] = forms.CharField(
                required=False, widget=forms.Textarea
            )
