"""Every night: unfinished uploads that nobody carried on, and files that belong to no row."""

from __future__ import annotations

from datetime import datetime, timedelta

from competitions.models import Material
from kipp.lib.sweeping import list_orphans, remove_orphans
from proposals import services
from proposals.queries.files import blobs_in_use, uploads_in_use

ORPHAN_AGE = timedelta(hours=24)


def files_in_use() -> set[str]:
    """Hashes of files and owners of parts: every model that names a file is asked here."""
    materials = Material.objects.exclude(sha256="").values_list("sha256", flat=True)
    return {*blobs_in_use(), *uploads_in_use(), *materials}


def sweep_files(*, at: datetime) -> int:
    """Count what was removed. An upload may be on its way: what is younger than a day stays."""
    expired = services.expire_uploads(at=at)
    orphans = list_orphans(files_in_use(), before=at - ORPHAN_AGE)
    return expired + remove_orphans(orphans, in_use=files_in_use)
