"""The lists of a draft, its claims and its team: the same five pages for both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from competitions.forms import VersionForm
from competitions.requests import AuthedRequest
from kipp.lib.forms import ModelForm
from kipp.lib.web import CONFLICT
from proposals import services
from proposals.ledger import ledger_rows
from proposals.ledger_forms import ClaimForm, TeamMemberForm
from proposals.models import Claim, Proposal, TeamMember
from proposals.permissions import Action
from proposals.queries.freezing import freeze_claim
from proposals.queries.lines import team_of
from proposals.services.lines import GONE, Listed
from proposals.views.access import (
    attempt,
    fetch_proposal,
    require_open_part,
    status_of,
    succeeded,
)


class Verb(Protocol):
    def __call__(self, line: Listed, *, version: int, by: User, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the lists: `name` is that of its URLs and of its page's template."""

    name: str
    model: type[Claim | TeamMember]
    form: Callable[..., ModelForm]


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "claim": Kind("claim", Claim, ClaimForm),
        "member": Kind("member", TeamMember, TeamMemberForm),
    }
)


@require_http_methods(["GET", "POST"])
def list_lines(request: AuthedRequest, pk: int, kind: str) -> HttpResponse:
    """The list with a form for one more line below it."""
    proposal, known = fetch_open(request, pk, kind), KINDS[kind]
    line = known.model(proposal=proposal, saved_by=request.user)
    form = known.form(request.POST if request.method == "POST" else None, instance=line)
    attempt(form, lambda: services.add_line(line, by=request.user, at=timezone.now()))
    if succeeded(form):
        messages.success(request, _("“%(name)s” is added.") % {"name": line})
        return redirect(f"proposals:{known.name}-list", pk=pk)
    context = {"proposal": proposal, "form": form, **list_context(proposal, known)}
    return render(request, f"proposals/{known.name}s.html", context, status=status_of(form))


def fetch_open(request: AuthedRequest, pk: int, kind: str) -> Proposal:
    proposal = fetch_proposal(request, pk, Action.WRITE)
    require_open_part(proposal, f"list:{kind}")
    return proposal


def list_context(proposal: Proposal, known: Kind) -> dict[str, object]:
    if known.model is TeamMember:
        return {"lines": team_of(proposal)}
    claims = list(Claim.objects.filter(proposal=proposal).select_related("source"))
    return {"lines": claims, "rows": ledger_rows([freeze_claim(claim) for claim in claims])}


@require_http_methods(["GET", "POST"])
def edit_line(request: AuthedRequest, pk: int, line_id: int, kind: str) -> HttpResponse:
    proposal, known = fetch_open(request, pk, kind), KINDS[kind]
    line = find_line(proposal, known, line_id)
    if line is None:
        return render_gone(request, proposal, known)
    form = known.form(request.POST if request.method == "POST" else None, instance=line)
    version, verb = sent_version(request), services.change_line
    attempt(form, lambda: verb(line, version=version, by=request.user, at=timezone.now()))
    if succeeded(form):
        messages.success(request, _("“%(name)s” is saved.") % {"name": line})
        return redirect(f"proposals:{known.name}-list", pk=pk)
    return render_line(request, proposal, known, line_id, form=form)


def render_gone(request: AuthedRequest, proposal: Proposal, known: Kind) -> HttpResponse:
    """Somebody removed the line: what was typed stands in the form for a new one."""
    if request.method == "GET":
        raise Http404
    line = known.model(proposal=proposal, saved_by=request.user)
    form = known.form(request.POST, instance=line)
    form.add_error(None, ValidationError(GONE, code="stale"))
    context = {"proposal": proposal, "form": form, **list_context(proposal, known)}
    return render(request, f"proposals/{known.name}s.html", context, status=CONFLICT)


def render_line(
    request: AuthedRequest, proposal: Proposal, known: Kind, line_id: int, *, form: ModelForm
) -> HttpResponse:
    """After a conflict what stands there now is shown beside what was typed, and may be replaced.

    After a slip of the pen the form keeps resting on the version that it was made from.
    """
    stored, status = fetch_line(proposal, known, line_id), status_of(form)
    version = sent_version(request) if form.is_bound and status != CONFLICT else stored.version
    context = {
        "proposal": proposal,
        "form": form,
        "line": stored,
        "hidden": VersionForm(initial={"version": version})["version"],
        "back_url": reverse(f"proposals:{known.name}-list", args=[proposal.pk]),
        "theirs": facts_of(known.form(instance=stored)) if status == CONFLICT else [],
    }
    return render(request, "proposals/line.html", context, status=status)


@require_http_methods(["GET", "POST"])
def remove_line(request: AuthedRequest, pk: int, line_id: int, kind: str) -> HttpResponse:
    proposal, known = fetch_open(request, pk, kind), KINDS[kind]
    line = fetch_line(proposal, known, line_id)
    form = VersionForm(
        request.POST if request.method == "POST" else None, initial={"version": line.version}
    )
    verb, at = services.remove_line, timezone.now()
    attempt(form, lambda: verb(line, version=form.cleaned_data["version"], by=request.user, at=at))
    back_url = reverse(f"proposals:{known.name}-list", args=[pk])
    if succeeded(form):
        messages.success(request, _("“%(name)s” is removed.") % {"name": line})
        return redirect(back_url)
    context = {"form": form, "proposal": proposal, "line": line, "back_url": back_url}
    return render(request, "proposals/line_remove.html", context, status=status_of(form))


@require_POST
def move_line_up(request: AuthedRequest, pk: int, line_id: int, kind: str) -> HttpResponse:
    return move_line(request, pk, line_id, kind, verb=services.move_line_up)


@require_POST
def move_line_down(request: AuthedRequest, pk: int, line_id: int, kind: str) -> HttpResponse:
    return move_line(request, pk, line_id, kind, verb=services.move_line_down)


def move_line(
    request: AuthedRequest, pk: int, line_id: int, kind: str, *, verb: Verb
) -> HttpResponse:
    proposal, known = fetch_open(request, pk, kind), KINDS[kind]
    line = fetch_line(proposal, known, line_id)
    page = reverse(f"proposals:{known.name}-list", args=[pk])
    try:
        verb(line, version=sent_version(request), by=request.user, at=timezone.now())
    except ValidationError as error:
        context = {"sentence": error.messages[0], "back_url": page}
        return render(request, "errors/409.html", context, status=CONFLICT)
    return redirect(f"{page}#line-{line_id}")


def find_line(proposal: Proposal, known: Kind, line_id: int) -> Any:
    lines: Any = known.model._default_manager.filter(proposal=proposal)
    line = lines.filter(pk=line_id).first()
    if line:
        line.proposal = proposal
    return line


def fetch_line(proposal: Proposal, known: Kind, line_id: int) -> Any:
    line = find_line(proposal, known, line_id)
    if line is None:
        raise Http404
    return line


def sent_version(request: AuthedRequest) -> int:
    """The version that the page was made from; 0, which no line has, when none came along."""
    sent = VersionForm(request.POST)
    return int(sent.cleaned_data["version"]) if sent.is_valid() else 0


def facts_of(form: ModelForm) -> list[tuple[str, str]]:
    """What stands there now, as its own form would show it."""
    return [(str(field.label), shown(field)) for field in form]


def shown(field: Any) -> str:
    value = field.value()
    choices = {str(key): str(label) for key, label in getattr(field.field, "choices", ())}
    return choices.get(str(value), str(value or ""))
