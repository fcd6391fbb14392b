"""gunicorn as production has it: without what only tools of tests bring along.

structlog and kombu load these where they find them: 7 MB of a worker.
"""

from __future__ import annotations

import runpy
import sys
from typing import Any

NOT_THERE = ("greenlet", "rich", "yaml")

if __name__ == "__main__":
    missing: dict[str, Any] = dict.fromkeys(NOT_THERE)
    sys.modules.update(missing)
    runpy.run_module("gunicorn", run_name="__main__", alter_sys=True)
