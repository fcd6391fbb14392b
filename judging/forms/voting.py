from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from judging.models import Standing
from kipp.lib.forms import Form

ORDER = "urutan-"


class VoteForm(Form):
    """The panel's order within each group that is tied at a line."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, groups: Sequence[Sequence[Standing]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = groups
        for group in groups:
            for standing in group:
                self.fields[f"{ORDER}{standing.pk}"] = forms.IntegerField(
                    label=str(standing.entry),
                    help_text=standing.entry.proposal.unit.name,
                    min_value=1,
                    max_value=len(group),
                )
        self.fields["reason"] = forms.CharField(
            label=_("When and how the panel voted"),
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": _("Write when and how the panel voted.")},
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for group in self.groups:
            names = [f"{ORDER}{standing.pk}" for standing in group]
            given = [cleaned[name] for name in names if name in cleaned]
            if len(given) == len(group) and len(set(given)) < len(group):
                raise ValidationError(
                    _("Give each number from 1 to %(count)s once among the entries that are tied."),
                    code="not_an_order",
                    params={"count": len(group)},
                )
        return cleaned

    def orders(self) -> list[list[str]]:
        """Receipts, best first, group by group."""
        return [
            [
                standing.entry.submission.receipt
                for standing in sorted(
                    group, key=lambda each: self.cleaned_data[f"{ORDER}{each.pk}"]
                )
            ]
            for group in self.groups
        ]
