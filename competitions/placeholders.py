"""Words in braces that the portal fills in: a fixed list, one pass, never a program."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")


def require_known(line: str, *, known: Collection[str]) -> None:
    """Refuse what the portal could not fill in; the sentence names it."""
    for name in PLACEHOLDER.findall(line):
        if name not in known:
            raise ValidationError(
                _("{%(name)s} is no placeholder; known are: %(known)s."),
                code="placeholder_unknown",
                params={"name": name[:80], "known": ", ".join(known)},
            )
    rest = PLACEHOLDER.sub("", line)
    if "{" in rest or "}" in rest:
        raise ValidationError(
            _("A brace without its other half: %(line)s"),
            code="placeholder_brace",
            params={"line": line[:80]},
        )


def fill(text: str, values: Mapping[str, str]) -> str:
    """What stands in a value is not looked at again."""
    return PLACEHOLDER.sub(lambda found: values[found[1]], text)
