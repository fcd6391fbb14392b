"""Moments of a competition in its own zone: `{{ ends_at|show_end:competition.time_zone }}`."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import template
from django.db import models
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from competitions import leads as leads_
from competitions.models import AttachmentSlot, EligibilityRule, Section, Tier
from kipp.lib import clock
from kipp.lib.markdown import render_markdown

register = template.Library()


@register.filter
def show_end(ends_at: datetime, zone: str) -> str:
    return clock.show_end(ends_at, zone=zone)


@register.filter
def show_end_everywhere(ends_at: datetime, zone: str) -> str:
    return clock.show_end_everywhere(ends_at, zone=zone)


@register.filter
def show_moment(at: datetime, zone: str) -> str:
    return clock.show_moment(at, zone=zone)


@register.filter
def show_time(at: datetime, zone: str) -> str:
    return clock.show_time(at, zone=zone)


@register.filter
def show_day(at: datetime, zone: str) -> str:
    return clock.show_weekday(at.astimezone(ZoneInfo(zone)).date())


@register.filter
def markdown(text: str) -> SafeString:
    return render_markdown(text)


@register.filter
def show_moment_everywhere(at: datetime, zone: str) -> str:
    return clock.show_moment_everywhere(at, zone=zone)


@register.filter
def show_date(value: date | None) -> str:
    return clock.show_date(value) if value else ""


@register.filter
def show_weekday(value: date) -> str:
    return clock.show_weekday(value)


@register.filter
def show_month(value: date) -> str:
    return clock.show_month(value)


@register.filter
def show_leads(leads: list[int]) -> str:
    return leads_.show_leads(leads)


@register.filter
def show_lead(minutes: int) -> str:
    return leads_.show_lead(minutes)


@register.filter
def part_note(part: models.Model) -> str:
    """What a list of the set-up says about a part beside its name."""
    if isinstance(part, Section):
        words = _("%(words)s words at most") % {"words": part.word_limit}
        weight = _("weight %(weight)s%%") % {"weight": f"{part.weight.normalize():f}"}
        return f"{words}, {weight}" if part.weight else words
    if isinstance(part, AttachmentSlot):
        size = _("at most %(size)s MB") % {"size": part.max_mb}
        return f"{part.get_kind_display()}, {size}"
    if isinstance(part, EligibilityRule) and part.severity == EligibilityRule.Severity.WARNS:
        return part.get_severity_display()
    if isinstance(part, Tier):
        return _("%(size)s places") % {"size": part.size}
    return ""
