"""Long work of the proposals' floor: what it does, who may ask for it, where its page is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.archiving import make_archive
from accounts.models import Job, User
from accounts.working import Kind, Result, Run
from competitions.models import Competition
from competitions.roles import load_actor
from kipp.lib.zips import Entry
from proposals.decision_letters import decision_letter
from proposals.models import Screening
from proposals.permissions import BoardAction, may_on_board
from proposals.queries.outcome import current_notice, last_decisions

LETTERS = "letters"


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
}
