"""Every night: unfinished uploads that nobody carried on, and files that belong to no row."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import Job, JobPart
from competitions.models import Material
from judging.models import Objection, SignedMinutes, VisitPhoto
from kipp.lib.sweeping import list_orphans, remove_orphans, sweeping_alone
from proposals import services
from proposals.queries.files import blobs_in_use, uploads_in_use

ORPHAN_AGE = timedelta(hours=24)


def stored_files() -> set[str]:
    """Hashes of files: every model that names one is asked here."""
    materials = Material.objects.exclude(sha256="").values_list("sha256", flat=True)
    minutes = SignedMinutes.objects.values_list("sha256", flat=True)
    evidence = Objection.objects.exclude(evidence_sha256="")
    proofs = evidence.values_list("evidence_sha256", flat=True)
    pairs = VisitPhoto.objects.values_list("sha256", "thumbnail_sha256")
    photos = {name for pair in pairs for name in pair}
    results = Job.objects.exclude(sha256="").values_list("sha256", flat=True)
    parts = JobPart.objects.values_list("sha256", flat=True)
    return {*blobs_in_use(), *materials, *minutes, *proofs, *photos, *results, *parts}


def files_in_use() -> set[str]:
    """Hashes of files, and owners of parts that are not a file yet."""
    return {*stored_files(), *uploads_in_use()}


def sweep_files(*, at: datetime) -> int:
    """Count what was removed. An upload may be on its way: what is younger than a day stays.

    While a backup is made none is removed; the next night does it.
    """
    expired = services.expire_uploads(at=at)
    with sweeping_alone() as is_alone:
        if not is_alone:
            return expired
        orphans = list_orphans(files_in_use(), before=at - ORPHAN_AGE)
        return expired + remove_orphans(orphans, in_use=files_in_use)
