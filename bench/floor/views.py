"""The same pages with the queries they need, nothing around them and one transaction per write."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, F
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from bench.floor.forms import AnswerForm, ReviewForm
from bench.floor.models import Answer, Contest, Criterion, Proposal, Review, Score

PER_PAGE = 25


@require_GET
def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    contests = Contest.objects.prefetch_related("rounds")
    return render(request, "home.html", {"contests": contests})


@require_GET
def contest(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Contest, pk=pk)
    context = {
        "contest": found,
        "rounds": found.rounds.order_by("starts_at"),
        "sections": found.sections.order_by("pk"),
        "criteria": found.criteria.order_by("pk"),
    }
    return render(request, "contest.html", context)


@require_GET
def results(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Contest, pk=pk)
    awards = found.awards.select_related("proposal__unit").order_by("place")
    return render(request, "results.html", {"contest": found, "awards": awards})


@login_required
@require_GET
def board(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Contest, pk=pk, place__user=request.user)
    rows = found.proposals.select_related("unit").order_by("held_since", "pk")
    context = {
        "contest": found,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "counts": found.proposals.values_list("status").annotate(Count("pk")).order_by("status"),
    }
    return render(request, "board.html", context)


@login_required
@require_GET
def read(request: HttpRequest, pk: int, proposal: int) -> HttpResponse:
    found = get_object_or_404(Contest, pk=pk, place__user=request.user)
    return render_proposal(request, found.proposals.select_related("unit").get(pk=proposal))


@login_required
@require_GET
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    own = Proposal.objects.filter(unit__place__user=request.user).select_related("unit")
    return render_proposal(request, get_object_or_404(own, pk=pk))


def render_proposal(request: HttpRequest, found: Proposal) -> HttpResponse:
    answers = found.answers.select_related("section").order_by("section")
    return render(request, "proposal.html", {"proposal": found, "answers": answers})


@login_required
@require_GET
def section(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    answer = own_answer(request, pk, section)
    form = AnswerForm(initial={"text": answer.text, "version": answer.version})
    return render(request, "section.html", {"answer": answer, "form": form})


def own_answer(request: HttpRequest, pk: int, section: int) -> Answer:
    own = Answer.objects.filter(proposal__unit__place__user=request.user)
    return get_object_or_404(
        own.select_related("proposal", "section"), proposal=pk, section=section
    )


@login_required
@require_POST
@transaction.atomic
def save_section(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    answer = own_answer(request, pk, section)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    version, text = form.cleaned_data["version"], form.cleaned_data["text"]
    changed = Answer.objects.filter(pk=answer.pk, version=version).update(
        text=text, words=len(text.split()), version=F("version") + 1
    )
    status = 200 if changed else 409
    return JsonResponse({"version": version + 1}, status=status)


@login_required
@require_GET
def queue(request: HttpRequest, pk: int) -> HttpResponse:
    own = Review.objects.filter(judge=request.user, proposal__contest=pk)
    rows = own.select_related("proposal__unit").order_by("position")
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "counts": own.values_list("status").annotate(Count("pk")).order_by("status"),
    }
    return render(request, "queue.html", context)


@login_required
@require_GET
def review(request: HttpRequest, pk: int) -> HttpResponse:
    found = own_review(request, pk)
    initial = {f"value-{score.criterion_id}": score.value for score in found.scores.all()}
    initial |= {"comment": found.comment, "version": found.version}
    criteria = Criterion.objects.filter(contest=found.proposal.contest_id)
    context = {
        "review": found,
        "answers": found.proposal.answers.select_related("section").order_by("section"),
        "form": ReviewForm(initial=initial, criteria=criteria),
    }
    return render(request, "review.html", context)


def own_review(request: HttpRequest, pk: int) -> Review:
    return get_object_or_404(
        Review.objects.select_related("proposal__unit"), pk=pk, judge=request.user
    )


@login_required
@require_POST
@transaction.atomic
def save_review(request: HttpRequest, pk: int) -> HttpResponse:
    found = own_review(request, pk)
    criteria = list(Criterion.objects.filter(contest=found.proposal.contest_id))
    form = ReviewForm(request.POST, criteria=criteria)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    values, version = form.cleaned_data, form.cleaned_data["version"]
    changed = Review.objects.filter(pk=pk, version=version).update(
        comment=values["comment"], version=F("version") + 1
    )
    Score.objects.bulk_create(
        [
            Score(review=found, criterion=criterion, value=values[f"value-{criterion.pk}"])
            for criterion in criteria
        ],
        update_conflicts=True,
        unique_fields=["review", "criterion"],
        update_fields=["value"],
    )
    status = 200 if changed else 409
    return JsonResponse({"version": version + 1}, status=status)
