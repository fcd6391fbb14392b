"""The one crispy base: a form draws its fields; the page owns <form>, buttons and errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms


def form_helper(*fields: Any) -> FormHelper:
    """Fields only; pass layout objects to group them, nothing to draw all in order."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.form_show_errors = True
    if fields:
        helper.layout = Layout(*fields)
    return helper


class Form(forms.Form):
    """The page's error summary shows non-field errors too, linked and focused."""

    helper = form_helper()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


if TYPE_CHECKING:
    AnyModelForm = forms.ModelForm[Any]
else:
    AnyModelForm = forms.ModelForm


class ModelForm(AnyModelForm):
    helper = form_helper()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
