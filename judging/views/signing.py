"""A judge reads the minutes and signs them with a code that came by mail."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competitions.requests import AuthedRequest
from judging import services
from judging.exports import MEDIA_TYPES
from judging.minutes import minutes_sha256
from judging.minutes_exports import minutes_file
from judging.models import MinutesSignature, Ranking, Stage
from judging.queries.minutes import minutes_of, signatures_of
from judging.queries.results import shown_ranking
from judging.views.answers import overtaken, status_of
from kipp.lib.forms import Form, add_error


class CodeForm(Form):
    code = forms.CharField(
        label=gettext_lazy("Code from the mail"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": gettext_lazy("Type the code from the mail.")},
    )


def _ranking(request: AuthedRequest, pk: int) -> Ranking:
    """The one that stands, for the judges of the stage; none while scores are being given."""
    stages = Stage.objects.judged_by(request.actor).select_related("competition__host")
    stage = get_object_or_404(stages.distinct(), pk=pk)
    ranking = shown_ranking(stage)
    if ranking is None:
        raise Http404
    return ranking


@require_http_methods(["GET", "POST"])
def page(request: AuthedRequest, pk: int) -> HttpResponse:
    ranking = _ranking(request, pk)
    form = CodeForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _page(request, ranking, form, status=422 if form.is_bound else 200)
    try:
        services.sign_minutes(
            ranking,
            code=form.cleaned_data["code"],
            digest=minutes_sha256(minutes_of(ranking)),
            by=request.user,
            at=timezone.now(),
        )
    except ValidationError as error:
        add_error(form, error)
        return _page(request, ranking, form, status=status_of(error))
    messages.success(request, _("Signed. Thank you."))
    return redirect("judging:minutes-sign", pk)


def _page(request: AuthedRequest, ranking: Ranking, form: CodeForm, *, status: int) -> HttpResponse:
    own = MinutesSignature.objects.filter(ranking=ranking, panelist__user=request.user).first()
    context = {
        "stage": ranking.stage,
        "competition": ranking.stage.competition,
        "ranking": ranking,
        "digest": minutes_sha256(minutes_of(ranking)),
        "own": own,
        "given": signatures_of(ranking),
        "form": form,
    }
    return render(request, "judging/minutes_sign.html", context, status=status)


@require_POST
def ask(request: AuthedRequest, pk: int) -> HttpResponse:
    ranking = _ranking(request, pk)
    digest = minutes_sha256(minutes_of(ranking))
    try:
        services.ask_code(ranking, digest=digest, by=request.user, at=timezone.now())
    except ValidationError as error:
        return overtaken(request, error, back_url=request.path.removesuffix("kode/"))
    messages.success(request, _("A code is on its way to your mail. It is good for 30 minutes."))
    return redirect("judging:minutes-sign", pk)


@require_safe
def paper(request: AuthedRequest, pk: int) -> HttpResponse:
    ranking = _ranking(request, pk)
    response = HttpResponse(minutes_file(ranking, ending="pdf"), content_type=MEDIA_TYPES["pdf"])
    response["Content-Disposition"] = 'inline; filename="berita-acara.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
