"""Moments of a competition in its own zone: `{{ ends_at|show_end:competition.time_zone }}`."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.safestring import SafeString

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
def show_day(at: datetime, zone: str) -> str:
    return clock.show_weekday(at.astimezone(ZoneInfo(zone)).date())


@register.filter
def show_last_day(ends_at: datetime, zone: str) -> str:
    last = clock.last_minute(ends_at, zone=zone)
    return clock.show_weekday(last.astimezone(ZoneInfo(zone)).date())


@register.filter
def markdown(text: str) -> SafeString:
    return render_markdown(text)


@register.filter
def show_moment_everywhere(at: datetime, zone: str) -> str:
    return clock.show_moment_everywhere(at, zone=zone)


@register.filter
def show_date(value: date | None) -> str:
    return clock.show_date(value) if value else ""
