"""The second template engine, for what is drawn most often: rows in a tenth of Django's calls.

A page is Django's; `{% draw %}` hands one of these templates the values that it names and nothing
else. What is not among them is an error, and everything is escaped.
"""

from __future__ import annotations

from typing import Any

from django.template.defaultfilters import floatformat
from django.templatetags.static import static
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined

from kipp.lib.web import address_of, row_urls

TRANSLATOR = "jinja2.ext.i18n"


def environment(**options: Any) -> Environment:
    """As `TEMPLATES` asks for it, which sets `autoescape`."""
    made = Environment(  # noqa: S701 - Django's backend says `autoescape=True`
        **{**options, "undefined": StrictUndefined},
        extensions=[TRANSLATOR],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    made.filters["floatformat"] = floatformat
    made.globals.update(static=static, address_of=address_of, row_urls=row_urls)
    return made
