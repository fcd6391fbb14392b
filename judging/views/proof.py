"""How a ranking is proved: its verification bundle, for the committee and for everybody."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from competitions.models import Competition
from competitions.requests import AuthedRequest, Request
from judging.bundle import CHECKER, bundle_name, bundle_zip, checker_source
from judging.models import Publication
from judging.permissions import StageAction
from judging.queries.law import versions_of
from judging.queries.proof import Proof, committee_proof, public_proof, public_rankings
from judging.queries.results import current_publication
from judging.views.stages import fetch_stage, require
from kipp.lib.web import attached


@require_safe
def bundle(request: AuthedRequest, slug: str, key: str, version: int) -> HttpResponse:
    """Any version, with the names that the committee knows anyway."""
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.SEE_RESULTS, stage)
    ranking = get_object_or_404(versions_of(stage), version=version)
    response = _zip(committee_proof(ranking))
    response["Cache-Control"] = "private, no-store"
    return response


@login_not_required
@require_safe
def public_page(request: Request, slug: str) -> HttpResponse:
    publication = _published(slug)
    context = {
        "competition": publication.competition,
        "rankings": public_rankings(publication),
        "checker": CHECKER,
    }
    return render(request, "judging/public_proof.html", context)


@login_not_required
@require_safe
def public_bundle(request: Request, slug: str, key: str) -> HttpResponse:
    """What was announced and what it rests on; no judge is named."""
    publication = _published(slug)
    rankings = {each.stage.key: each for each in public_rankings(publication)}
    if key not in rankings:
        raise Http404
    response = _zip(public_proof(rankings[key], publication=publication))
    response["Cache-Control"] = "public, max-age=300"
    return response


@login_not_required
@require_safe
def checker(request: Request) -> HttpResponse:
    """Apart from every bundle, so that nobody has to trust the one inside."""
    response = HttpResponse(checker_source(), content_type="text/x-python; charset=utf-8")
    return attached(response, name=CHECKER)


def _published(slug: str) -> Publication:
    competition = get_object_or_404(Competition.objects.published(), slug=slug)
    publication = current_publication(competition.slug, at=timezone.now())
    if publication is None:
        raise Http404
    return publication


def _zip(proof: Proof) -> HttpResponse:
    response = HttpResponse(bundle_zip(proof), content_type="application/zip")
    return attached(response, name=bundle_name(proof))
