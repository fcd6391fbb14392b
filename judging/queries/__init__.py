from __future__ import annotations

from judging.queries.reminders import OpenSheets, judges_with_open_sheets

__all__ = ["OpenSheets", "judges_with_open_sheets"]
