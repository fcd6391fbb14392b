"""The difference between two runs as the text of an addendum."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from judging.queries.differences import Changed, Difference, outcome_of

MOST_MOVED = 100


def difference_text(difference: Difference) -> str:
    """Call it where Indonesian is active: minutes are."""
    return "\n".join(_lines(difference))


def _lines(difference: Difference) -> Iterator[str]:
    yield _("Version %(new)d of the ranking replaces version %(old)d.") % {
        "new": difference.new.version,
        "old": difference.old.version,
    }
    if not (difference.won or difference.moved):
        yield _("No place and no outcome changed.")
    for each in difference.won:
        yield _("%(title)s (%(unit)s): %(before)s, now %(now)s.") % {
            "title": each.title,
            "unit": each.unit,
            "before": outcome_of(each.before) or _("no tier"),
            "now": outcome_of(each.now) or _("no tier"),
        }
    for each in difference.moved[:MOST_MOVED]:
        yield _("%(title)s (%(unit)s): place %(before)s, now %(now)s.") % {
            "title": each.title,
            "unit": each.unit,
            "before": _place(each, is_now=False),
            "now": _place(each, is_now=True),
        }
    if len(difference.moved) > MOST_MOVED:
        yield _("and %(count)d more.") % {"count": len(difference.moved) - MOST_MOVED}


def _place(changed: Changed, *, is_now: bool) -> str:
    standing = changed.now if is_now else changed.before
    return str(standing.place) if standing and standing.place else "-"
