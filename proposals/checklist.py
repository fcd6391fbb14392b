"""The screener's checklist: what the rules found, and what the committee made of each finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from proposals.content import FrozenFinding
from proposals.eligibility import Finding, Severity
from proposals.findings import fact, freeze, thaw
from proposals.models import OverrideReason


class Checked(TypedDict):
    """`override` is an `OverrideReason`, empty when the finding was confirmed."""

    finding: FrozenFinding
    override: str


@dataclass(frozen=True, slots=True)
class CheckedLine:
    text: str
    article: str
    override: str

    @property
    def override_label(self) -> str:
        return str(OverrideReason(self.override).label) if self.override else ""


def key_of(finding: Finding) -> str:
    """Names the finding within one proposal."""
    return f"{finding.code}:{finding.target}"


def union(now: Sequence[Finding], then: Sequence[Finding]) -> list[Finding]:
    """What the rules find today, and what they found at the submission and no longer do."""
    known = {key_of(finding) for finding in now}
    return [*now, *(finding for finding in then if key_of(finding) not in known)]


def check_off(findings: Sequence[Finding], *, overrides: Mapping[str, str]) -> list[Checked]:
    """Every finding with its override; raises for one that is unknown or has no reason."""
    keys = {key_of(finding) for finding in findings}
    if not keys.issuperset(overrides):
        raise ValidationError(
            _("The checklist has changed meanwhile. Read it again and decide."), code="stale"
        )
    for reason in overrides.values():
        if reason not in OverrideReason:
            raise ValidationError(
                _("Choose why the rule does not apply, from the list."), code="no_reason"
            )
    return [
        {"finding": freeze(finding), "override": overrides.get(key_of(finding), "")}
        for finding in findings
    ]


def still_refused(checklist: Iterable[Checked]) -> list[Checked]:
    """Confirmed findings that a proposal cannot pass with."""
    return [
        checked
        for checked in checklist
        if not checked["override"] and checked["finding"]["severity"] != Severity.WARNS
    ]


def lines_of_checklist(checklist: Iterable[Checked]) -> list[CheckedLine]:
    return [
        CheckedLine(
            text=fact(thaw(checked["finding"])),
            article=checked["finding"]["article"],
            override=checked["override"],
        )
        for checked in checklist
    ]


def merge(first: Iterable[Checked], second: Iterable[Checked]) -> list[Checked]:
    """Of two screeners who agree: overridden is what both did not confirm."""
    overrides = {
        key_of(thaw(checked["finding"])): checked["override"]
        for checked in first
        if checked["override"]
    }
    return [
        {**checked, "override": checked["override"] and overrides.get(key, "")}
        for checked in second
        for key in [key_of(thaw(checked["finding"]))]
    ]
