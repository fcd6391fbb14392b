from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from judging.models import FeedbackNote
from kipp.lib.forms import Form


class NotesForm(Form):
    """One field per comment of a page; an emptied one is withheld."""

    def __init__(self, *args: Any, notes: Iterable[FeedbackNote], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notes = {f"note_{note.pk}": note for note in notes}
        for name, note in self.notes.items():
            criterion = f", {note.score.criterion}" if note.score else ""
            self.fields[name] = forms.CharField(
                label=f"{note.assignment.entry}{criterion}",
                required=False,
                max_length=5000,
                initial=note.text,
                widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
            )

    def texts(self) -> dict[int, str]:
        return {note.pk: self.cleaned_data[name] for name, note in self.notes.items()}

    def rows(self) -> list[tuple[forms.BoundField, FeedbackNote]]:
        return [(self[name], note) for name, note in self.notes.items()]
