"""From rows back to the definition that would make them."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import models

from competitions.models import Competition, Round, Track, Workshop
from judging.models import Question, Stage, Timetable
from kipp.editions.shape import (
    CATEGORY,
    COMPETITION,
    CRITERION,
    OBJECTION_REASON,
    PANEL,
    QUESTION,
    REMINDER,
    RULE,
    SECTION,
    SLOT,
    STAGE,
    TIER,
    TIMETABLE,
    WORKSHOP,
    Plain,
    Shape,
)


def dump_edition(competition: Competition) -> Plain:
    """The definition as it stands now: an extended round has its new end."""
    zone = ZoneInfo(competition.time_zone)
    rounds = competition.rounds.select_related("workshop").prefetch_related("reminder_rules")
    tracks = competition.tracks.prefetch_related("sections", "slots", "rules")
    stages = competition.stages.select_related("round").prefetch_related("criteria", "panels")
    return {
        "competition": {
            **_facts(competition, COMPETITION, without={"host"}),
            "host": competition.host.name,
        },
        "categories": [_facts(row, CATEGORY) for row in competition.categories.all()],
        "tiers": [_facts(row, TIER) for row in competition.tiers.all()],
        "objection_reasons": [
            _facts(row, OBJECTION_REASON) for row in competition.objection_reasons.all()
        ],
        "tracks": [_track(track) for track in tracks],
        "rounds": [_round(round_, zone=zone) for round_ in rounds],
        "stages": [_stage(stage, zone=zone) for stage in stages.order_by("order", "pk")],
    }


def _track(track: Track) -> Plain:
    return {
        "key": track.key,
        "name": track.name,
        "description": track.description,
        "sections": [_facts(row, SECTION) for row in track.sections.all()],
        "slots": [_facts(row, SLOT) for row in track.slots.all()],
        "rules": [_facts(row, RULE) for row in track.rules.all()],
    }


def _round(round_: Round, *, zone: ZoneInfo) -> Plain:
    plain = {
        "key": round_.key,
        "kind": round_.kind,
        "name": round_.name,
        "starts": round_.starts_at.astimezone(zone).replace(tzinfo=None),
        "ends": round_.ends_at.astimezone(zone).replace(tzinfo=None),
        "reminders": [_facts(rule, REMINDER) for rule in round_.reminder_rules.all()],
    }
    workshop = Workshop.objects.filter(round=round_).first()
    return {**plain, "workshop": _facts(workshop, WORKSHOP)} if workshop else plain


def _stage(stage: Stage, *, zone: ZoneInfo) -> Plain:
    plain = {
        **_facts(stage, STAGE, without={"round", "stage_weights"}),
        "round": stage.round.key,
        "stage_weights": {
            key: Decimal(share) for key, share in sorted(stage.stage_weights.items())
        },
        "criteria": [
            {
                **_facts(criterion, CRITERION),
                "levels": [
                    {"value": Decimal(level["value"]), "label": level["label"]}
                    for level in criterion.levels
                ],
            }
            for criterion in stage.criteria.all()
        ],
        "panels": [_facts(panel, PANEL) for panel in stage.panels.all()],
    }
    plain["questions"] = [_facts(row, QUESTION) for row in Question.objects.filter(stage=stage)]
    timetable = Timetable.objects.filter(stage=stage).first()
    return {**plain, "timetable": _timetable(timetable, zone=zone)} if timetable else plain


def _timetable(timetable: Timetable, *, zone: ZoneInfo) -> Plain:
    days = timetable.days.values_list("starts_at", "ends_at")
    return {
        **_facts(timetable, TIMETABLE),
        "days": [
            {
                "starts": starts.astimezone(zone).replace(tzinfo=None),
                "ends": ends.astimezone(zone).replace(tzinfo=None),
            }
            for starts, ends in days
        ],
    }


def _facts(
    row: models.Model, shape: Shape, *, without: frozenset[str] | set[str] = frozenset()
) -> Plain:
    return {
        field.name: getattr(row, field.name) for field in shape.fields if field.name not in without
    }
