"""Two texts for one section: both are shown with what differs, and the person chooses."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from competitions.models import Section
from competitions.requests import AuthedRequest
from kipp.lib.text import word_count
from kipp.lib.web import CONFLICT
from proposals.forms import AnswerForm, TextForm
from proposals.models import Answer
from proposals.permissions import Action
from proposals.queries.revisions import meeting_of
from proposals.views.access import fetch_proposal


@require_POST
def compare_texts(request: AuthedRequest, pk: int, key: str) -> HttpResponse:
    """The same choice without a save: for a text that was kept on a device."""
    proposal = fetch_proposal(request, pk, Action.WRITE)
    section = get_object_or_404(Section, track=proposal.track_id, key=key)
    answers = Answer.objects.select_related("saved_by", "section", "proposal__competition")
    theirs = answers.filter(proposal=proposal, section=section).first()
    form = TextForm(request.POST)
    if theirs is None or not form.is_valid():
        return redirect("proposals:section-edit", pk=pk, key=key)
    mine, version = form.cleaned_data["text"], form.cleaned_data["version"]
    return show_both(request, theirs, mine=mine, version=version)


def show_both(request: AuthedRequest, theirs: Answer, *, mine: str, version: int) -> HttpResponse:
    """`mine` was written over `version`; whatever is chosen replaces what stands there now."""
    meeting = meeting_of(theirs, mine=mine, version=version)
    section, joined = theirs.section, meeting.joined
    choice = {"text": joined.text, "version": theirs.version}
    context = {
        "proposal": theirs.proposal,
        "section": section,
        "theirs": theirs,
        "mine": mine,
        "pieces": meeting.pieces,
        "conflicts": joined.conflicts,
        "joined_words": word_count(joined.text),
        "form": AnswerForm(section=section, initial=choice),
        "message": explain(request, theirs, version=version),
    }
    return render(request, "proposals/section_merge.html", context, status=CONFLICT)


def explain(request: AuthedRequest, theirs: Answer, *, version: int) -> str:
    if version == theirs.version:
        return _("What you typed is not on the server yet. Choose what shall stand in the section.")
    if theirs.saved_by_id == request.user.pk:
        return _("You saved this section in another window meanwhile. Nothing is lost: choose.")
    name = theirs.saved_by.full_name
    return _("%(name)s saved this section before you. Nothing is lost: choose.") % {"name": name}
