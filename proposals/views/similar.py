"""What is like a proposal: for the author among what may be known, for the committee among all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import MappingProxyType

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from competitions.requests import AuthedRequest
from competitions.roles import Actor
from proposals.models import Answer, Proposal, RegisterEntry, Submission
from proposals.permissions import Action, may
from proposals.queries.comparing import Row, compare, content_parts, draft_parts, public_parts
from proposals.queries.similar import Similar, similar_for_author
from proposals.views.access import fetch_whole
from proposals.views.screening import fetch_received

MOST_SHOWN = 10
LABELS = MappingProxyType(
    {"title": gettext_lazy("Title"), "expansion": gettext_lazy("What the name stands for")}
)


@require_GET
def show_similar(request: AuthedRequest, pk: int) -> HttpResponse:
    proposal, _whole = fetch_whole(request, pk, Action.READ)
    found = similar_for_author(proposal, actor=request.actor)[:MOST_SHOWN]
    context = {
        "proposal": proposal,
        "pairs": [
            {"similar": each, "rows": labelled(compare(parts))}
            for each, parts in parts_beside(proposal, found, actor=request.actor)
        ],
    }
    return render(request, "proposals/similar.html", context)


def parts_beside(
    proposal: Proposal, found: Sequence[Similar], *, actor: Actor
) -> Iterator[tuple[Similar, list[tuple[str, str, str]]]]:
    """The whole text of what the person may read, of others what the register shows."""
    read = [
        each.proposal for each in found if each.proposal and may(actor, Action.READ, each.proposal)
    ]
    answers = Answer.objects.select_related("section")
    prefetch_related_objects(read, Prefetch("answers", queryset=answers))
    public = [each.innovation.pk for each in found if each.proposal not in read]
    entries = RegisterEntry.objects.filter(pk__in=public)
    summaries = dict(entries.values_list("pk", "summary"))
    for each in found:
        if each.proposal and each.proposal in read:
            yield each, draft_parts(proposal, each.proposal)
        else:
            summary = summaries.get(each.innovation.pk, "")
            yield each, public_parts(proposal, each.innovation, summary=summary)


@require_GET
def compare_submissions(request: AuthedRequest, slug: str, pk: int, other_pk: int) -> HttpResponse:
    """Both texts as they were sent; the other one may be of an earlier edition of the host."""
    proposal, mine = fetch_received(request, slug, pk, Action.READ_SUBMISSION)
    others = Submission.objects.filter(
        superseded_at=None, competition__host=proposal.competition.host_id
    ).select_related("proposal__unit", "competition")
    theirs: Submission = get_object_or_404(others, proposal=other_pk)
    context = {
        "proposal": proposal,
        "competition": proposal.competition,
        "mine": mine,
        "theirs": theirs,
        "rows": labelled(compare(content_parts(mine.content, theirs.content))),
    }
    return render(request, "proposals/compare.html", context)


def labelled(rows: Iterable[Row]) -> list[Row]:
    return [Row(str(LABELS.get(row.label, row.label)), row.mine, row.theirs) for row in rows]
