"""A backup is one archive: the database as of one moment, every file it names, and a manifest."""

from __future__ import annotations


class BackupError(Exception):
    """The message says what is wrong and what to do."""
