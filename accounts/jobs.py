"""Long work of the lowest floor: sheets of units and people, entered as a whole."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Import, Job, User
from accounts.permissions import may_import
from accounts.roles import load_member
from accounts.services import apply_sheet
from accounts.working import Kind, Result, Run

SHEET = "sheet"


def sheet_of(job: Job) -> Import:
    """What its owner has confirmed and nobody has entered or replaced since."""
    waiting = job.owner.imports.filter(applied_at=None, pk=job.subject["sheet"])
    if sheet := waiting.first():
        return sheet
    raise ValidationError(_("This file was entered already, or another was chosen."), code="gone")


def enter_sheet(run: Run) -> Result:
    by = run.job.owner
    found = apply_sheet(
        sheet_of(run.job),
        sha256=run.job.subject["sha256"],
        member=load_member(by),
        tell=run.step,
        by=by,
        at=run.job.asked_at,
    )
    return entered(found.rows, has_problems=bool(found.problems))


def entered(rows: int, *, has_problems: bool) -> Result:
    """What fitted when it was shown may fit no more."""
    if has_problems:
        raise ValidationError(
            _("Something has changed since the file was checked. Choose it again to see what."),
            code="stale",
        )
    return Result(outcome={"rows": rows})


def _may_enter(user: User, _job: Job) -> bool:
    return may_import(load_member(user))


def _page(job: Job) -> str:
    is_done = job.status == Job.Status.DONE
    return reverse("accounts:unit-list" if is_done else "accounts:import-upload")


JOBS = {
    SHEET: Kind(
        label=_("Import of units and people"),
        work=enter_sheet,
        may=_may_enter,
        page=_page,
        is_whole=True,
    ),
}
