"""The one way in which a law changes after its stage opened: an act of the chair, announced."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import mail
from accounts.audit import record
from accounts.models import User
from competitions.services import announce
from competitions.services.setup import hold_for_setup
from judging.models import LawChange, Stage
from judging.queries.law import law_of
from judging.queries.opening import law_problems, spread_problems
from judging.queries.planning import submissions_in
from judging.ranking import RuleError, law_to_plain
from judging.services.locks import lock_stage, refusal
from judging.workflow import StageStatus

# Scale and rubric stay: scores were given on them.
CHANGEABLE = (
    "method",
    "method_parameter",
    "cap_rounds",
    "correction",
    "rounding_step",
    "min_readings",
    "rank_style",
    "tie_margin",
    "tie_break",
    "at_line",
    "spread_by",
    "spread_limit",
    "advance_count",
    "stage_weights",
)


@transaction.atomic
def change_law(
    stage: Stage, *, law: Mapping[str, object], reason: str, version: int, by: User, at: datetime
) -> LawChange:
    """Change the rules of a stage that judges score in; the law before is kept, everybody told."""
    if not reason.strip():
        raise ValidationError(_("Write why the law is changed."), code="reason")
    if unknown := set(law) - set(CHANGEABLE):
        raise TypeError(unknown)
    # The competition before the stage, as everywhere: the announcement needs its lock too.
    hold_for_setup(stage.competition)
    locked = lock_stage(stage)
    _require_open(locked, version=version)
    before = _plain(locked)
    for name, value in law.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.full_clean(exclude={"competition", "round"})
    if problems := law_problems(locked) or spread_problems(locked, submissions_in(locked)):
        raise refusal(problems[0])
    after = _plain(locked)
    if after == before:
        raise ValidationError(_("Nothing is different from the law as it is."), code="same")
    locked.save(update_fields=[*law, "version"])
    change = LawChange.objects.create(
        stage=locked,
        number=locked.law_changes.count() + 1,
        before=before,
        after=after,
        reason=reason.strip(),
        made_by=by,
        made_at=at,
    )
    _tell(change, by=by, at=at)
    return change


def _require_open(stage: Stage, *, version: int) -> None:
    if stage.status != StageStatus.OPEN:
        raise ValidationError(
            _("The law of a stage is changed while judges score, or before."), code="not_now"
        )
    if stage.version != version:
        raise ValidationError(
            _("Somebody else changed the stage. Reload the page to see the present state."),
            code="stale",
        )


def _plain(stage: Stage) -> dict[str, object]:
    try:
        return law_to_plain(law_of(stage))
    except RuleError as error:
        raise refusal(error) from error


def _tell(change: LawChange, *, by: User, at: datetime) -> None:
    """The trail, the public by an announcement, the panel by mail."""
    stage = change.stage
    changed = sorted(key for key in change.after if change.after[key] != change.before[key])
    facts: dict[str, object] = {"number": change.number, "changed": changed}
    record(by, "stage.law_changed", stage, at=at, reason=change.reason, **facts)
    title = _("The ranking law of the stage %(stage)s was changed") % {"stage": stage.name}
    announce(stage.competition, title=title, body=change.reason, by=by, at=at)
    for panelist in stage.panel.select_related("user"):
        mail.send_later(
            "judging_law_changed",
            panelist.user,
            dedupe_key=f"judging.law:{stage.pk}:{change.number}:{panelist.pk}",
            at=at,
            context={"stage": stage, "competition": stage.competition, "reason": change.reason},
            about=stage,
        )
