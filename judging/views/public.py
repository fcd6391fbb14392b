"""What everybody reads: the winners, their pictures and certificates."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from competitions.middleware import shared_page
from competitions.models import Competition
from competitions.queries import competition_called
from competitions.requests import Request
from competitions.roles import NOBODY
from judging import certificates, exports
from judging.models import Award, Publication
from judging.open_data import announced_json
from judging.queries.objections import counts_of, window_of
from judging.queries.results import (
    Announced,
    announced,
    award_photo,
    current_publication,
    next_unveiling,
    was_public,
)
from judging.workflow import PublicationStatus
from kipp.lib import clock
from kipp.lib.web import THUMBNAIL_TYPE, attached, serve_file


@login_not_required
@require_safe
@shared_page
def results(request: Request, slug: str) -> HttpResponse:
    """The released version; before it, and while one is withdrawn, a page that says so."""
    now = timezone.now()
    publication = current_publication(slug, at=now)
    competition = publication.competition if publication else competition_called(slug)
    if competition is None or not competition.is_visible_to(NOBODY):
        raise Http404
    request.next_turn = next_unveiling
    context = {
        "competition": competition,
        "publication": publication,
        "is_withdrawn": not publication and was_public(competition, at=now),
        "results": announced(publication) if publication else None,
        **(_objections(competition, at=now) if publication else {}),
        "decree_date": clock.show_date(publication.decree_on) if publication else "",
    }
    return render(request, "judging/public_results.html", context)


def _objections(competition: Competition, *, at: datetime) -> dict[str, object]:
    window = window_of(competition)
    zone = competition.time_zone
    return {
        "counts": counts_of(competition),
        "objections_open": window is not None and window.is_open(at),
        "objections_end": clock.show_end(window.ends_at, zone=zone) if window else "",
    }


@login_not_required
@require_safe
def results_csv(request: Request, slug: str) -> HttpResponse:
    content = exports.announced_csv(_announced(slug))
    response = HttpResponse(content, content_type=exports.MEDIA_TYPES["csv"])
    return attached(response, name=f"hasil-{slug}.csv")


@login_not_required
@require_safe
def results_json(request: Request, slug: str) -> HttpResponse:
    """For other sites' programs: any page may read it."""
    response = HttpResponse(announced_json(_announced(slug)), content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _announced(slug: str) -> Announced:
    competition = get_object_or_404(Competition.objects.published(), slug=slug)
    publication = current_publication(competition.slug, at=timezone.now())
    if publication is None:
        raise Http404
    return announced(publication)


@login_not_required
@require_safe
def photo(request: Request, code: str) -> FileResponse:
    """The thumbnail of a winner; public from the release on."""
    award = _fetch_award(code)
    sha256 = award_photo(award)
    if not sha256 or award.publication.status != PublicationStatus.RELEASED:
        raise Http404
    response = serve_file(sha256, name=f"{code}.webp", media_type=THUMBNAIL_TYPE)
    response["Cache-Control"] = "public, max-age=86400"
    return response


@login_not_required
@require_safe
def certificate(request: Request, code: str) -> HttpResponse:
    """Where the QR code leads: whether this certificate is genuine and still stands."""
    award = _fetch_award(code)
    context = {
        "award": award,
        "publication": award.publication,
        "competition": award.publication.competition,
        "stands": award.publication.status == PublicationStatus.RELEASED,
        "decree_date": clock.show_date(award.publication.decree_on),
    }
    return render(request, "judging/certificate.html", context)


@login_not_required
@require_safe
def certificate_pdf(request: Request, code: str) -> HttpResponse:
    award = _fetch_award(code)
    if award.publication.status != PublicationStatus.RELEASED:
        raise Http404
    content = certificates.certificate_pdf(award)
    response = HttpResponse(content, content_type=exports.MEDIA_TYPES["pdf"])
    name = certificates.file_name(award)
    header = content_disposition_header(as_attachment=False, filename=name)
    response["Content-Disposition"] = header or "inline"
    return response


def _fetch_award(code: str) -> Award:
    """From the end of the embargo on; a withdrawn one is still found, and said to be so."""
    shown = Publication.objects.ever_public(at=timezone.now())
    found: Award = get_object_or_404(
        Award.objects.filter(publication__in=shown).select_related(
            "publication__competition__host", "publication__ranking"
        ),
        code=code.upper(),
    )
    return found
