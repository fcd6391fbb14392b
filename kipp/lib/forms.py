"""The one base of all forms: fields only, since the page owns <form>, buttons and errors.

Whatever text a field takes is cleaned here before anything counts, checks or stores it.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kipp.lib.text import clean_text, one_line

DASHES = "---------"


def form_helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


def plain_input(form: forms.BaseForm) -> Mapping[str, Any]:
    """What was typed, in NFC and without invisible characters; one line where one was asked for.

    Passwords stay as they are. A NUL is left for the field's own check, which refuses it.
    """
    cleaned = {}
    for name, field in form.fields.items():
        key = form.add_prefix(name)
        text = form.data.get(key)
        if _is_text(field) and isinstance(text, str) and "\0" not in text:
            clean = _cleaned(text, widget=field.widget)
            if clean != text:
                cleaned[key] = clean
    if not cleaned:
        return form.data
    typed: Any = copy.copy(form.data)
    for key, text in cleaned.items():
        typed[key] = text
    return typed  # type: ignore[no-any-return]


def _is_text(field: forms.Field) -> bool:
    return isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput)


def _cleaned(text: str, *, widget: forms.Widget) -> str:
    return one_line(text) if isinstance(widget, forms.TextInput) else clean_text(text)


def add_error(form: forms.BaseForm, error: ValidationError) -> None:
    """Put what a service refused at its field, or above the form where it has none."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def name_blanks(form: forms.BaseForm) -> None:
    """A list that wants an answer says so, instead of Django's nine dashes."""
    for field in form.fields.values():
        if not field.required or not isinstance(field.widget, forms.Select):
            continue
        if isinstance(field, forms.ModelChoiceField):
            if field.empty_label == DASHES:
                field.empty_label = _("Choose")
        elif isinstance(field, forms.ChoiceField):
            choices: Any = field.choices
            field.choices = [
                ("", _("Choose")) if pair == ("", DASHES) else pair for pair in choices
            ]


class CleanForm(forms.BaseForm):
    """No colon behind labels, and no text that is not cleaned before it is checked."""

    helper = form_helper()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        name_blanks(self)

    def full_clean(self) -> None:
        if self.is_bound:
            self.data = plain_input(self)
        super().full_clean()


class Form(CleanForm, forms.Form):
    pass


if TYPE_CHECKING:
    AnyModelForm = forms.ModelForm[Any]
else:
    AnyModelForm = forms.ModelForm


class ModelForm(CleanForm, AnyModelForm):
    pass


class DateInput(forms.DateInput):
    """The browser's own picker, which takes and gives no other format."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"
