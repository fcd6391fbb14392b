from __future__ import annotations

import runpy

import pytest
from django.template import Context, Template, engines
from django.template.loader import render_to_string
from django.utils import translation
from jinja2 import UndefinedError

from tests.architecture.sources import ROOT

HOSTILE = "<script>alert('1')</script>\"&"
ESCAPED = "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&#34;&amp;"


def drawn(source: str, **values: object) -> str:
    return engines["jinja2"].from_string(source).render(values)


def test_whatever_is_shown_is_escaped() -> None:
    assert drawn('<b title="{{ text }}">{{ text }}</b>', text=HOSTILE) == (
        f'<b title="{ESCAPED}">{ESCAPED}</b>'
    )


def test_what_stands_in_a_sentence_is_escaped() -> None:
    with translation.override("en"):
        said = drawn('{{ _("Place %(place)s") % {"place": text} }}', text=HOSTILE)

    assert said == f"Place {ESCAPED}"


def test_rows_reach_the_page_escaped_once() -> None:
    row = dict.fromkeys(("position", "title", "unit", "label", "tone", "total"), HOSTILE)
    page = Template('{% load draw %}{% draw "judging/_queue_rows.jinja" rows=rows %}')

    text = page.render(Context({"rows": [row | {"url": "", "comes_back": False}]}))

    assert "<script>" not in text
    assert text.count(ESCAPED) == 6
    assert "&amp;lt;" not in text


def test_a_value_that_was_not_handed_over_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render_to_string("judging/_queue_rows.jinja", {}, using="jinja2")


@pytest.mark.parametrize(("language", "said"), [("id", "Hari ini"), ("en", "Today")])
def test_sentences_follow_the_language_of_the_moment(language: str, said: str) -> None:
    with translation.override(language):
        assert drawn('{{ _("Today") }}') == said


def test_sentences_are_collected() -> None:
    rows = '{{ ngettext("%(n)s row", "%(n)s rows", n) }}'
    source = f'<p>{{{{ _("Save") }}}}</p>\n{rows}{{{{ pgettext("tab", "Open") }}}}'

    in_jinja = runpy.run_path(str(ROOT / "scripts" / "messages.py"))["in_jinja"]

    assert list(in_jinja(source)) == [
        (1, (None, "Save", None)),
        (2, (None, "%(n)s row", "%(n)s rows")),
        (2, ("tab", "Open", None)),
    ]
