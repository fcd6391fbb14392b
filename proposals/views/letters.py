"""The statement letters: who signs, the files to sign, and where the scans go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from competitions.requests import AuthedRequest
from kipp.lib.web import attached_privately
from proposals import services
from proposals.ledger_forms import SignerForm
from proposals.letter_exports import letter_docx, letter_pdf, letter_pdf_f4
from proposals.models import Proposal
from proposals.permissions import Action, allowed_actions
from proposals.queries.lines import letter_facts, letters_of
from proposals.queries.progress import slot_lines
from proposals.services import Header
from proposals.views.access import attempt, fetch_proposal, status_of, succeeded

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
# The end of the address: how the letter is made and what it is.
FORMS: Mapping[str, tuple[Callable[..., bytes], str]] = MappingProxyType(
    {"docx": (letter_docx, DOCX), "pdf": (letter_pdf, PDF), "f4.pdf": (letter_pdf_f4, PDF)}
)


@require_http_methods(["GET", "POST"])
def list_letters(request: AuthedRequest, pk: int) -> HttpResponse:
    is_post = request.method == "POST"
    proposal = fetch_proposal(request, pk, Action.WRITE if is_post else Action.READ)
    form = SignerForm(request.POST if is_post else None, proposal=proposal)
    attempt(form, lambda: save_signer(request, proposal, form))
    if succeeded(form):
        messages.success(request, _("Who signs is saved. The letters name this person now."))
        return redirect("proposals:letter-list", pk=pk)
    context = {
        "proposal": proposal,
        "form": form,
        "lines": [line for line in slot_lines(proposal) if line.slot.statement],
        "actions": allowed_actions(request.actor, proposal),
    }
    return render(request, "proposals/letters.html", context, status=status_of(form))


def save_signer(request: AuthedRequest, proposal: Proposal, form: SignerForm) -> None:
    signer: Header = {
        "signer_name": form.cleaned_data["signer_name"],
        "signer_position": form.cleaned_data["signer_position"],
        "signer_nip": form.cleaned_data["signer_nip"],
    }
    services.describe_proposal(
        proposal,
        header=signer,
        version=form.cleaned_data["version"],
        by=request.user,
        at=timezone.now(),
    )


@require_GET
def download_letter(request: AuthedRequest, pk: int, key: str, form: str) -> HttpResponse:
    """For the unit and its endorser alone: the letter names people with their NIPs."""
    proposal = fetch_proposal(request, pk, Action.READ)
    slot = next((each for each in letters_of(proposal) if each.key == key), None)
    if slot is None or form not in FORMS:
        raise Http404
    make, media_type = FORMS[form]
    content = make(slot, letter_facts(proposal), at=timezone.now())
    response = HttpResponse(content, content_type=media_type)
    name = f"{slot.label} - {proposal.title}.{form.removeprefix('f4.')}"
    return attached_privately(response, name=name)
