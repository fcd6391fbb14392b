from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from competitions.models.competition import KEY
from judging.exports import show_number
from judging.models import Criterion, Stage
from judging.queries.readiness import rounds_without_stage
from judging.services import CriterionTerms
from judging.services.law_changes import CHANGEABLE
from judging.services.setup import LAW_FIELDS
from kipp.lib.forms import Form, ModelForm
from kipp.lib.numbers import plain_number

# No exponent: 1e999999 is a number of a million digits.
NUMBER = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,6})?", re.ASCII)
LAW_HELP = {
    "scored_on": _("On paper: one criterion of 100%, which is the judge's total."),
    "correction": _(
        "Only with the mean. Where judges cannot be compared well enough, the raw score "
        "counts and the control room says why."
    ),
    "spread_by": _("Empty: no spread rule. Its price is shown beside the result."),
    "method_parameter": _("How many values the trimmed mean drops, or the deviation cap."),
    "tie_break": _(
        "Separated by commas: criterion:KEY, median, stage:KEY or panel, in this order."
    ),
}


class PairsField(forms.CharField):
    """Lines such as `desk = 30`, kept as {key: text of a number}."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return "\n".join(f"{key} = {number}" for key, number in value.items())
        return value

    def clean(self, value: Any) -> dict[str, str]:
        pairs = {}
        for line in super().clean(value).splitlines():
            key, _sign, number = (part.strip() for part in line.partition("="))
            if key or number:
                pairs[key] = _number_text(number, line=line)
        return pairs


def _number_text(text: str, *, line: str) -> str:
    if not NUMBER.fullmatch(text):
        raise ValidationError(
            _("Write each line as key = number: %(line)s"), code="pair", params={"line": line}
        )
    return f"{Decimal(text.replace(',', '.')).normalize():f}"


class LawForm(ModelForm):
    """The law of a stage, over the version that the person saw."""

    stage_weights = PairsField(
        label=_("Weights of the stages (%)"),
        required=False,
        help_text=_("One line per stage: key = percent. Empty: this stage alone counts."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in self.initial.items():
            if isinstance(value, Decimal):
                self.initial[name] = plain_number(value)

    def law(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class StageForm(LawForm):
    class Meta:
        model = Stage
        fields = LAW_FIELDS
        help_texts = LAW_HELP


class LawChangeForm(LawForm):
    """What the chair may still change while judges score, with the reason that everybody reads."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody reads it: in an announcement, in the minutes and in a mail."),
    )

    class Meta:
        model = Stage
        fields = CHANGEABLE
        help_texts = LAW_HELP


class NewStageForm(ModelForm):
    """What a stage needs to exist; its law and its rubric are written on its own page."""

    class Meta:
        model = Stage
        fields = ["name", "round", "kind", "advance_count"]
        labels = {"round": _("Judging round")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["round"]
        choice.queryset = rounds_without_stage(self.instance.competition)


class LevelsField(forms.CharField):
    """Lines such as `25 = Kurang`: labelled levels from low to high."""

    widget = forms.Textarea(attrs={"rows": 2})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(f"{level['value']} = {level['label']}" for level in value)
        return value

    def clean(self, value: Any) -> list[dict[str, str]]:
        levels = []
        for line in super().clean(value).splitlines():
            number, _sign, label = (part.strip() for part in line.partition("="))
            if number or label:
                levels.append({"value": _number_text(number, line=line), "label": label or number})
        return levels


class CriterionForm(Form):
    key = forms.CharField(label=_("Key"), max_length=40, validators=[KEY])
    label = forms.CharField(label=_("Label"), max_length=160)
    weight = forms.DecimalField(
        label=_("Weight (%)"), min_value=0, max_value=100, max_digits=6, decimal_places=3
    )
    help_text = forms.CharField(
        label=_("Guidance"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    section_key = forms.CharField(
        label=_("Section of the form, by key"), required=False, max_length=40
    )
    levels = LevelsField(
        label=_("Labelled levels"),
        required=False,
        help_text=_("One line per level: value = label. Empty: a number is typed."),
    )

    def terms(self) -> CriterionTerms:
        return CriterionTerms(**{name: self.cleaned_data[name] for name in self.base_fields})


if TYPE_CHECKING:
    CriterionForms = forms.BaseFormSet[CriterionForm]
else:
    CriterionForms = forms.BaseFormSet


class BaseCriterionFormSet(CriterionForms):
    def clean(self) -> None:
        keys = [form.cleaned_data.get("key") for form in self.forms if form.has_changed()]
        if len(set(keys)) != len(keys):
            raise ValidationError(_("Two criteria have the same key."), code="repeated")

    def terms(self) -> list[CriterionTerms]:
        kept = [form for form in self.forms if form not in self.deleted_forms]
        return [form.terms() for form in kept if form.cleaned_data.get("key")]


# `max_num` bounds the page, however many criteria a request announces.
CriterionFormSet = forms.formset_factory(
    CriterionForm,
    formset=BaseCriterionFormSet,
    extra=1,
    can_delete=True,
    max_num=40,
    absolute_max=40,
)


def criterion_formset(stage: Stage, sent: Mapping[str, Any] | None) -> BaseCriterionFormSet:
    formset = CriterionFormSet(sent, initial=criterion_initial(stage), prefix="kriteria")
    return cast("BaseCriterionFormSet", formset)


def criterion_initial(stage: Stage) -> list[dict[str, Any]]:
    rows: list[Criterion] = list(stage.criteria.all())
    return [
        {
            "key": each.key,
            "label": each.label,
            "weight": show_number(each.weight).replace(",", "."),
            "help_text": each.help_text,
            "section_key": each.section_key,
            "levels": each.levels,
        }
        for each in rows
    ]


class CloseForm(Form):
    missing = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    confirm = forms.BooleanField(label=_("I have checked this. Freeze the ranking."))


class FillForm(Form):
    """Carries the plan that was shown."""

    fingerprint = forms.CharField(max_length=32, widget=forms.HiddenInput)
