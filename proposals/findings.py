"""Findings in words: what is wrong, what to do, and which article says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kipp.lib.clock import show_date
from proposals.eligibility import Finding, Severity

SENTENCES: Mapping[str, str | Promise] = MappingProxyType(
    {
        "title_missing": _("Write the title."),
        "category_missing": _("Choose a category."),
        "section_empty": _("Fill in “%(label)s”."),
        "section_too_long": _("Cut %(over)d words from “%(label)s” (limit %(limit)d)."),
        "file_missing": _("Attach “%(label)s”."),
        "started_on_missing": _("Give the date since when the innovation is implemented."),
        "too_young": _(
            "Will be refused: the innovation must run for %(months)d months before %(closes_on)s,"
            " so since %(latest)s at the latest."
        ),
        "earlier_winner": _(
            "Will be refused: the innovation already won %(tier)s in %(contest)s %(year)s."
        ),
        "over_quota": _(
            "Will be refused: the agency has sent %(count)d proposals of at most %(limit)d already."
        ),
        "duplicate_title": _("Will be refused: this title is also used by %(units)s."),
        "video_missing": _("Give the link of the video on YouTube."),
        "video_malformed": _("Copy the video's link from YouTube again: this one does not work."),
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """A finding as pages show it."""

    code: str
    target: str
    text: str
    article: str
    is_blocking: bool


def lines_of(findings: Iterable[Finding]) -> list[Line]:
    return [
        Line(
            code=finding.code,
            target=finding.target,
            text=sentence(finding),
            article=finding.article,
            is_blocking=finding.severity is Severity.BLOCKS,
        )
        for finding in findings
    ]


def sentence(finding: Finding) -> str:
    params = {
        name: show_date(value) if isinstance(value, date) else value
        for name, value in finding.params.items()
    }
    return " ".join((str(SENTENCES[finding.code]) % params).split())
