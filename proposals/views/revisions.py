"""The history of a section, for those who write it: read what changed, put an older text back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from competitions.models import Section
from competitions.requests import AuthedRequest
from proposals import services
from proposals.forms import VersionForm
from proposals.models import Proposal, Revision
from proposals.permissions import Action
from proposals.queries.revisions import changes_of, find_revision, find_sitting, sittings_of
from proposals.services import StaleAnswer
from proposals.views.access import fetch_proposal, status_of
from proposals.views.merging import show_both


@require_safe
def list_sittings(request: AuthedRequest, pk: int, key: str) -> HttpResponse:
    proposal, section = fetch_section(request, pk, key)
    context = {
        "proposal": proposal,
        "section": section,
        "sittings": sittings_of(proposal, section=section),
        "is_open": is_open(proposal, section),
    }
    return render(request, "proposals/section_history.html", context)


@require_safe
def show_revision(request: AuthedRequest, pk: int, key: str, version: int) -> HttpResponse:
    proposal, section = fetch_section(request, pk, key)
    revision = fetch_revision(proposal, section, version)
    form = VersionForm(initial={"version": revision.answer.version})
    return render_revision(request, revision, form=form)


def render_revision(
    request: AuthedRequest, revision: Revision, *, form: VersionForm
) -> HttpResponse:
    """What the sitting had changed by then; `form` puts this text back."""
    answer = revision.answer
    sitting = find_sitting(
        sittings_of(answer.proposal, section=answer.section), version=revision.version
    )
    since = sitting.seen_before if sitting else 0
    is_current = revision.version == answer.version
    context = {
        "proposal": answer.proposal,
        "section": answer.section,
        "revision": revision,
        "sitting": sitting,
        "pieces": changes_of(revision, since=since),
        "form": form,
        "is_current": is_current,
        "may_restore": not is_current and is_open(answer.proposal, answer.section),
    }
    return render(request, "proposals/section_revision.html", context, status=status_of(form))


@require_POST
def restore_revision(request: AuthedRequest, pk: int, key: str, version: int) -> HttpResponse:
    proposal, section = fetch_section(request, pk, key)
    revision = fetch_revision(proposal, section, version)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return render_revision(request, revision, form=form)
    seen = form.cleaned_data["version"]
    try:
        services.restore_revision(revision, version=seen, by=request.user, at=timezone.now())
    except StaleAnswer as error:
        return show_both(request, error.theirs, mine=revision.text, version=seen)
    except ValidationError as error:
        form.add_error(None, error)
        return render_revision(request, revision, form=form)
    messages.success(request, _("The older text stands in the section again."))
    return redirect("proposals:section-edit", pk=pk, key=key)


def fetch_section(request: AuthedRequest, pk: int, key: str) -> tuple[Proposal, Section]:
    proposal = fetch_proposal(request, pk, Action.WRITE)
    return proposal, get_object_or_404(Section, track=proposal.track_id, key=key)


def is_open(proposal: Proposal, section: Section) -> bool:
    return proposal.is_open_at(f"section:{section.key}")


def fetch_revision(proposal: Proposal, section: Section, version: int) -> Revision:
    revision = find_revision(proposal, section=section, version=version)
    if revision is None:
        raise Http404
    return revision
