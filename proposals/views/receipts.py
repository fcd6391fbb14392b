"""The receipt for those who may see the proposal, and its proof for everybody."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from competitions.requests import AuthedRequest, Request
from kipp.lib.markdown import render_markdown
from kipp.lib.qr import qr_data_uri
from kipp.lib.signing import public_pem
from kipp.lib.web import attached
from proposals.content import canonical
from proposals.exports import receipt_pdf
from proposals.forms import ReceiptForm
from proposals.models import Proposal, Submission
from proposals.permissions import Action
from proposals.receipts import is_genuine, proof_of, public_keys, standing_of, verify_url
from proposals.views.access import fetch_proposal, status_of

NOT_FOUND = 404
RECIPE = settings.BASE_DIR / "docs" / "periksa-tanda-terima.md"


@require_safe
def show_receipt(request: AuthedRequest, pk: int) -> HttpResponse:
    proposal = fetch_proposal(request, pk, Action.SEE_RECEIPT)
    submission = fetch_submission(proposal)
    context = {
        "proposal": proposal,
        "competition": proposal.competition,
        "submission": submission,
        "verify_url": verify_url(submission),
        "qr": qr_data_uri(verify_url(submission)),
        "is_of_unit": proposal.competition_id not in request.actor.seats,
    }
    return render(request, "proposals/receipt.html", context)


@require_safe
def download_receipt(request: AuthedRequest, pk: int) -> HttpResponse:
    submission = fetch_submission(fetch_proposal(request, pk, Action.SEE_RECEIPT))
    content = receipt_pdf(submission, verify_url=verify_url(submission))
    return download(content, name=f"{submission.receipt}.pdf", media_type="application/pdf")


@require_safe
def download_proof(request: AuthedRequest, pk: int) -> HttpResponse:
    """What was signed, with the signature."""
    submission = fetch_submission(fetch_proposal(request, pk, Action.SEE_RECEIPT))
    name = f"{submission.receipt}.json"
    return download(proof_of(submission), name=name, media_type="application/json")


@require_safe
def download_content(request: AuthedRequest, pk: int) -> HttpResponse:
    """The frozen copy, byte for byte what the receipt's hash was taken over."""
    submission = fetch_submission(fetch_proposal(request, pk, Action.SEE_RECEIPT))
    name = f"{submission.receipt}-isi.json"
    return download(canonical(submission.content), name=name, media_type="application/json")


def download(content: bytes, *, name: str, media_type: str) -> HttpResponse:
    return attached(HttpResponse(content, content_type=media_type), name=name)


def fetch_submission(proposal: Proposal) -> Submission:
    current = proposal.submissions.filter(superseded_at=None)
    submission: Submission = get_object_or_404(current.select_related("submitted_by"))
    return submission


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
    found = Submission.objects.filter(receipt=receipt.upper())
    submission = found.select_related("competition", "proposal").first()
    if submission is None:
        context: dict[str, object] = {"receipt": receipt, "form": ReceiptForm()}
        return render(request, "proposals/verify_unknown.html", context, status=NOT_FOUND)
    context = {
        "receipt": submission.receipt,
        "competition": submission.competition,
        "received_at": submission.received_at,
        "sha256": submission.sha256,
        "is_genuine": is_genuine(submission),
        "standing": standing_of(submission, proposal=submission.proposal),
    }
    return render(request, "proposals/verify.html", context)


@require_safe
@login_not_required
def show_keys(request: Request) -> HttpResponse:
    """With these and the page's recipe anyone checks a receipt without this portal."""
    context = {"keys": public_keys(), "recipe": render_markdown(RECIPE.read_text())}
    return render(request, "proposals/keys.html", context)


@require_safe
@login_not_required
def download_key(request: Request, key: str) -> HttpResponse:
    public = public_keys().get(key)
    if public is None:
        raise Http404
    return download(
        public_pem(public).encode(), name=f"{key}.pem", media_type="application/x-pem-file"
    )
