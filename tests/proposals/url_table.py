"""Who gets what at each address of this app; read by the test of all addresses."""

from __future__ import annotations

ROWS: dict[str, str] = {}
