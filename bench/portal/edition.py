"""Competitions from a preset with one stage, eight criteria and rounds that are open today."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import Unit, User
from competitions.models import Competition
from competitions.workflow import CompetitionStatus
from kipp.editions.files import preset_path, read_edition
from kipp.editions.loading import load_edition
from kipp.editions.shape import Plain

PRESET = "kipp-nasional-2023"
MONTH = timedelta(days=30)


def make_competition(slug: str, *, host: Unit, by: User, at: datetime) -> Competition:
    definition = read_edition(preset_path(PRESET).read_bytes(), instead={"slug": slug})
    definition["stages"] = [_with_eight_criteria(definition["stages"][0])]
    definition["tiers"] = [tier for tier in definition["tiers"] if tier["size"] <= 45]
    judged = definition["stages"][0]["round"]
    definition["rounds"] = [
        {**row, "starts": _naive(at - MONTH), "ends": _naive(at + MONTH)}
        for row in definition["rounds"]
        if row["kind"] != "judging" or row["key"] == judged
    ]
    competition = load_edition(definition, host=host, by=by, at=at)
    Competition.objects.filter(pk=competition.pk).update(status=CompetitionStatus.PUBLISHED)
    return competition


def _with_eight_criteria(stage: Plain) -> Plain:
    """The heaviest criterion is asked in two halves."""
    heaviest = max(stage["criteria"], key=lambda row: row["weight"])
    half = deepcopy(heaviest)
    heaviest["weight"] = half["weight"] = heaviest["weight"] / Decimal(2)
    half["key"] += "-2"
    return {**stage, "criteria": [*stage["criteria"], half], "stage_weights": {}}


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None, microsecond=0)
