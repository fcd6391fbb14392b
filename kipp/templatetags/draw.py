from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def draw(name: str, /, **values: Any) -> SafeString:
    """A template of Jinja (`kipp.lib.jinja`): it has escaped what it shows."""
    return SafeString(render_to_string(name, values, using="jinja2"))
