from __future__ import annotations

from competitions.services.rounds import extend_round

__all__ = ["extend_round"]
