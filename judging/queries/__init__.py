from __future__ import annotations

from judging.queries.reminders import judges_of, judges_with_open_sheets

__all__ = ["judges_of", "judges_with_open_sheets"]
