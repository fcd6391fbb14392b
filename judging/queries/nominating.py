from __future__ import annotations

from django.db.models import QuerySet

from competitions.models import Competition, Track
from competitions.workflow import CompetitionStatus


def competitions_above(competition: Competition) -> QuerySet[Competition]:
    """Published competitions whose host stands above this one's host."""
    above = [pk for pk in competition.host.lineage if pk != competition.host_id]
    return Competition.objects.filter(host__in=above, status=CompetitionStatus.PUBLISHED)


def tracks_above(competition: Competition) -> QuerySet[Track]:
    tracks = Track.objects.filter(competition__in=competitions_above(competition))
    return tracks.select_related("competition").order_by("competition__name", "order")
