"""Looking in the background whether videos can be watched; nobody ever waits for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q

from kipp.lib.probing import GONE, Answer, probe
from proposals.models import Proposal, VideoCheck
from proposals.videos import youtube_id
from proposals.workflow import ProposalStatus

# How long an answer holds. What is dead may come back soon; what nobody could say, too.
HOLDS: Mapping[str, timedelta] = MappingProxyType(
    {
        Answer.ALIVE: timedelta(days=3),
        Answer.DEAD: timedelta(hours=6),
        Answer.UNKNOWN: timedelta(hours=1),
    }
)
MOST_AT_ONCE = 20
WATCHED = (
    ProposalStatus.DRAFT,
    ProposalStatus.RETURNED,
    ProposalStatus.AWAITING,
    ProposalStatus.SUBMITTED,
    ProposalStatus.COMPLETION,
)
# YouTube's page answers 200 for every id; this address tells a removed or private video.
OEMBED = "https://www.youtube.com/oembed"
NOT_TO_BE_SEEN = GONE | {400, 401, 403}


def check_videos(*, clock: Callable[[], datetime]) -> int:
    """Look at links that were never looked at, or whose answer no longer holds."""
    urls = due_urls(at=clock())
    for url in urls:
        answer = look_at(url)
        VideoCheck.objects.update_or_create(
            url=url, defaults={"answer": answer.value, "checked_at": clock()}
        )
    return len(urls)


def due_urls(*, at: datetime) -> list[str]:
    holding = Q()
    for answer, time in HOLDS.items():
        holding |= Q(answer=answer, checked_at__gt=at - time)
    known = VideoCheck.objects.filter(holding).values("url")
    asked = Proposal.objects.filter(status__in=WATCHED).exclude(video_url="")
    urls = asked.exclude(video_url__in=known).order_by("video_url").values_list("video_url")
    return [url for (url,) in urls.distinct()[:MOST_AT_ONCE]]


def look_at(url: str) -> Answer:
    local = settings.LOCAL_HOSTS
    if youtube_id(url):
        asked = f"{OEMBED}?{urlencode({'url': url, 'format': 'json'})}"
        return probe(asked, gone=NOT_TO_BE_SEEN, local=local)
    return probe(url, local=local)
