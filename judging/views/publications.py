"""From a frozen ranking to released results: propose, preview, release, withdraw."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.services import ask_job
from competitions.requests import AuthedRequest
from competitions.roles import Actor
from judging import services
from judging.forms.publication import NominateForm, ProposeForm
from judging.forms.scorecard import ReasonForm
from judging.jobs import CERTIFICATES
from judging.models import Publication, Stage
from judging.permissions import (
    PublicationAction,
    StageAction,
    allowed_actions,
    allowed_publication_actions,
    may_publish,
)
from judging.queries.law import next_stage
from judging.queries.nominating import tracks_above
from judging.queries.results import announced, is_out, standing_photo
from judging.queries.trail import history_of
from judging.queries.voting import is_tied
from judging.services.publishing import VOTE_FIRST
from judging.views.answers import fresh_login, overtaken, sentence_of, status_of
from judging.views.stages import fetch_competition, fetch_stage, require, stage_url
from judging.workflow import PublicationStatus
from kipp.lib.forms import add_error
from kipp.lib.web import THUMBNAIL_TYPE, page_of, render_form, serve_file

TONES = {
    PublicationStatus.PROPOSED: "wait",
    PublicationStatus.RELEASED: "ok",
    PublicationStatus.WITHDRAWN: "muted",
}


def shown_status(publication: Publication, *, at: datetime) -> tuple[str, str]:
    """In words, with its tone; what was released is not announced before its hour."""
    status = PublicationStatus(publication.status)
    if status == PublicationStatus.RELEASED and not is_out(publication, at=at):
        return _("Under embargo"), "wait"
    return publication.get_status_display(), TONES[status]


def fetch_publication(actor: Actor, slug: str, number: int) -> Publication:
    found: Publication = get_object_or_404(
        Publication.objects.visible_to(actor).select_related(
            "competition__host", "ranking__stage__competition", "proposed_by", "released_by"
        ),
        competition__slug=slug,
        number=number,
    )
    return found


def publication_url(publication: Publication) -> str:
    slug = publication.competition.slug
    return reverse("judging:publication", args=[slug, publication.number])


def require_may(actor: Actor, action: PublicationAction, publication: Publication) -> None:
    if not may_publish(actor, action, publication):
        raise PermissionDenied


@require_safe
def publication_list(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = fetch_competition(request.actor, slug)
    versions = competition.publications.select_related("proposed_by", "released_by")
    page, at = page_of(versions, request), timezone.now()
    final = Stage.objects.filter(competition=competition).order_by("order", "pk").last()
    context = {
        "competition": competition,
        "page": page,
        "rows": [(row, *shown_status(row, at=at)) for row in page],
        "final": final,
        "actions": allowed_actions(request.actor, final) if final else frozenset(),
    }
    return render(request, "judging/publications.html", context)


@require_http_methods(["GET", "POST"])
def propose(request: AuthedRequest, slug: str, key: str) -> HttpResponse:
    stage = fetch_stage(request.actor, slug, key)
    require(request.actor, StageAction.PROPOSE, stage)
    form = ProposeForm(request.POST or None, zone=stage.competition.time_zone)
    context = {
        "competition": stage.competition,
        "stage": stage,
        "form": form,
        "later": next_stage(stage),
        "vote_first": VOTE_FIRST if is_tied(stage) else "",
    }
    if request.method == "GET" or not form.is_valid():
        return render_form(request, "judging/propose.html", context)
    try:
        publication = services.propose_publication(
            stage, **form.cleaned_data, by=request.user, at=timezone.now()
        )
    except ValidationError as error:
        add_error(form, error)
        return render(request, "judging/propose.html", context, status=status_of(error))
    messages.success(request, _("Proposed. A second person of the committee releases it."))
    return redirect(publication_url(publication))


@require_safe
def publication_page(request: AuthedRequest, slug: str, number: int) -> HttpResponse:
    """The preview: the very fragment that the public page shows."""
    publication = fetch_publication(request.actor, slug, number)
    status, tone = shown_status(publication, at=timezone.now())
    context = {
        "competition": publication.competition,
        "publication": publication,
        "status": status,
        "tone": tone,
        "results": announced(publication),
        "is_out": is_out(publication, at=timezone.now()),
        "actions": allowed_publication_actions(request.actor, publication),
        "history": history_of(publication),
        "can_nominate": tracks_above(publication.competition).exists(),
        "stage_url": stage_url(publication.ranking.stage, "results"),
    }
    return render(request, "judging/publication.html", context)


@require_safe
def photo(request: AuthedRequest, slug: str, number: int, pk: int) -> FileResponse:
    """A winner's thumbnail in the preview, for the committee alone."""
    publication = fetch_publication(request.actor, slug, number)
    awarded = publication.ranking.standings.exclude(tiers=[]).select_related("entry__submission")
    sha256 = standing_photo(get_object_or_404(awarded, pk=pk))
    if not sha256:
        raise Http404
    return serve_file(sha256, name=f"{slug}-{pk}.webp", media_type=THUMBNAIL_TYPE)


@require_http_methods(["GET", "POST"])
def release(request: AuthedRequest, slug: str, number: int) -> HttpResponse:
    publication = fetch_publication(request.actor, slug, number)
    require_may(request.actor, PublicationAction.RELEASE, publication)
    return _release(request, publication)


@fresh_login
def _release(request: AuthedRequest, publication: Publication) -> HttpResponse:
    if request.method == "GET":
        context = {"competition": publication.competition, "publication": publication}
        context["results"] = announced(publication)  # type: ignore[assignment]
        return render(request, "judging/release.html", context)
    try:
        services.release_publication(publication, by=request.user, at=timezone.now())
    except ValidationError as error:
        return overtaken(request, error, back_url=publication_url(publication))
    if publication.unveiled_at is None:
        messages.success(request, _("Released. It comes out by itself at the end of the embargo."))
        return redirect(publication_url(publication))
    messages.success(request, _("Released. Everybody concerned is told by mail."))
    return redirect("judging:public-results", slug=publication.competition.slug)


@require_http_methods(["GET", "POST"])
def withdraw(request: AuthedRequest, slug: str, number: int) -> HttpResponse:
    publication = fetch_publication(request.actor, slug, number)
    require_may(request.actor, PublicationAction.WITHDRAW, publication)
    return _withdraw(request, publication)


@fresh_login
def _withdraw(request: AuthedRequest, publication: Publication) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        context = {"publication": publication, "form": form}
        return render_form(request, "judging/withdraw.html", context)
    try:
        services.withdraw_publication(
            publication, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
        )
    except ValidationError as error:
        return overtaken(request, error, back_url=publication_url(publication))
    messages.success(request, _("Withdrawn. The version stays on record."))
    return redirect(publication_url(publication))


@require_POST
def ask_certificates(request: AuthedRequest, slug: str, number: int) -> HttpResponse:
    publication = fetch_publication(request.actor, slug, number)
    require_may(request.actor, PublicationAction.CERTIFY, publication)
    return ask_about(request, CERTIFICATES, publication)


def ask_about(request: AuthedRequest, kind: str, publication: Publication) -> HttpResponse:
    competition = publication.competition
    version = _("Version %(number)s") % {"number": publication.number}
    job = ask_job(
        kind,
        {"publication": publication.pk},
        about=f"{competition.name}, {version}",
        edition=competition.pk,
        by=request.user,
        at=timezone.now(),
    )
    return redirect("job", pk=job.pk)


@require_http_methods(["GET", "POST"])
def nominate(request: AuthedRequest, slug: str, number: int, pk: int) -> HttpResponse:
    publication = fetch_publication(request.actor, slug, number)
    require_may(request.actor, PublicationAction.NOMINATE, publication)
    award = get_object_or_404(publication.awards.select_related("proposal__unit"), pk=pk)
    form = NominateForm(request.POST or None, tracks=tracks_above(publication.competition))
    context = {"publication": publication, "award": award, "form": form}
    if request.method == "GET" or not form.is_valid():
        return render_form(request, "judging/nominate.html", context)
    try:
        services.nominate_winner(
            award, track=form.cleaned_data["track"], by=request.user, at=timezone.now()
        )
    except ValidationError as error:
        form.add_error(None, sentence_of(error))
        return render(request, "judging/nominate.html", context, status=status_of(error))
    messages.success(request, _("Nominated. The unit finds the draft among its proposals."))
    return redirect(publication_url(publication))
