"""Where a finding is mended, and how frozen content is shown."""

from __future__ import annotations

from datetime import date

from django import template
from django.urls import reverse

from kipp.lib.clock import show_date
from proposals.findings import Line
from proposals.models import Proposal

register = template.Library()


@register.filter
def show_frozen_day(value: str) -> str:
    return show_date(date.fromisoformat(value)) if value else ""


@register.filter
def mend_url(finding: Line, proposal: Proposal) -> str:
    kind, _colon, key = finding.target.partition(":")
    if kind == "section":
        return reverse("proposals:section-edit", args=[proposal.pk, key])
    if kind == "slot":
        return reverse("proposals:attachment-list", args=[proposal.pk]) + f"#slot-{key}"
    return reverse("proposals:header-edit", args=[proposal.pk]) + f"#id_{key}"
