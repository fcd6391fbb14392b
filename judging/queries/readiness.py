"""What the judging still lacks before a competition can be published, as sentences."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from competitions.models import Competition, Round
from judging.models import Stage
from judging.queries.opening import law_problems


def stage_problems(competition: Competition) -> list[str]:
    """Judging rounds without a stage, and stages that could never open as they stand."""
    return [*_bare_rounds(competition), *_broken_stages(competition)]


def rounds_without_stage(competition: Competition) -> QuerySet[Round]:
    return competition.rounds.filter(kind=Round.Kind.JUDGING, stage=None)


def _bare_rounds(competition: Competition) -> Iterator[str]:
    for round_ in rounds_without_stage(competition):
        yield _("Add the stage of %(round)s: its criteria and its law.") % {"round": round_.name}


def _broken_stages(competition: Competition) -> Iterator[str]:
    stages = Stage.objects.filter(competition=competition).select_related("round", "competition")
    for stage in stages.prefetch_related("criteria"):
        if stage.round.kind != Round.Kind.JUDGING:
            yield _("%(stage)s hangs on %(round)s, which is no judging round.") % {
                "stage": stage.name,
                "round": stage.round.name,
            }
        for problem in law_problems(stage):
            reason = _(problem.sentence) % problem.params if problem.params else _(problem.sentence)
            yield f"{stage.name}: {reason}"
