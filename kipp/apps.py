from __future__ import annotations

from django.apps import AppConfig


class KippConfig(AppConfig):
    name = "kipp"
