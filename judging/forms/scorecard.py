from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from judging.exports import show_number
from judging.marks import Scale, read_mark
from judging.models import Assignment, Criterion, Stage
from judging.queries.desk import COMES_BACK, SheetState
from judging.services import Sheet
from judging.services.scoring import COMMENT_MAX
from kipp.lib.forms import Form

VALUE = "nilai-"
COMMENT = "catatan-"


class MarkField(forms.CharField):
    """A value on the stage's scale; empty means not given yet."""

    def __init__(self, *, scale: Scale, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=40, **kwargs)
        self.scale = scale

    def prepare_value(self, value: Any) -> Any:
        return show_number(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        mark = read_mark(text)
        if mark is None or not self.scale.allows(mark):
            raise ValidationError(
                _("Give a number from %(low)s to %(high)s in steps of %(step)s."),
                code="off_scale",
                params={
                    "low": show_number(self.scale.low),
                    "high": show_number(self.scale.high),
                    "step": show_number(self.scale.step),
                },
            )
        return mark


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionRow:
    """One criterion as the scorecard draws it."""

    criterion: Criterion
    value: forms.BoundField
    comment: forms.BoundField
    is_choice: bool
    levels: tuple[tuple[str, str], ...]
    weight: str
    saved: str


class ScorecardForm(Form):
    comment = forms.CharField(
        label=_("Comment on the whole entry"),
        required=False,
        max_length=COMMENT_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )
    # The page sends an empty value ahead of the box, so that an unticked box differs from no box.
    kembali = forms.BooleanField(
        label=_("Come back to this later"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, stage: Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = list(stage.criteria.all())
        for criterion in self.criteria:
            self._ask(criterion, stage.scale)

    def _ask(self, criterion: Criterion, scale: Scale) -> None:
        self.fields[VALUE + criterion.key] = MarkField(
            scale=scale, label=str(criterion), widget=value_widget(criterion, scale)
        )
        self.fields[COMMENT + criterion.key] = forms.CharField(
            label=_("Comment"),
            required=False,
            max_length=COMMENT_MAX,
            widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
        )

    @property
    def rows(self) -> list[CriterionRow]:
        return [
            CriterionRow(
                criterion=criterion,
                value=self[VALUE + criterion.key],
                comment=self[COMMENT + criterion.key],
                is_choice=isinstance(self.fields[VALUE + criterion.key].widget, forms.RadioSelect),
                levels=levels_of(criterion),
                weight=show_number(criterion.weight),
                saved=show_number(self.initial.get(VALUE + criterion.key)),
            )
            for criterion in self.criteria
        ]

    def sheet(self) -> Sheet:
        """What was typed and nothing else: an autosave sends only the fields that changed."""
        sent = {key for key in self.cleaned_data if key in self.data}
        return Sheet(
            values=self._by_key(sent, VALUE),
            comments=self._by_key(sent, COMMENT),
            comment=self.cleaned_data["comment"] if "comment" in sent else None,
            comes_back=self.cleaned_data["kembali"] if "kembali" in sent else None,
        )

    def _by_key(self, sent: set[str], prefix: str) -> dict[str, Any]:
        return {
            name.removeprefix(prefix): self.cleaned_data[name]
            for name in sent
            if name.startswith(prefix)
        }


class AutosaveForm(ScorecardForm):
    """With the fields that were sent alone. It is never drawn, so all judges share the fields."""

    def _ask(self, criterion: Criterion, scale: Scale) -> None:
        asked = {VALUE + criterion.key: mark_field(scale), COMMENT + criterion.key: REMARK}
        self.fields |= {name: field for name, field in asked.items() if name in self.data}


REMARK = forms.CharField(required=False, max_length=COMMENT_MAX, widget=forms.Textarea)


@cache
def mark_field(scale: Scale) -> MarkField:
    return MarkField(scale=scale)


def levels_of(criterion: Criterion) -> tuple[tuple[str, str], ...]:
    """Value and label of the labelled levels, from low to high."""
    return tuple((_plain(level["value"]), level["label"]) for level in criterion.levels)


def value_widget(criterion: Criterion, scale: Scale) -> forms.Widget:
    """A choice where the levels are the whole scale; else a number, with the levels as a guide."""
    if scale.is_spelt_by([Decimal(str(level["value"])) for level in criterion.levels]):
        choices = levels_of(criterion)
        attrs = {"data-weight": str(criterion.weight), "class": "form-check-input"}
        return forms.RadioSelect(choices=choices, attrs=attrs)
    return forms.TextInput(
        attrs={
            "class": "form-control",
            "inputmode": "decimal",
            "autocomplete": "off",
            "data-weight": str(criterion.weight),
        }
    )


def _plain(value: object) -> str:
    return show_number(Decimal(str(value)))


def scorecard_initial(
    saved: Mapping[str, tuple[Decimal | None, str]], *, assignment: Assignment
) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "comment": assignment.comment,
        "kembali": assignment.comes_back,
        "version": assignment.version,
    }
    for key, (value, text) in saved.items():
        initial[VALUE + key] = value
        initial[COMMENT + key] = text
    return initial


class ReasonForm(Form):
    """A reason that stays on record."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        error_messages={"required": _("Write the reason.")},
    )


class MarkForm(Form):
    """The box alone, for a sheet that is handed in."""

    kembali = forms.BooleanField(required=False)


class QueueFilter(Form):
    keadaan = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("All")), *SheetState.choices, (COMES_BACK, _("Marked to come back to"))],
    )
