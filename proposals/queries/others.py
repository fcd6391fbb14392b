"""What the rules ask of other proposals and of the last look at the video: one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kipp.lib.prepared import Statement
from proposals.models import Proposal
from proposals.workflow import RECEIVED, ProposalStatus


@dataclass(frozen=True, slots=True)
class Others:
    """The counts are of what the committee received before this one and did not refuse.

    Of the same title only what was received is told: nobody learns by trying titles what another
    unit is writing.
    """

    agency_count: int = 0
    unit_count: int = 0
    title_twins: tuple[str, ...] = ()
    video_is_dead: bool = False


# Columns for a SELECT of `this` proposal; `title` and `video`, if given, count instead of its own.
OTHERS = """
(SELECT count(*) FROM proposals_proposal AS other
 WHERE other.endorsing_unit_id = this.endorsing_unit_id AND other.track_id = this.track_id
   AND other.status = ANY(%(counted)s) AND other.id <> this.id
   AND (this.submitted_at IS NULL OR other.submitted_at < this.submitted_at)),
(SELECT count(*) FROM proposals_proposal AS other
 WHERE other.unit_id = this.unit_id AND other.track_id = this.track_id
   AND other.status = ANY(%(counted)s) AND other.id <> this.id
   AND (this.submitted_at IS NULL OR other.submitted_at < this.submitted_at)),
(SELECT array_agg(DISTINCT unit.name)::text[] FROM proposals_proposal AS other
 JOIN accounts_unit AS unit ON unit.id = other.unit_id
 WHERE upper(other.title) = upper(regexp_replace(
            trim(coalesce(%(title)s, this.title)), '[[:space:]]+', ' ', 'g'))
   AND other.competition_id = this.competition_id
   AND other.status = ANY(%(received)s) AND other.id <> this.id),
EXISTS (SELECT FROM proposals_videocheck AS looked
        WHERE looked.url = coalesce(%(video)s, this.video_url) AND looked.answer = 'dead')
"""
OF_ONE = Statement(
    f"SELECT {OTHERS} FROM proposals_proposal AS this WHERE this.id = %(proposal)s"  # noqa: S608 - constants alone
)
STATUSES = {
    "received": sorted(RECEIVED),
    "counted": sorted(RECEIVED - {ProposalStatus.INELIGIBLE}),
}


def others_of(proposal: Proposal, *, title: str, video_url: str) -> Others:
    [row] = OF_ONE.ask(proposal=proposal.pk, title=title, video=video_url, **STATUSES)
    return others_in(row)


def others_in(row: Iterable[Any]) -> Others:
    """From the columns of `OTHERS`."""
    agency_count, unit_count, twins, is_dead = row
    return Others(agency_count, unit_count, tuple(twins or ()), is_dead)
