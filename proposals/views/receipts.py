"""The receipt for those who may see the proposal, and its proof for everybody."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from competitions.requests import AuthedRequest, Request
from proposals.exports import receipt_pdf
from proposals.forms import ReceiptForm
from proposals.models import Proposal, Submission
from proposals.permissions import Action
from proposals.views.access import fetch_proposal, status_of

NOT_FOUND = 404


@require_safe
def show_receipt(request: AuthedRequest, pk: int) -> HttpResponse:
    proposal = fetch_proposal(request, pk, Action.SEE_RECEIPT)
    submission = fetch_submission(proposal)
    context = {
        "proposal": proposal,
        "competition": proposal.competition,
        "submission": submission,
        "verify_url": verify_url(submission),
        "is_of_unit": proposal.competition_id not in request.actor.seats,
    }
    return render(request, "proposals/receipt.html", context)


@require_safe
def download_receipt(request: AuthedRequest, pk: int) -> HttpResponse:
    proposal = fetch_proposal(request, pk, Action.SEE_RECEIPT)
    submission = fetch_submission(proposal)
    content = receipt_pdf(submission, verify_url=verify_url(submission))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{submission.receipt}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def fetch_submission(proposal: Proposal) -> Submission:
    current = proposal.submissions.filter(superseded_at=None)
    submission: Submission = get_object_or_404(current.select_related("submitted_by"))
    return submission


def verify_url(submission: Submission) -> str:
    """The portal's own address, whatever name the request came under: it stands on paper."""
    return settings.SITE_URL + reverse("proposals:receipt-verify", args=[submission.receipt])


@require_safe
@login_not_required
def ask_receipt(request: Request) -> HttpResponse:
    """Where a number from paper is typed in."""
    form = ReceiptForm(request.GET or None)
    if form.is_valid():
        return redirect("proposals:receipt-verify", receipt=form.cleaned_data["receipt"])
    status = status_of(form)
    return render(request, "proposals/verify_ask.html", {"form": form}, status=status)


@require_safe
@login_not_required
def verify_receipt(request: Request, receipt: str) -> HttpResponse:
    """Says that the receipt is genuine and of what; nothing about unit, title or outcome."""
    submission = (
        Submission.objects.filter(receipt=receipt.upper()).select_related("competition").first()
    )
    if submission is None:
        context: dict[str, object] = {"receipt": receipt, "form": ReceiptForm()}
        return render(request, "proposals/verify_unknown.html", context, status=NOT_FOUND)
    context = {
        "receipt": submission.receipt,
        "competition": submission.competition,
        "received_at": submission.received_at,
        "sha256": submission.sha256,
        "is_current": submission.superseded_at is None,
    }
    return render(request, "proposals/verify.html", context)
