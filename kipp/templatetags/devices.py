from __future__ import annotations

from django import template

from kipp.lib.devices import device_name

register = template.Library()
register.filter("device_name", device_name)
