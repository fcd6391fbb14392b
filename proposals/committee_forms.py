"""What the committee types at the screening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kipp.lib.clock import parse_end
from kipp.lib.forms import DateInput, Form
from proposals.checklist import key_of
from proposals.eligibility import Finding
from proposals.findings import sentence
from proposals.forms import Text
from proposals.models import OverrideReason, ReasonCode, Screening

CHECK = "check_"


class ScreeningForm(Form):
    """Beside the decision a field per finding: confirmed, or why it does not apply."""

    verdict = forms.ChoiceField(
        label=_("Decision"), choices=Screening.Verdict.choices, widget=forms.RadioSelect
    )
    reasons = forms.MultipleChoiceField(
        label=_("Reasons"),
        choices=ReasonCode.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Needed unless it passes."),
    )
    note = Text(label=_("Note to the unit"), required=False)
    due_at = forms.CharField(
        label=_("To be completed by"),
        required=False,
        max_length=40,
        widget=DateInput(),
        help_text=_("Only for a return for completion; until 23.59 on that day."),
    )
    unlocked = forms.MultipleChoiceField(
        label=_("What the unit may change"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only for a return for completion; everything else stays as it was sent."),
    )

    def __init__(
        self,
        *args: Any,
        time_zone: str,
        findings: Sequence[Finding],
        parts: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        asked = [finding.target for finding in findings if finding.target in parts]
        super().__init__(*args, initial={"unlocked": asked}, **kwargs)
        self.time_zone, self.findings = time_zone, findings
        unlocked: Any = self.fields["unlocked"]
        unlocked.choices = list(parts.items())
        checks: dict[str, forms.Field] = {}
        for finding in findings:
            checks[CHECK + key_of(finding)] = forms.ChoiceField(
                label=sentence(finding),
                choices=[("", _("Confirmed")), *OverrideReason.choices],
                required=False,
                help_text=finding.article,
            )
        self.fields = {**checks, **self.fields}

    @property
    def judged(self) -> list[forms.BoundField]:
        """The findings, the decision and its reasons: choices, like what the unit may change."""
        checks = [name for name in self.fields if name.startswith(CHECK)]
        return [self[name] for name in [*checks, "verdict", "reasons"]]

    @property
    def opened(self) -> list[forms.BoundField]:
        return [self["unlocked"]]

    def judgement(self) -> dict[str, Any]:
        """What `services.screen_submission` takes."""
        given = self.cleaned_data
        plain = {name: value for name, value in given.items() if not name.startswith(CHECK)}
        overrides = {
            name.removeprefix(CHECK): value
            for name, value in given.items()
            if name.startswith(CHECK) and value
        }
        return {**plain, "overrides": overrides}

    def clean_due_at(self) -> object:
        text: str = self.cleaned_data["due_at"].strip()
        return parse_end(text, zone=self.time_zone) if text else None


class NoticeForm(Form):
    number = forms.CharField(label=_("Number of the announcement"), max_length=120)
    signer = forms.CharField(label=_("Signed by (name with titles)"), max_length=150)
