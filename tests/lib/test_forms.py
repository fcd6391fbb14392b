"""What every form of the portal has in common."""

from __future__ import annotations

from django.forms import modelform_factory

from competitions.models import Round
from kipp.lib.forms import ModelForm


def test_list_that_wants_an_answer_asks_for_one_instead_of_showing_dashes() -> None:
    form = modelform_factory(Round, form=ModelForm, fields=["kind", "name"])()

    drawn = str(form["kind"])

    assert '<option value="" selected>Choose</option>' in drawn
    assert "---" not in drawn
