from __future__ import annotations

from django import template

from accounts.passwords import advice

register = template.Library()
register.simple_tag(advice, name="password_advice")
