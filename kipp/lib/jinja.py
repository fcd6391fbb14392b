"""The second template engine, for what is drawn most often: rows in a tenth of Django's calls.

A page is Django's; `{% draw %}` hands one of these templates the values that it names and nothing
else. What is not among them is an error, and everything is escaped.
"""

from __future__ import annotations

from typing import Any

from django.template.defaultfilters import floatformat
from django.templatetags.static import static
from django.utils.translation import gettext, ngettext, pgettext
from jinja2 import Environment, StrictUndefined

from kipp.lib.numbers import hundredths
from kipp.lib.web import address_of, row_urls


def environment(**options: Any) -> Environment:
    """As `TEMPLATES` asks for it, with `autoescape`: translations are escaped like the rest."""
    made = Environment(  # noqa: S701 - Django's backend says `autoescape=True`
        **{**options, "undefined": StrictUndefined}, trim_blocks=True, lstrip_blocks=True
    )
    made.globals.update(
        _=gettext,
        ngettext=ngettext,
        pgettext=pgettext,
        static=static,
        address_of=address_of,
        row_urls=row_urls,
        hundredths=hundredths,
    )
    made.filters["floatformat"] = floatformat
    return made
