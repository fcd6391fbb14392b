"""After the last close: the plenary moves one entry for a written reason; then authors read why."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from judging import services
from judging.models import Publication, Stage

CALLED = 3
TAKES = timedelta(minutes=10)
# Inside one tier, so that the list of winners stays what the scores made of it.
FROM_PLACE, TO_PLACE = 6, 5
REASON = (
    "Laporan verifikasi lapangan menunjukkan catatan dampak yang lengkap; pleno menilai bukti ini"
    " lebih kuat daripada selisih nilai di bawah satu angka."
)


def hold_plenary(stage: Stage, *, chair: User, organizer: User, at: datetime) -> None:
    """The chair proposes, an organizer confirms."""
    plenary = services.convene_plenary(stage, by=chair, at=at)
    for position in range(1, CALLED + 1):
        services.call_item(plenary, position=position, by=organizer, at=at + position * TAKES)
    ranking = plenary.ranking
    moved = ranking.standings.select_related("entry__submission").get(order=FROM_PLACE)
    late = at + (CALLED + 1) * TAKES
    proposed = services.propose_reordering(
        plenary,
        entry=moved.entry,
        place=TO_PLACE,
        reason=REASON,
        version=ranking.version,
        by=chair,
        at=late,
    )
    services.confirm_reorderings(
        plenary, numbers=[proposed.number], version=ranking.version, by=organizer, at=late
    )
    services.end_plenary(plenary, by=chair, at=late)


def give_feedback(publication: Publication, *, chair: User, at: datetime) -> None:
    """Comments in which the machine found a name are looked over first."""
    feedback = services.prepare_feedback(publication, by=chair, at=at)
    marked = dict(feedback.notes.filter(is_marked=True).values_list("pk", "text"))
    if marked:
        services.review_notes(feedback, texts=marked, by=chair, at=at)
    services.release_feedback(feedback, by=chair, at=at)
