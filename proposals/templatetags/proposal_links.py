"""Where a finding is mended, and how frozen content is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from types import MappingProxyType

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kipp.lib.clock import show_date, show_end, show_end_everywhere
from kipp.lib.web import row_urls
from proposals.checklist import Checked, CheckedLine, lines_of_checklist
from proposals.findings import Line
from proposals.likeness import Reason
from proposals.models import Proposal, VideoCheck
from proposals.queries.deadlines import Window
from proposals.queries.parts import parts_of
from proposals.queries.progress import SlotLine
from proposals.queries.similar import Similar

register = template.Library()
# What the innovation is and who sends it does not change in the proposal.
UNMENDABLE = frozenset({"header:innovation", "header:unit"})

REASONS = MappingProxyType(
    {
        Reason.SAME_NAME: gettext_lazy("The same name"),
        Reason.NEAR_NAME: gettext_lazy("A similar name"),
        Reason.NEAR_TEXT: gettext_lazy("A similar text"),
    }
)


@register.filter
def show_frozen_day(value: str) -> str:
    return show_date(date.fromisoformat(value)) if value else ""


@register.filter
def show_until(window: Window, zone: str) -> SafeString:
    """The end; what was announced before an extension struck through in front of it."""
    struck = format_html_join(
        "",
        '<del><span class="visually-hidden">{} </span>{}</del> ',
        ((_("Old end:"), show_end(end, zone=zone)) for end in window.earlier),
    )
    return format_html("{}{}", struck, show_end_everywhere(window.ends_at, zone=zone))


@register.filter
def mend_urls(findings: Iterable[Line], proposal: Proposal) -> dict[str, str]:
    """By the finding; empty where the unit cannot mend it: elsewhere, or not opened to complete."""
    header = reverse("proposals:header-edit", args=[proposal.pk])
    files = reverse("proposals:attachment-list", args=[proposal.pk])
    places: dict[str, Callable[[str], str]] = {
        "section": row_urls("proposals:section-edit", proposal.pk),
        "slot": f"{files}#slot-{{}}".format,
    }
    urls = {}
    for finding in findings:
        kind, _colon, key = finding.target.partition(":")
        is_open = proposal.is_open_at(finding.target) and finding.target not in UNMENDABLE
        urls[finding.key] = places.get(kind, f"{header}#id_{{}}".format)(key) if is_open else ""
    return urls


@register.filter
def at_section(slots: Iterable[SlotLine], key: str) -> list[SlotLine]:
    """The files beside one section; with an empty key those of the proposal as a whole."""
    return [line for line in slots if line.slot.section_key == key]


@register.filter
def checked_lines(checklist: list[Checked]) -> list[CheckedLine]:
    return lines_of_checklist(checklist)


@register.filter
def part_names(targets: Iterable[str], proposal: Proposal) -> list[str]:
    """The parts that were opened, as people read them."""
    names = parts_of(proposal)
    return [names.get(target, target) for target in targets]


@register.filter
def reason_of(similar: Similar) -> str:
    """Why the two stand side by side, with the share of text that they have in common."""
    said = str(REASONS[similar.likeness.reason])
    if similar.is_by_text:
        percent = round(similar.likeness.score * 100)
        return _("%(reason)s: about %(percent)d%% in common") % {"reason": said, "percent": percent}
    return said


@register.filter
def with_reasons(found: Iterable[Similar]) -> list[tuple[Similar, str]]:
    return [(similar, reason_of(similar)) for similar in found]


@register.filter
def video_check(url: str) -> VideoCheck | None:
    return VideoCheck.objects.filter(url=url).first()
