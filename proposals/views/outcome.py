"""How the screening ended: for the committee, for the unit, for everybody."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.services import ask_job
from competitions.models import Competition
from competitions.requests import AuthedRequest, Request
from kipp.lib.charts import bars
from kipp.lib.web import attached
from proposals import services
from proposals.committee_forms import NoticeForm
from proposals.decision_letters import decision_letter
from proposals.jobs import LETTERS
from proposals.permissions import Action, BoardAction, may_on_board
from proposals.queries.desk import decisions_on
from proposals.queries.outcome import current_notice, outcome_of
from proposals.views.access import attempt, fetch_competition, fetch_proposal, status_of
from proposals.workflow import ProposalStatus

DECIDED = frozenset({ProposalStatus.ELIGIBLE, ProposalStatus.INELIGIBLE})


@require_http_methods(["GET", "HEAD", "POST"])
def show_outcome(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = fetch_competition(request, slug, BoardAction.SEE_BOARD)
    may_announce = may_on_board(request.actor, BoardAction.SCREEN, competition)
    if request.method == "POST" and not may_announce:
        raise PermissionDenied
    form = NoticeForm(request.POST if request.method == "POST" else None)
    notice = attempt(
        form,
        lambda: services.announce_screening(
            competition, **form.cleaned_data, by=request.user, at=timezone.now()
        ),
    )
    if notice:
        messages.success(request, _("The announcement is public."))
        return redirect("proposals:screening-outcome", slug=slug)
    return render_outcome(request, competition, form=form, may_announce=may_announce)


def render_outcome(
    request: AuthedRequest, competition: Competition, *, form: NoticeForm, may_announce: bool
) -> HttpResponse:
    outcome = outcome_of(competition)
    decided = outcome.passed + outcome.failed
    context = {
        "competition": competition,
        "outcome": outcome,
        "reasons": bars(outcome.reasons),
        "findings": bars(outcome.findings),
        "notice": current_notice(competition),
        "may_export": decided and may_on_board(request.actor, BoardAction.EXPORT, competition),
        "form": form,
        "may_announce": may_announce and not outcome.waiting and decided,
    }
    return render(request, "proposals/outcome.html", context, status=status_of(form))


@require_POST
def ask_letters(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = fetch_competition(request, slug, BoardAction.EXPORT)
    job = ask_job(
        LETTERS,
        {"competition": competition.pk},
        about=competition.name,
        edition=competition.pk,
        by=request.user,
        at=timezone.now(),
    )
    return redirect("job", pk=job.pk)


@require_safe
def download_letter(request: AuthedRequest, pk: int) -> HttpResponse:
    proposal = fetch_proposal(request, pk, Action.READ)
    screening = next(iter(decisions_on(proposal)), None)
    if proposal.status not in DECIDED or screening is None:
        raise Http404
    content = decision_letter(screening, notice=current_notice(proposal.competition))
    name = f"hasil-seleksi-{screening.submission.receipt}.pdf"
    return attached(HttpResponse(content, content_type="application/pdf"), name=name)


@require_safe
@login_not_required
def show_notice(request: Request, slug: str) -> HttpResponse:
    """The list as it was announced, whatever was decided since."""
    visible = Competition.objects.visible_to(request.actor)
    competition = get_object_or_404(visible, slug=slug)
    notice = current_notice(competition)
    if notice is None:
        raise Http404
    context = {"competition": competition, "notice": notice}
    return render(request, "proposals/notice.html", context)
