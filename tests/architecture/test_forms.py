"""Whatever a person types goes through one base, which cleans it before anything reads it."""

from __future__ import annotations

from collections.abc import Iterator

from django.forms import BaseForm

from kipp import urls
from kipp.lib.forms import CleanForm
from tests.architecture.sources import PACKAGES


def descendants(form: type[BaseForm]) -> Iterator[type[BaseForm]]:
    for child in form.__subclasses__():
        yield child
        yield from descendants(child)


def test_every_form_cleans_what_is_typed() -> None:
    assert urls.urlpatterns  # every view is loaded, and with it its forms
    ours = {form for form in descendants(BaseForm) if form.__module__.split(".")[0] in PACKAGES}

    assert len(ours) > 50
    assert {form for form in ours if not issubclass(form, CleanForm)} == set()
