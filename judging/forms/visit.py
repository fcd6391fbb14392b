from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from judging.forms.timetable import LinesField
from judging.models import Question, Visit, VisitAnswer
from judging.services import Findings
from judging.services.visiting import LONGEST_NOTE, LONGEST_SUMMARY, PHOTO_MAX_BYTES
from kipp.lib.forms import DateInput, Form
from proposals.forms import UploadForm

VALUE, NOTE = "jawaban-", "catatan-"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    question: Question
    value: forms.BoundField
    note: forms.BoundField


class VisitForm(Form):
    """The checklist; everything may stay open until the report is handed in."""

    visited_on = forms.DateField(label=_("Day of the visit"), required=False, widget=DateInput())
    summary = forms.CharField(
        label=_("What was found on the whole"),
        required=False,
        max_length=LONGEST_SUMMARY,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[f"{VALUE}{question.key}"] = forms.ChoiceField(
                label=question.label,
                required=False,
                choices=VisitAnswer.Value.choices,
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            )
            self.fields[f"{NOTE}{question.key}"] = forms.CharField(
                label=_("Note"),
                required=False,
                max_length=LONGEST_NOTE,
                widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
            )

    @property
    def rows(self) -> list[QuestionRow]:
        return [
            QuestionRow(
                question=each, value=self[f"{VALUE}{each.key}"], note=self[f"{NOTE}{each.key}"]
            )
            for each in self.questions
        ]

    def findings(self) -> Findings:
        keys = [question.key for question in self.questions]
        return Findings(
            visited_on=self.cleaned_data["visited_on"],
            summary=self.cleaned_data["summary"],
            values={key: self.cleaned_data[f"{VALUE}{key}"] for key in keys},
            notes={key: self.cleaned_data[f"{NOTE}{key}"] for key in keys},
        )


def visit_initial(visit: Visit | None) -> dict[str, object]:
    if visit is None:
        return {"version": 0}
    known: dict[str, object] = {
        name: getattr(visit, name) for name in ("visited_on", "summary", "version")
    }
    for answer in visit.answers.select_related("question"):
        known[f"{VALUE}{answer.question.key}"] = answer.value
        known[f"{NOTE}{answer.question.key}"] = answer.note
    return known


class PhotoForm(UploadForm):
    """On a phone the file field offers the camera."""

    caption = forms.CharField(label=_("What the photo shows"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        picker = self.fields["file"]
        picker.label = _("Photo")
        picker.widget.attrs["accept"] = "image/jpeg,image/png,image/webp"
        megabytes = PHOTO_MAX_BYTES // 1024 // 1024
        picker.help_text = _(
            "JPG, PNG or WebP, at most %(size)s MB. Place and camera are removed."
        ) % {"size": megabytes}


class ChecklistForm(Form):
    questions = LinesField(
        label=_("Questions"),
        required=False,
        most=40,
        longest=300,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("One line per question that is answered with yes, partly or no."),
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
