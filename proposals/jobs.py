"""Long work of the proposals' floor: what it does, who may ask for it, where its page is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.archiving import as_result, counted, make_archive
from accounts.jobs import entered, sheet_of
from accounts.models import Job, User
from accounts.working import Kind, Result, Run
from competitions.models import Competition, Track
from competitions.roles import load_actor
from kipp.lib.sheets import MEDIA_TYPES
from kipp.lib.zips import Entry
from proposals import services
from proposals.decision_letters import decision_letter
from proposals.dossier import dossier_zip, entries_of
from proposals.exports import board_file, own_file
from proposals.gathering import dossier_of, file_name, title_of
from proposals.models import Proposal, Screening
from proposals.permissions import (
    Action,
    BoardAction,
    is_of_unit,
    may,
    may_on_board,
    paths_to_import,
)
from proposals.queries.board import Chosen, board_of, every_row
from proposals.queries.importing import may_import_history
from proposals.queries.outcome import current_notice, last_decisions
from proposals.queries.own import listed_for

CHOSEN = tuple(Chosen.__annotations__)
LETTERS, PROPOSALS, HISTORY = "letters", "proposals", "history"
BOARD, OWN, DOSSIER = "board", "own_list", "dossier"


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


def list_board(run: Run) -> Result:
    """With the filters that the board had when somebody asked."""
    job, competition = run.job, _competition(run.job)
    chosen = {name: job.subject[name] for name in CHOSEN if name in job.subject}
    proposals = board_of(competition, chosen=cast("Chosen", chosen))
    rows = counted(run, every_row(proposals, at=job.asked_at), of=proposals.count())
    form, zone = job.subject["form"], competition.time_zone
    return as_result(
        board_file(rows, form=form, zone=zone),
        name=f"{competition.slug}.{form}",
        media_type=MEDIA_TYPES[form],
    )


def list_own(run: Run) -> Result:
    form, proposals = run.job.subject["form"], listed_for(load_actor(run.job.owner))
    rows = counted(run, proposals.iterator(), of=proposals.count())
    return as_result(
        own_file(rows, form=form), name=f"proposal.{form}", media_type=MEDIA_TYPES[form]
    )


def pack_dossier(run: Run) -> Result:
    job, proposal = run.job, _proposal(run.job)
    dossier = dossier_of(proposal, actor=load_actor(job.owner), at=job.asked_at)
    entries = list(entries_of(dossier))
    return as_result(
        dossier_zip(dossier, counted(run, entries, of=len(entries))),
        name=f"berkas-{file_name(title_of(dossier), pk=proposal.pk)}.zip",
        media_type="application/zip",
    )


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


def _proposal(job: Job) -> Proposal:
    return Proposal.objects.for_page().get(pk=job.subject["proposal"])


def _may_export(user: User, job: Job) -> bool:
    return may_on_board(load_actor(user), BoardAction.EXPORT, _competition(job))


def _may_list_own(user: User, _job: Job) -> bool:
    return load_actor(user).is_unit_staff


def _may_take_dossier(user: User, job: Job) -> bool:
    """Who has changed sides since does not get what the other side reads."""
    actor, proposal = load_actor(user), _proposal(job)
    is_internal = not is_of_unit(actor, proposal)
    return is_internal == job.subject["is_internal"] and may(actor, Action.EXPORT, proposal)


def _board_page(job: Job) -> str:
    return reverse("proposals:board", args=[_competition(job).slug])


def _own_page(_job: Job) -> str:
    return reverse("proposals:innovation-list")


def _dossier_page(job: Job) -> str:
    proposal = _proposal(job)
    if job.subject["is_internal"]:
        return reverse("proposals:board", args=[proposal.competition.slug])
    return reverse("proposals:proposal-page", args=[proposal.pk])


def _outcome_page(job: Job) -> str:
    return reverse("proposals:screening-outcome", args=[_competition(job).slug])


JOBS = {
    LETTERS: Kind(
        label=_("Decision letters of the screening"),
        work=make_letters,
        may=_may_export,
        page=_outcome_page,
        is_whole=False,
    ),
    BOARD: Kind(
        label=_("List of the proposals of a competition"),
        work=list_board,
        may=_may_export,
        page=_board_page,
        is_whole=False,
    ),
    OWN: Kind(
        label=_("List of your proposals"),
        work=list_own,
        may=_may_list_own,
        page=_own_page,
        is_whole=False,
    ),
    DOSSIER: Kind(
        label=_("Whole dossier (ZIP)"),
        work=pack_dossier,
        may=_may_take_dossier,
        page=_dossier_page,
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
