from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation.trans_real import catalog

register = template.Library()


@register.simple_tag
def draw(name: str, /, **values: Any) -> SafeString:
    """A template of Jinja (`kipp.lib.jinja`): it has escaped what it shows.

    The language is looked up once for the whole template, not once for each sentence.
    """
    spoken = {"_": catalog().gettext}
    return SafeString(render_to_string(name, values | spoken, using="jinja2"))
