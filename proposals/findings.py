"""Findings in words: what is wrong, what to do, and which article says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kipp.lib.clock import show_date
from proposals.content import FrozenFinding
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
            "the innovation must run for %(months)d months before %(closes_on)s, so since"
            " %(latest)s at the latest."
        ),
        "earlier_winner": _("the innovation already won %(tier)s in %(contest)s %(year)s."),
        "never_won": _("this track is for innovations that won: %(tiers)s."),
        "won_too_often": _("the innovation won %(tiers)s %(count)d times already (%(years)s)."),
        "over_quota": _("the agency has sent %(count)d proposals of at most %(limit)d already."),
        "unit_over_quota": _("the unit has sent %(count)d proposals of at most %(limit)d already."),
        "duplicate_title": _("this title is also used by %(units)s."),
        "video_missing": _("Give the link of the video."),
        "video_malformed": _(
            "Copy the video's link again: it begins with https:// and names one video."
        ),
        "video_foreign_host": _("Put the video on one of these and copy its link: %(hosts)s."),
        "video_dead": _("nobody can watch the video of this link."),
    }
)


# Codes whose sentence says why; the others say what to do and need no introduction.
REASONS = frozenset(
    {
        "too_young",
        "earlier_winner",
        "never_won",
        "won_too_often",
        "over_quota",
        "unit_over_quota",
        "duplicate_title",
        "video_dead",
    }
)
LABELS: Mapping[Severity, tuple[str | Promise, str]] = MappingProxyType(
    {
        Severity.BLOCKS: (_("Missing"), "danger"),
        Severity.REFUSES: (_("Will be refused"), "wait"),
        Severity.WARNS: (_("Note"), "info"),
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """A finding as pages show it."""

    code: str
    target: str
    text: str
    article: str
    label: str
    tone: str
    severity: str = Severity.BLOCKS.value

    @property
    def key(self) -> str:
        """Names the finding within one proposal."""
        return f"{self.code}:{self.target}"


def lines_of(findings: Iterable[Finding]) -> list[Line]:
    return [line_of(finding) for finding in findings]


def line_of(finding: Finding) -> Line:
    label, tone = LABELS[finding.severity]
    return Line(
        code=finding.code,
        target=finding.target,
        text=sentence(finding),
        article=finding.article,
        label=str(label),
        tone=tone,
        severity=finding.severity.value,
    )


def fact(finding: Finding) -> str:
    """Without what will come of it: for whoever reads it after the decision."""
    return capfirst(_said(finding))


def sentence(finding: Finding) -> str:
    said = _said(finding)
    if finding.code not in REASONS:
        return said
    if finding.severity is Severity.REFUSES:
        return str(_("Will be refused because %(reason)s")) % {"reason": said}
    return str(_("Please note: %(reason)s")) % {"reason": said}


def _said(finding: Finding) -> str:
    params = {
        name: show_date(value) if isinstance(value, date) else value
        for name, value in finding.params.items()
    }
    return " ".join((str(SENTENCES[finding.code]) % params).split())


def freeze(finding: Finding) -> FrozenFinding:
    return {
        "code": finding.code,
        "target": finding.target,
        "severity": finding.severity.value,
        "article": finding.article,
        "params": {
            name: {"day": value.isoformat()} if isinstance(value, date) else value
            for name, value in finding.params.items()
        },
    }


def thaw(frozen: FrozenFinding) -> Finding:
    return Finding(
        code=frozen["code"],
        target=frozen["target"],
        severity=Severity(frozen["severity"]),
        article=frozen["article"],
        params={
            name: date.fromisoformat(value["day"]) if isinstance(value, dict) else value
            for name, value in frozen["params"].items()
        },
    )
