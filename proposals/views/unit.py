"""The unit's desk: innovations, starting, the proposal's page, its facts."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Unit
from accounts.takeaway import by_worker, is_for_worker
from competitions.models import Competition
from competitions.queries import countdown_to
from competitions.requests import AuthedRequest
from kipp.lib.sheets import MEDIA_TYPES
from kipp.lib.web import page_of
from proposals import services
from proposals.entry_forms import EntryForm, HeaderForm, InnovationForm, StartForm
from proposals.exports import own_columns, own_file
from proposals.findings import Line, lines_of
from proposals.jobs import JOBS, OWN
from proposals.models import Proposal
from proposals.permissions import Action, allowed_actions
from proposals.presence import writers_of
from proposals.queries import own
from proposals.queries.deadlines import Deadlines, deadlines_of
from proposals.queries.desk import current_submission, last_decision
from proposals.queries.endorsing import desk_line
from proposals.queries.history import history_of, history_of_innovations
from proposals.queries.others import Others
from proposals.queries.progress import last_return, problems_among, section_lines
from proposals.queries.standing import standing_of
from proposals.views.access import (
    as_download,
    attempt,
    fetch_proposal,
    fetch_whole,
    status_of,
    succeeded,
    turned_away,
)
from proposals.views.tasks import Draft, all_tasks, now_writing, progress_of, read_draft


@require_safe
def list_innovations(request: AuthedRequest) -> HttpResponse:
    if not request.actor.is_unit_staff:
        raise PermissionDenied
    page = page_of(own.innovations_of(request.actor), request)
    context = {
        "page": page,
        "rows": own.innovation_rows(page),
        "history": history_of_innovations(page),
        "may_import": bool(request.actor.endorser_of),
        "running": own.running_for(request.actor, at=timezone.now()),
    }
    return render(request, "proposals/innovations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def export_list(request: AuthedRequest, form: str) -> HttpResponseBase:
    if not request.actor.is_unit_staff:
        raise PermissionDenied
    if form not in MEDIA_TYPES:
        raise Http404
    listed = own.listed_for(request.actor)
    if is_for_worker(request, cells=listed.count() * len(own_columns())):
        return by_worker(
            request,
            OWN,
            {"form": form},
            kinds=JOBS,
            about=form.upper(),
            by=request.user,
            at=timezone.now(),
        )
    return as_download(own_file(listed.iterator(), form=form), name=f"proposal.{form}")


@require_http_methods(["GET", "POST"])
def register_innovation(request: AuthedRequest) -> HttpResponse:
    units = own.units_of(request.actor)
    if not units:
        raise PermissionDenied
    form = InnovationForm(request.POST or None, units=units, initial={"unit": units[0]})
    attempt(
        form,
        lambda: services.register_innovation(
            **form.cleaned_data, by=request.user, at=timezone.now()
        ),
    )
    if succeeded(form):
        messages.success(request, _("The innovation is in the register."))
        return on_to_the_only_competition(request)
    context = {"form": form}
    return render(request, "proposals/innovation_new.html", context, status=status_of(form))


def on_to_the_only_competition(request: AuthedRequest) -> HttpResponse:
    """Where a new innovation may be entered; with several or none the list leads on."""
    running = own.running_for(request.actor, at=timezone.now())
    if len(running) == 1:
        return redirect("proposals:proposal-start", slug=running[0].slug)
    return redirect("proposals:innovation-list")


@require_http_methods(["GET", "POST"])
def start_proposal(request: AuthedRequest, slug: str) -> HttpResponse:
    """With an innovation of the register; who has none left is asked for a new one."""
    competition = fetch_running(request, slug)
    innovations = own.enterable_in(competition, actor=request.actor)
    if not innovations:
        return redirect("proposals:innovation-enter", slug=slug)
    form = StartForm(request.POST or None, innovations=innovations, tracks=competition.tracks.all())
    started = attempt(
        form,
        lambda: services.start_proposal(
            form.cleaned_data["innovation"],
            track=form.cleaned_data["track"],
            unit=form.cleaned_data["innovation"].carrier,
            by=request.user,
            at=timezone.now(),
        ),
    )
    if started:
        return redirect("proposals:header-edit", pk=started.pk)
    return render_start(
        request, competition, form=form, unit=innovations[0].carrier or competition.host
    )


@require_http_methods(["GET", "POST"])
def enter_innovation(request: AuthedRequest, slug: str) -> HttpResponse:
    competition = fetch_running(request, slug)
    units = own.entering_units(competition, actor=request.actor)
    if not units:
        messages.error(request, _("None of your units can take part in this competition."))
        return redirect("proposals:innovation-list")
    form = EntryForm(
        request.POST or None, competition=competition, units=units, tracks=competition.tracks.all()
    )
    entered = attempt(
        form,
        lambda: services.enter_innovation(
            form.cleaned_data["unit"],
            track=form.cleaned_data["track"],
            expansion=form.cleaned_data["expansion"],
            header=form.header(),
            by=request.user,
            at=timezone.now(),
        ),
    )
    if entered:
        return on_to_what_is_empty(entered)
    return render_start(request, competition, form=form, unit=units[0])


def fetch_running(request: AuthedRequest, slug: str) -> Competition:
    published = Competition.objects.published().select_related("host")
    competition: Competition = get_object_or_404(published, slug=slug)
    if not request.actor.is_unit_staff:
        raise PermissionDenied
    return competition


def render_start(
    request: AuthedRequest, competition: Competition, *, form: StartForm | EntryForm, unit: Unit
) -> HttpResponse:
    window = deadlines_of(competition, unit=unit).sending
    context = {
        "form": form,
        "is_new": isinstance(form, EntryForm),
        "competition": competition,
        "tracks": competition.tracks.prefetch_related("sections", "slots"),
        "countdown": window
        and countdown_to(
            window.ends_at,
            earlier=window.earlier,
            label=_("Left until the proposal must be sent for endorsement"),
            zone=competition.time_zone,
            at=timezone.now(),
        ),
    }
    return render(request, "proposals/start.html", context, status=status_of(form))


@require_safe
def show_proposal(request: AuthedRequest, pk: int) -> HttpResponse:
    proposal, whole = fetch_whole(request, pk, Action.READ)
    draft = read_draft(proposal)
    actions = allowed_actions(request.actor, proposal)
    is_open = Action.WRITE in actions
    others = writers_of(pk, besides=request.user, at=timezone.now())
    context = situation_of(proposal, deadlines=whole.deadlines, at=timezone.now()) | {
        "actions": actions,
        "tasks": all_tasks(proposal, draft, is_open=is_open),
        "progress": progress_of(draft.sections),
        "claims": draft.claims,
        "findings": findings_of(proposal, draft, others=whole.others) if is_open else [],
        "history": history_of(proposal),
        "writing": now_writing(others, lines=draft.sections),
    }
    return render(request, "proposals/proposal.html", context)


def findings_of(proposal: Proposal, draft: Draft, *, others: Others) -> list[Line]:
    return lines_of(problems_among(proposal, draft.sections, draft.slots, others=others))


def situation_of(proposal: Proposal, *, deadlines: Deadlines, at: datetime) -> dict[str, object]:
    """Who holds it, until when, and what was decided."""
    return {
        "proposal": proposal,
        "origin": own.origin_of(proposal),
        "competition": proposal.competition,
        "deadlines": deadlines,
        "is_over": deadlines.are_over_for(proposal, at=at),
        "desk": desk_line(proposal, deadlines=deadlines, at=at),
        "standing": standing_of(proposal, deadlines=deadlines),
        "returned": last_return(proposal),
        "submission": current_submission(proposal),
        "decision": last_decision(proposal),
    }


def on_to_what_is_empty(proposal: Proposal) -> HttpResponse:
    """The first section without a text; once all have one, the task list."""
    for line in section_lines(proposal):
        if not line.text and proposal.is_open_at(f"section:{line.section.key}"):
            return redirect("proposals:section-edit", pk=proposal.pk, key=line.section.key)
    return redirect("proposals:proposal-page", pk=proposal.pk)


@require_http_methods(["GET", "POST"])
def edit_header(request: AuthedRequest, pk: int) -> HttpResponse:
    proposal = fetch_proposal(request, pk, Action.WRITE)
    if away := turned_away(request, proposal, Action.WRITE):
        return away
    form = HeaderForm(request.POST or None, proposal=proposal)
    attempt(
        form,
        lambda: services.describe_proposal(
            proposal,
            header=form.header(),
            version=form.cleaned_data["version"],
            by=request.user,
            at=timezone.now(),
        ),
    )
    if succeeded(form):
        messages.success(request, _("Facts saved."))
        return on_to_what_is_empty(proposal)
    context = {"form": form, "proposal": proposal, "competition": proposal.competition}
    return render(request, "proposals/header.html", context, status=status_of(form))
