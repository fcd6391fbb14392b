"""Where a finding is mended, and how frozen content is shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django import template
from django.urls import reverse

from kipp.lib.clock import show_date
from proposals.checklist import Checked, CheckedLine, lines_of_checklist
from proposals.findings import Line
from proposals.models import Proposal
from proposals.queries.parts import parts_of

register = template.Library()
# What the innovation is and who sends it does not change in the proposal.
UNMENDABLE = frozenset({"header:innovation", "header:unit"})


@register.filter
def show_frozen_day(value: str) -> str:
    return show_date(date.fromisoformat(value)) if value else ""


@register.filter
def mend_url(finding: Line, proposal: Proposal) -> str:
    """Empty where the unit cannot mend it: elsewhere, or not opened for the completion."""
    if not proposal.is_open_at(finding.target) or finding.target in UNMENDABLE:
        return ""
    kind, _colon, key = finding.target.partition(":")
    if kind == "section":
        return reverse("proposals:section-edit", args=[proposal.pk, key])
    if kind == "slot":
        return reverse("proposals:attachment-list", args=[proposal.pk]) + f"#slot-{key}"
    return reverse("proposals:header-edit", args=[proposal.pk]) + f"#id_{key}"


@register.filter
def checked_lines(checklist: list[Checked]) -> list[CheckedLine]:
    return lines_of_checklist(checklist)


@register.filter
def part_names(targets: Iterable[str], proposal: Proposal) -> list[str]:
    """The parts that were opened, as people read them."""
    names = parts_of(proposal)
    return [names.get(target, target) for target in targets]
