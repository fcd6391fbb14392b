"""Which moment of the demo year the database holds, and how it comes to another one."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management import call_command

MOMENTS = ("workshop", "submission", "screening", "judging", "presentation", "winners")
DEFAULT = "judging"
STALE = timedelta(days=3)


class OtherYearError(Exception):
    """A database of one's own already holds something else."""


def seeded_moment(record: Path) -> str | None:
    """The moment that was completely seeded; None while there is none, or only half of one."""
    if not record.exists():
        return None
    return str(json.loads(record.read_text())["until"])


def is_stale(record: Path, *, at: datetime) -> bool:
    """The rounds lie around the day of seeding, so an old demo is past its last round."""
    seeded_at = datetime.fromisoformat(json.loads(record.read_text())["seeded_at"])
    return at - seeded_at > STALE


def is_empty() -> bool:
    return not get_user_model().objects.exists()


def seed(until: str, *, record: Path) -> None:
    record.unlink(missing_ok=True)
    call_command("seed_demo", f"--until={until}", "--mails-wait")
    record.write_text(json.dumps({"until": until, "seeded_at": datetime.now(UTC).isoformat()}))


def send_mails() -> None:
    call_command("mail", "send", stdout=StringIO())
