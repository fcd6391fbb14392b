"""A proposal in the form of the next level: what fits, what is too long, and the files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from types import MappingProxyType

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competitions.requests import AuthedRequest
from kipp.editions.files import preset_names, preset_path, read_edition
from kipp.lib.web import attached_privately
from proposals.content import Content
from proposals.models import Proposal
from proposals.next_level import NextForm, NextSection, Reshaped, reshape
from proposals.paper import Paper, paper_pdf
from proposals.paper_docx import paper_docx
from proposals.permissions import Action, is_of_unit, may
from proposals.queries.desk import current_submission
from proposals.queries.freezing import content_of
from proposals.workflow import RECEIVED


@require_safe
def show(request: AuthedRequest, pk: int) -> HttpResponse:
    proposal = _fetch(request, pk)
    content = _content(request, proposal)
    shapes = [reshape(content, form) for form in forms().values()]
    context = {"proposal": proposal, "shapes": shapes, "above": _page_of(request, proposal)}
    return render(request, "kipp/next_level.html", context)


@require_safe
def download(request: AuthedRequest, pk: int, edition: str, track: str, kind: str) -> HttpResponse:
    proposal = _fetch(request, pk)
    form = forms().get((edition, track))
    if form is None or kind not in WRITERS:
        raise Http404
    media_type, write = WRITERS[kind]
    shaped = reshape(_content(request, proposal), form)
    response = HttpResponse(write(proposal, shaped, timezone.now()), content_type=media_type)
    name = f"{proposal.innovation.number}-{edition}-{track}.{kind}"
    return attached_privately(response, name=name)


@cache
def forms() -> Mapping[tuple[str, str], NextForm]:
    """Every form that the portal knows, by edition and track."""
    found = {}
    for name in preset_names():
        definition = read_edition(preset_path(name).read_bytes())
        for track in definition["tracks"]:
            sections = [
                NextSection(each["key"], each["label"], each["word_limit"])
                for each in track["sections"]
            ]
            title = definition["competition"]["name"]
            form = NextForm(name, track["key"], title, track["name"], sections)
            found[name, track["key"]] = form
    return MappingProxyType(found)


def _page_of(request: AuthedRequest, proposal: Proposal) -> str:
    """The page of the proposal that this person may open: the unit's, else the committee's."""
    if is_of_unit(request.actor, proposal):
        return reverse("proposals:proposal-page", args=[proposal.pk])
    return reverse("proposals:screening-page", args=[proposal.competition.slug, proposal.pk])


def _fetch(request: AuthedRequest, pk: int) -> Proposal:
    visible = Proposal.objects.visible_to(request.actor).for_page()
    proposal: Proposal = get_object_or_404(visible, pk=pk)
    if not may(request.actor, Action.EXPORT, proposal):
        raise PermissionDenied
    return proposal


def _content(request: AuthedRequest, proposal: Proposal) -> Content:
    """What was sent, or the unit's own draft as long as nothing is with the committee."""
    submission = current_submission(proposal)
    if submission:
        content: Content = submission.content
        return content
    if proposal.status in RECEIVED or not is_of_unit(request.actor, proposal):
        raise Http404
    return content_of(proposal, receipt="")


def _paper(proposal: Proposal, shaped: Reshaped, at: datetime) -> Paper:
    with translation.override("id"):
        mark = _("In the form of: %(name)s") % {"name": shaped.form.name}
    return Paper(content=shaped.content, competition=proposal.competition, at=at, mark=mark)


def _pdf(proposal: Proposal, shaped: Reshaped, at: datetime) -> bytes:
    return paper_pdf(_paper(proposal, shaped, at), size="a4")


def _docx(proposal: Proposal, shaped: Reshaped, at: datetime) -> bytes:
    return paper_docx(_paper(proposal, shaped, at), left=shaped.left)


def _json(proposal: Proposal, shaped: Reshaped, _at: datetime) -> bytes:
    told = {
        "innovation": proposal.innovation.number,
        **shaped.content,
        "too_long": [label for label, _words, _limit in shaped.too_long],
        "left": shaped.left,
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


Writer = Callable[[Proposal, Reshaped, datetime], bytes]
WRITERS: Mapping[str, tuple[str, Writer]] = MappingProxyType(
    {
        "docx": (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            _docx,
        ),
        "pdf": ("application/pdf", _pdf),
        "json": ("application/json", _json),
    }
)
