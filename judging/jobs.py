"""Long work of the judging floor: what it does, who may ask for it, where its page is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.archiving import as_result, counted, make_archive
from accounts.jobs import entered, sheet_of
from accounts.models import Job, User
from accounts.working import Kind, Result, Run
from competitions.roles import load_actor
from judging.certificates import certificate_pdf, file_name
from judging.exports import MEDIA_TYPES, matrix_name, matrix_xlsx, results_file, results_name
from judging.feedback import feedback_entries
from judging.models import AssignmentDraft, Award, Feedback, Publication, Ranking, Stage
from judging.permissions import (
    PublicationAction,
    StageAction,
    may,
    may_publish,
    may_score_offline,
)
from judging.queries.feedback import judged_proposals
from judging.queries.matrix import entry_lines, panel_seats
from judging.queries.planning import seats_of, submissions_in
from judging.queries.results import results_of
from judging.services import (
    adjust_draft,
    compute_robustness,
    enter_matrix,
    enter_offline,
    make_draft,
)
from kipp.lib.zips import Entry

CERTIFICATES, FEEDBACK, ROBUSTNESS = "certificates", "feedback", "robustness"
DRAFT, ADJUSTMENT, RESULTS = "draft", "adjustment", "results"
EMPTY_MATRIX, TOTALS, SCORES = "empty_matrix", "totals", "scores"
# Pairs of judge and entry that are planned while the browser waits: within a second.
PAIRS_AT_ONCE = 20_000


def make_certificates(run: Run) -> Result:
    """Of all tiers, under place and title."""
    publication = _publication(run.job)
    return make_archive(
        run,
        list_keys=lambda: publication.awards.values_list("pk", flat=True),
        make=_certificates,
        name=f"sertifikat-{publication.competition.slug}-{publication.number}.zip",
        at=datetime.combine(publication.decree_on, time(), tzinfo=UTC),
    )


def _certificates(keys: Sequence[int]) -> Iterator[Entry]:
    awards = Award.objects.select_related("publication__competition__host").in_bulk(keys)
    for key in keys:
        yield file_name(awards[key]), [certificate_pdf(awards[key])]


def make_feedback_sheets(run: Run) -> Result:
    publication = _publication(run.job)
    feedback = Feedback.objects.select_related("publication__competition__host").get(
        publication=publication
    )
    at = feedback.released_at or feedback.prepared_at
    return make_archive(
        run,
        list_keys=lambda: judged_proposals(publication).values_list("pk", flat=True),
        make=lambda keys: feedback_entries(feedback, keys, at=at),
        name=f"umpan-balik-{publication.competition.slug}-{publication.number}.zip",
        at=at.astimezone(ZoneInfo(publication.competition.time_zone)),
    )


def make_robustness(run: Run) -> Result:
    """Begun anew by the next worker, unless the sheet was kept already."""
    compute_robustness(_ranking(run.job), tell=run.step, at=run.job.asked_at)
    return Result()


def make_plan(run: Run) -> Result:
    """The stage is held only when the plan is kept; nobody waits for the planning."""
    stage, asked = _stage(run.job), run.job.subject
    draft = make_draft(
        stage,
        by=run.job.owner,
        at=run.job.asked_at,
        readings=asked["readings"],
        seed=asked["seed"],
        is_free=asked["is_free"],
    )
    return Result(outcome={"draft": draft.number})


def make_adjustment(run: Run) -> Result:
    draft = AssignmentDraft.objects.get(pk=run.job.subject["draft"])
    draft.stage = _stage(run.job)
    made = adjust_draft(draft, by=run.job.owner, at=run.job.asked_at)
    return Result(outcome={"draft": made.number})


def list_results(run: Run) -> Result:
    """As they stand when it is made: a vote or the plenary may have frozen them anew."""
    stage, form = _stage(run.job), run.job.subject["form"]
    found = results_of(stage)
    assert found is not None  # noqa: S101 - whoever may see results sees those of a closed stage
    return as_result(
        results_file(found, form=form),
        name=results_name(stage, form=form),
        media_type=MEDIA_TYPES[form],
    )


def list_entries(run: Run) -> Result:
    stage = _stage(run.job)
    lines, heads = list(entry_lines(stage)), [seat.head for seat in panel_seats(stage)]
    return as_result(
        [matrix_xlsx(counted(run, lines, of=len(lines)), judges=heads)],
        name=matrix_name(stage),
        media_type=MEDIA_TYPES["xlsx"],
    )


def enter_totals(run: Run) -> Result:
    job, asked = run.job, run.job.subject
    found = enter_matrix(
        sheet_of(job),
        sha256=asked["sha256"],
        reason=asked["reason"],
        stage=_stage(job),
        tell=run.step,
        by=job.owner,
        at=job.asked_at,
    )
    return entered(len(found.rows), has_problems=bool(found.problems))


def save_workbook(run: Run) -> Result:
    job, asked = run.job, run.job.subject
    found = enter_offline(
        sheet_of(job),
        sha256=asked["sha256"],
        hand_in=asked["hand_in"],
        stage=_stage(job),
        actor=load_actor(job.owner),
        tell=run.step,
        by=job.owner,
        at=job.asked_at,
    )
    return entered(len(found.rows), has_problems=bool(found.problems))


def is_planned_at_once(stage: Stage) -> bool:
    return seats_of(stage).count() * submissions_in(stage).count() <= PAIRS_AT_ONCE


def _stage(job: Job) -> Stage:
    found = Stage.objects.select_related("competition__host", "round")
    return found.get(pk=job.subject["stage"])


def _may_assign(user: User, job: Job) -> bool:
    return may(load_actor(user), StageAction.ASSIGN, _stage(job))


def _may_see_results(user: User, job: Job) -> bool:
    return may(load_actor(user), StageAction.SEE_RESULTS, _stage(job))


def _results_page(job: Job) -> str:
    stage = _stage(job)
    return reverse("judging:results", args=[stage.competition.slug, stage.key])


def _may_enter_totals(user: User, job: Job) -> bool:
    return may(load_actor(user), StageAction.ENTER_TOTALS, _stage(job))


def _matrix_page(job: Job) -> str:
    """Where totals come from, and where they went."""
    stage = _stage(job)
    is_entered = job.kind == TOTALS and job.status == Job.Status.DONE
    name = "judging:stage" if is_entered else "judging:matrix-upload"
    return reverse(name, args=[stage.competition.slug, stage.key])


def _may_score(user: User, job: Job) -> bool:
    own = Stage.objects.judged_by(load_actor(user)).filter(pk=job.subject["stage"]).first()
    return own is not None and may_score_offline(own)


def _scores_page(job: Job) -> str:
    name = "queue" if job.status == Job.Status.DONE else "offline-upload"
    return reverse(f"judging:{name}", args=[job.subject["stage"]])


def _draft_page(job: Job) -> str:
    stage, number = _stage(job), job.outcome.get("draft")
    place = [stage.competition.slug, stage.key]
    if number is None:
        return reverse("judging:draft-list", args=place)
    return reverse("judging:draft", args=[*place, number])


def _publication(job: Job) -> Publication:
    found = Publication.objects.select_related("competition__host")
    return found.get(pk=job.subject["publication"])


def _ranking(job: Job) -> Ranking:
    return Ranking.objects.select_related("stage__competition").get(pk=job.subject["ranking"])


def _may_publish(action: PublicationAction) -> Callable[[User, Job], bool]:
    return lambda user, job: may_publish(load_actor(user), action, _publication(job))


def _may_compute(user: User, job: Job) -> bool:
    return may(load_actor(user), StageAction.MINUTE, _ranking(job).stage)


def _publication_page(name: str) -> Callable[[Job], str]:
    return lambda job: reverse(f"judging:{name}", args=_place_of(_publication(job)))


def _place_of(publication: Publication) -> list[object]:
    return [publication.competition.slug, publication.number]


def _robustness_page(job: Job) -> str:
    stage = _ranking(job).stage
    return reverse("judging:robustness", args=[stage.competition.slug, stage.key])


JOBS = {
    CERTIFICATES: Kind(
        label=_("Certificates of all tiers"),
        work=make_certificates,
        may=_may_publish(PublicationAction.CERTIFY),
        page=_publication_page("publication"),
        is_whole=False,
    ),
    FEEDBACK: Kind(
        label=_("Feedback sheets of all proposals"),
        work=make_feedback_sheets,
        may=_may_publish(PublicationAction.FEEDBACK),
        page=_publication_page("feedback-review"),
        is_whole=False,
    ),
    ROBUSTNESS: Kind(
        label=_("Robustness sheet"),
        work=make_robustness,
        may=_may_compute,
        page=_robustness_page,
        is_whole=False,
    ),
    RESULTS: Kind(
        label=_("Results of a stage"),
        work=list_results,
        may=_may_see_results,
        page=_results_page,
        is_whole=False,
    ),
    EMPTY_MATRIX: Kind(
        label=_("Empty matrix (XLSX)"),
        work=list_entries,
        may=_may_enter_totals,
        page=_matrix_page,
        is_whole=False,
    ),
    TOTALS: Kind(
        label=_("Totals from paper"),
        work=enter_totals,
        may=_may_enter_totals,
        page=_matrix_page,
        is_whole=True,
    ),
    SCORES: Kind(
        label=_("Scorecards from a workbook"),
        work=save_workbook,
        may=_may_score,
        page=_scores_page,
        is_whole=True,
    ),
    DRAFT: Kind(
        label=_("Assignment draft"),
        work=make_plan,
        may=_may_assign,
        page=_draft_page,
        is_whole=True,
    ),
    ADJUSTMENT: Kind(
        label=_("Adjusted assignment draft"),
        work=make_adjustment,
        may=_may_assign,
        page=_draft_page,
        is_whole=True,
    ),
}
