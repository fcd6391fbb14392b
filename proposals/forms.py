"""What people type, per page. Rules that need the database's state stay in the services."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from competitions.models import Section
from kipp.lib.forms import DateInput, Form
from proposals.models import Proposal
from proposals.queries.board import Chosen
from proposals.queries.register import Asked, Choices
from proposals.workflow import Holder, ProposalStatus

GOALS = (
    (1, _("No poverty")),
    (2, _("Zero hunger")),
    (3, _("Good health and well-being")),
    (4, _("Quality education")),
    (5, _("Gender equality")),
    (6, _("Clean water and sanitation")),
    (7, _("Affordable and clean energy")),
    (8, _("Decent work and economic growth")),
    (9, _("Industry, innovation and infrastructure")),
    (10, _("Reduced inequalities")),
    (11, _("Sustainable cities and communities")),
    (12, _("Responsible consumption and production")),
    (13, _("Climate action")),
    (14, _("Life below water")),
    (15, _("Life on land")),
    (16, _("Peace, justice and strong institutions")),
    (17, _("Partnerships for the goals")),
)
# What a column of PostgreSQL holds.
MOST_VERSIONS = 2_147_483_647
EARLIEST_YEAR, LATEST_YEAR = 1945, 2100
RECEIPT = re.compile(r"[A-Z0-9_-]+")


class Text(forms.CharField):
    """Several lines of text."""

    def __init__(self, *, rows: int = 4, max_length: int = 2000, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=max_length, widget=widget, **kwargs)


class Day(forms.DateField):
    """A date, by the browser's own picker; also typed as 28-02-2026 or 28/02/2026."""

    def __init__(self, **kwargs: Any) -> None:
        formats = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"]
        super().__init__(widget=DateInput(), input_formats=formats, **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
            raise ValidationError(_("Check the year."), code="year")


class VersionForm(Form):
    """The version that the person saw; 0 when the section was never saved."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST_VERSIONS)


class TextForm(VersionForm):
    """The text keeps its spaces at both ends."""

    text = forms.CharField(label=_("Your text"), required=False, strip=False, widget=forms.Textarea)


class AnswerForm(TextForm):
    """The same as the page of a section shows it."""

    def __init__(self, *args: Any, section: Section, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = section.shown_label
        self.fields["text"].widget.attrs.update(
            {
                "class": "form-control",
                "rows": rows_for(section.word_limit),
                "data-words-in": "words",
                "data-word-limit": section.word_limit,
                "aria-describedby": "words guidance",
            }
        )


def rows_for(word_limit: int) -> int:
    """About nine words a line: the box is as tall as the text it asks for, within reason."""
    return min(24, max(8, word_limit // 14))


class UploadForm(Form):
    """`end` is the button, behind the file: where the request lacks it, the file was cut off."""

    end = forms.CharField(
        widget=forms.HiddenInput,
        initial="1",
        error_messages={"required": _("The file did not arrive whole. Send it again.")},
    )
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file first.")},
    )


class ConfirmForm(Form):
    """Nothing but the button."""


class SendForm(Form):
    """The token makes a double click and a retry one sending."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    statement = forms.BooleanField(
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        label=_("I have read this proposal. Its content is true and I endorse it."),
        error_messages={"required": _("Tick the statement to endorse the proposal.")},
    )


class PileForm(SendForm):
    """Several at once; the page draws the boxes."""

    proposals = forms.ModelMultipleChoiceField(
        queryset=Proposal.objects.none(),
        error_messages={"required": _("Tick at least one proposal that you have read.")},
    )

    def __init__(self, *args: Any, queue: QuerySet[Proposal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proposals: Any = self.fields["proposals"]
        proposals.queryset = queue
        self.fields["statement"].label = _(
            "I have read these proposals. Their content is true and I endorse them."
        )

    def ticked(self) -> frozenset[str]:
        """What stays ticked after a refusal."""
        values: Any = self.data
        return frozenset(values.getlist("proposals")) if self.is_bound else frozenset()


class ResubmitForm(Form):
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class ReturnForm(Form):
    """A general note and one per section."""

    note = Text(label=_("Note on the whole proposal"), required=False)

    def __init__(self, *args: Any, sections: Iterable[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = {f"section_{section.key}": section.key for section in sections}
        for section in sections:
            self.fields[f"section_{section.key}"] = Text(
                label=_("Note on “%(label)s”") % {"label": section.shown_label},
                required=False,
                rows=2,
            )

    def section_notes(self) -> dict[str, str]:
        return {key: self.cleaned_data[name] for name, key in self.keys.items()}


class ReasonForm(Form):
    reason = Text(label=_("Reason"), max_length=1000)


class BoardFilter(Form):
    status = forms.ChoiceField(label=_("Status"), required=False)
    holder = forms.ChoiceField(label=_("Held by"), required=False)
    agency = forms.TypedChoiceField(label=_("Agency"), required=False, coerce=int, empty_value=None)
    text = forms.CharField(label=_("Unit, title or receipt"), required=False, max_length=100)

    def __init__(self, *args: Any, agencies: Collection[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        status: Any = self.fields["status"]
        holder: Any = self.fields["holder"]
        agency: Any = self.fields["agency"]
        status.choices = [("", _("All")), *ProposalStatus.choices]
        holder.choices = [("", _("All")), *Holder.choices]
        agency.choices = [("", _("All")), *((str(pk), name) for pk, name in agencies)]

    def chosen(self) -> Chosen:
        """What was understood; a value that nobody offers filters nothing."""
        self.is_valid()
        return cast("Chosen", self.cleaned_data)


class RegisterFilter(Form):
    text = forms.CharField(label=_("Words, name or number"), required=False, max_length=100)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label=_("Kind of unit"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    tier = forms.ChoiceField(label=_("Result"), required=False)
    goal = forms.TypedChoiceField(
        label=_("Sustainable development goal"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(GOALS)
        offered = {
            "year": [(str(year), str(year)) for year in choices.years],
            "kind": [(kind, kind) for kind in choices.kinds],
            "category": [(name, name) for name in choices.categories],
            "tier": [(tier, tier) for tier in choices.tiers],
            "goal": [
                (str(goal), f"{goal}. {names[goal]}") for goal in choices.goals if goal in names
            ],
        }
        for name, pairs in offered.items():
            field: Any = self.fields[name]
            field.choices = [("", _("All")), *pairs]

    def asked(self) -> Asked:
        """What was understood; a value that nobody offers filters nothing, but is said to be so."""
        self.is_valid()
        understood: Any = {name: self.cleaned_data.get(name) for name in self.fields}
        return cast("Asked", understood)


class ReceiptForm(Form):
    receipt = forms.CharField(label=_("Receipt number"), max_length=80)

    def clean_receipt(self) -> str:
        number = str(self.cleaned_data["receipt"]).upper().replace(" ", "")
        if not RECEIPT.fullmatch(number):
            raise ValidationError(
                _("A receipt number has letters, digits and dashes, like KIPP-2020-0007."),
                code="receipt",
            )
        return number
