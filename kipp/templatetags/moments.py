"""Moments in templates, the Indonesian way: `{{ round.ends_at|end:competition.time_zone }}`."""

from __future__ import annotations

from datetime import date, datetime

from django.template import Library

from kipp.lib import clock

register = Library()


@register.filter
def moment(at: datetime | None, zone: str) -> str:
    return clock.show_moment(at, zone=zone) if at else ""


@register.filter
def moment_everywhere(at: datetime | None, zone: str) -> str:
    return clock.show_moment_everywhere(at, zone=zone) if at else ""


@register.filter
def end(at: datetime | None, zone: str) -> str:
    """An exclusive end as people know it: 00.00 is shown as 23.59 of the day before."""
    return clock.show_end(at, zone=zone) if at else ""


@register.filter
def end_everywhere(at: datetime | None, zone: str) -> str:
    return clock.show_end_everywhere(at, zone=zone) if at else ""


@register.filter
def day(value: date | None) -> str:
    return clock.show_date(value) if value else ""
