"""What people paste into any form of the set-up: hidden characters go, NUL is refused."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from django import forms

from accounts.models import Unit
from competitions import forms as module
from competitions.models import EligibilityRule, ReminderRule, Round
from kipp.editions.forms import CloneForm
from tests import make

pytestmark = pytest.mark.django_db

Typed = dict[str, str]
HOSTILE = "Ka\u0301t\u00a0\u202egnis\u200b\ufeff x\u0007"
SENTENCE = "Karakter null tidak diizinkan."
PLAIN = "K\u00e1t gnis x"

NEEDING: dict[str, Callable[[Typed], forms.BaseForm]] = {
    "ExtensionForm": lambda typed: module.ExtensionForm(typed, competition=make.competition()),
    "SignUpForm": lambda typed: module.SignUpForm(typed, units=Unit.objects.none()),
    "RoundForm": lambda typed: module.RoundForm(
        typed, instance=Round(competition=make.competition())
    ),
    "ReminderForm": lambda typed: module.ReminderForm(typed, instance=ReminderRule()),
    "RuleForm": lambda typed: module.RuleForm(
        typed, instance=EligibilityRule(track=make.track(make.competition()))
    ),
}
FORMS = {
    name: NEEDING.get(name, each)
    for name, each in vars(module).items()
    if inspect.isclass(each) and each.__module__ == module.__name__ and name.endswith("Form")
} | {"CloneForm": CloneForm}


def texts_of(form: forms.BaseForm) -> list[str]:
    return [name for name, field in form.fields.items() if isinstance(field, forms.CharField)]


def filled(name: str, text: str) -> forms.BaseForm:
    build: Any = FORMS[name]
    return build(dict.fromkeys(texts_of(build({})), text))  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", FORMS)
def test_text_is_cleaned_before_it_is_checked(name: str) -> None:
    form = filled(name, HOSTILE)

    form.full_clean()

    assert {form.data[field] for field in texts_of(form)} <= {PLAIN}
    assert {
        value for field, value in form.cleaned_data.items() if field in ("name", "title", "label")
    } <= {PLAIN}


@pytest.mark.parametrize("name", FORMS)
def test_nul_is_refused_with_a_sentence_at_its_field(name: str) -> None:
    form = filled(name, "a\0b")

    texts = texts_of(form)

    assert [field for field in texts if SENTENCE not in str(form.errors[field])] == []
    assert all(form.data[field] == "a\0b" for field in texts)


def test_lines_of_a_long_text_stay_and_a_title_is_one_line() -> None:
    form = module.AnnouncementForm(
        {"title": "Kabar\r\nBcc: x", "body": "satu\r\n\r\ndua\u2028tiga"}
    )

    assert form.is_valid()
    assert form.cleaned_data == {"title": "Kabar Bcc: x", "body": "satu\n\ndua\ntiga"}
