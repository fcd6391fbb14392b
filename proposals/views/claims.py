"""The committee's finding on one claim of a submission."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competitions.requests import AuthedRequest
from proposals import services
from proposals.ledger import LedgerRow, ledger_rows
from proposals.ledger_forms import ClaimCheckForm
from proposals.models import Submission
from proposals.permissions import Action
from proposals.queries.desk import claims_of
from proposals.views.access import attempt, status_of, succeeded
from proposals.views.screening import fetch_received


@require_http_methods(["GET", "POST"])
def check_claim(request: AuthedRequest, slug: str, pk: int, key: int) -> HttpResponse:
    proposal, submission = fetch_received(request, slug, pk, Action.CHECK_CLAIM)
    row = row_of(submission, key)
    form = ClaimCheckForm(
        request.POST if request.method == "POST" else None, initial=initial_of(submission, key)
    )
    by, at = request.user, timezone.now()
    attempt(
        form, lambda: services.check_claim(submission, key=key, by=by, at=at, **form.cleaned_data)
    )
    if succeeded(form):
        messages.success(request, _("The finding is recorded."))
        return redirect("proposals:screening-page", slug=slug, pk=pk)
    context = {
        "form": form,
        "row": row,
        "proposal": proposal,
        "competition": proposal.competition,
    }
    return render(request, "proposals/claim_check.html", context, status=status_of(form))


def row_of(submission: Submission, key: int) -> LedgerRow:
    rows = ledger_rows(claims_of(submission), checks=submission.claim_checks)
    for row in rows:
        if row.key == key:
            return row
    raise Http404


def initial_of(submission: Submission, key: int) -> dict[str, object]:
    check = submission.claim_checks.get(str(key), {"state": "", "note": "", "version": 0})
    return {name: check[name] for name in ("state", "note", "version")}
