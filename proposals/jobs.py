"""Long work of the proposals' floor: what it does, who may ask for it, where its page is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.archiving import make_archive
from accounts.jobs import entered, sheet_of
from accounts.models import Job, User
from accounts.working import Kind, Result, Run
from competitions.models import Competition, Track
from competitions.roles import load_actor
from kipp.lib.zips import Entry
from proposals import services
from proposals.decision_letters import decision_letter
from proposals.models import Screening
from proposals.permissions import BoardAction, may_on_board, paths_to_import
from proposals.queries.importing import may_import_history
from proposals.queries.outcome import current_notice, last_decisions

LETTERS, PROPOSALS, HISTORY = "letters", "proposals", "history"


def make_letters(run: Run) -> Result:
    """Of every decision that stands."""
    competition = _competition(run.job)
    return make_archive(
        run,
        list_keys=lambda: [each.pk for each in last_decisions(competition)],
        make=lambda keys: _letters(competition, keys),
        name=f"surat-seleksi-{competition.slug}.zip",
        at=run.job.asked_at.astimezone(ZoneInfo(competition.time_zone)),
    )


def _letters(competition: Competition, keys: Sequence[int]) -> Iterator[Entry]:
    notice = current_notice(competition)
    rows = Screening.objects.select_related(
        "decided_by", "submission__proposal__unit", "submission__competition__host"
    )
    decisions = rows.defer("submission__content").in_bulk(keys)
    for key in keys:
        letter = decision_letter(decisions[key], notice=notice)
        yield f"{decisions[key].submission.receipt}.pdf", [letter]


def enter_proposals(run: Run) -> Result:
    job, track = run.job, _track(run.job)
    found = services.enter_proposals(
        sheet_of(job),
        sha256=job.subject["sha256"],
        track=track,
        paths=paths_to_import(load_actor(job.owner), track.competition),
        tell=run.step,
        by=job.owner,
        at=job.asked_at,
    )
    return entered(found.rows, has_problems=bool(found.problems))


def enter_history(run: Run) -> Result:
    job = run.job
    found = services.enter_history(
        sheet_of(job),
        sha256=job.subject["sha256"],
        actor=load_actor(job.owner),
        tell=run.step,
        by=job.owner,
        at=job.asked_at,
    )
    return entered(found.rows, has_problems=bool(found.problems))


def _track(job: Job) -> Track:
    return Track.objects.select_related("competition__host").get(pk=job.subject["track"])


def _may_enter_proposals(user: User, job: Job) -> bool:
    return bool(paths_to_import(load_actor(user), _track(job).competition))


def _may_enter_history(user: User, _job: Job) -> bool:
    return may_import_history(load_actor(user))


def _proposals_page(job: Job) -> str:
    competition = _track(job).competition
    if job.status != Job.Status.DONE:
        return reverse("proposals:import-upload", args=[competition.slug])
    if may_on_board(load_actor(job.owner), BoardAction.IMPORT, competition):
        return reverse("proposals:board", args=[competition.slug])
    return reverse("proposals:innovation-list")


def _history_page(job: Job) -> str:
    is_done = job.status == Job.Status.DONE
    return reverse("proposals:register" if is_done else "proposals:history-import")


def _competition(job: Job) -> Competition:
    return Competition.objects.get(pk=job.subject["competition"])


def _may_write_letters(user: User, job: Job) -> bool:
    return may_on_board(load_actor(user), BoardAction.EXPORT, _competition(job))


def _outcome_page(job: Job) -> str:
    return reverse("proposals:screening-outcome", args=[_competition(job).slug])


JOBS = {
    LETTERS: Kind(
        label=_("Decision letters of the screening"),
        work=make_letters,
        may=_may_write_letters,
        page=_outcome_page,
        is_whole=False,
    ),
    PROPOSALS: Kind(
        label=_("Import of proposals"),
        work=enter_proposals,
        may=_may_enter_proposals,
        page=_proposals_page,
        is_whole=True,
    ),
    HISTORY: Kind(
        label=_("Import of past results"),
        work=enter_history,
        may=_may_enter_history,
        page=_history_page,
        is_whole=True,
    ),
}
