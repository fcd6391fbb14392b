"""One page per section: write, save by itself, settle a conflict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from competitions.models import Section
from competitions.requests import AuthedRequest, Request
from kipp.lib.clock import show_time
from kipp.lib.web import OK, UNPROCESSABLE, logged_out
from proposals import services
from proposals.autosaving import note_save, pause_now
from proposals.content import PUBLIC_WORDS, summary_key
from proposals.forms import AnswerForm, TextForm
from proposals.models import Answer, Proposal
from proposals.permissions import Action
from proposals.presence import Writer, note_writing, writers_of
from proposals.queries.lines import draft_rows
from proposals.queries.progress import SectionLine, section_lines, slot_lines, slots_at
from proposals.services import StaleAnswer
from proposals.views.access import (
    fetch_desk,
    fetch_proposal,
    require_open_part,
    status_of,
    turned_away,
)
from proposals.views.merging import show_both


@require_http_methods(["GET", "POST"])
def edit_section(request: AuthedRequest, pk: int, key: str) -> HttpResponse:
    proposal = fetch_proposal(request, pk, Action.WRITE)
    if away := turned_away(request, proposal, Action.WRITE):
        return away
    require_open_part(proposal, f"section:{key}")
    lines = section_lines(proposal)
    line = line_of(key, lines=lines)
    section = line.section
    initial = {"text": line.text, "version": line.version}
    form = AnswerForm(request.POST or None, section=section, initial=initial)
    if form.is_valid():
        try:
            save(request, proposal, section, form)
        except StaleAnswer as error:
            mine, version = form.cleaned_data["text"], form.cleaned_data["version"]
            return show_both(request, error.theirs, mine=mine, version=version)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return go_on(request, proposal, lines, line)
    context = {"form": form, "proposal": proposal, "line": line, "section": section}
    context |= {"pause": pause_now(at=timezone.now())}
    context |= {"beside": beside(writers_here(request, proposal, section))}
    context |= surroundings(proposal, section, lines=lines)
    return render(request, "proposals/section.html", context, status=status_of(form))


def surroundings(
    proposal: Proposal, section: Section, *, lines: Sequence[SectionLine]
) -> dict[str, object]:
    """What belongs to the text without being it: files, claims, and what of it becomes public."""
    keys = [line.section.key for line in lines]
    return {
        "slots": slots_at(proposal, section),
        "claims": draft_rows(proposal) if section.needs_evidence else [],
        "is_public_summary": section.key == summary_key(keys),
        "public_words": PUBLIC_WORDS,
    }


def writers_here(request: AuthedRequest, proposal: Proposal, section: Section) -> list[Writer]:
    found = writers_of(proposal.pk, besides=request.user, at=timezone.now())
    return [writer for writer in found if writer.section == section.key]


def beside(writers: Iterable[Writer]) -> str:
    """A sentence about who else writes here; empty when nobody does."""
    names = ", ".join(writer.name for writer in writers)
    return _("%(names)s is editing this section too.") % {"names": names} if names else ""


def line_of(key: str, *, lines: Sequence[SectionLine]) -> SectionLine:
    for line in lines:
        if line.section.key == key:
            return line
    raise Http404


def save(request: AuthedRequest, proposal: Proposal, section: Section, form: TextForm) -> Answer:
    return services.save_answer(
        proposal,
        section=section,
        text=form.cleaned_data["text"],
        version=form.cleaned_data["version"],
        by=request.user,
        at=timezone.now(),
    )


def go_on(
    request: AuthedRequest, proposal: Proposal, lines: list[SectionLine], line: SectionLine
) -> HttpResponse:
    """To the next section that is open; after the last one to files that are still asked for."""
    messages.success(request, _("“%(label)s” is saved.") % {"label": line.section.shown_label})
    for following in lines[lines.index(line) + 1 :]:
        if not proposal.is_locked_at(f"section:{following.section.key}"):
            return redirect("proposals:section-edit", pk=proposal.pk, key=following.section.key)
    asked = [each for each in slot_lines(proposal) if each.is_missing]
    if any(not proposal.is_locked_at(each.target) for each in asked):
        return redirect("proposals:attachment-list", pk=proposal.pk)
    return redirect("proposals:proposal-page", pk=proposal.pk)


@require_POST
@login_not_required
def autosave_section(request: Request, pk: int, key: str) -> HttpResponse:
    """The same save for a script: JSON, and 401 instead of a login page."""
    if not request.user.is_authenticated:
        return logged_out()
    return save_quietly(cast("AuthedRequest", request), pk, key)


def save_quietly(request: AuthedRequest, pk: int, key: str) -> HttpResponse:
    desk = fetch_desk(request, pk, key)
    form = TextForm(request.POST)
    if not form.is_valid():
        return problem(str(next(iter(form.errors.values()))[0]), UNPROCESSABLE)
    try:
        answer = save(request, desk.proposal, desk.section, form)
    except ValidationError as error:
        form.add_error(None, error)
        return problem(error.messages[0], status_of(form), code=error.code or "")
    note_save(at=timezone.now())
    saved = {
        "version": answer.version,
        "saved_at": show_time(answer.saved_at, zone=desk.time_zone),
        "words": answer.word_count,
        "pause": pause_now(at=timezone.now()),
        "beside": beside(note_writing(pk, section=key, by=request.user, at=timezone.now())),
    }
    return JsonResponse(saved, status=OK)


def problem(sentence: str, status: int, *, code: str = "") -> JsonResponse:
    return JsonResponse({"error": sentence, "code": code}, status=status)
