"""The history of a stage and its publications in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.audit import trail_of

WORDS: Mapping[str, object] = {
    "stage.changed": _("Law and rubric changed"),
    "panelist.seated": _("Judge seated"),
    "panelist.unseated": _("Judge unseated"),
    "stage.opened": _("Stage opened"),
    "judge.reminded": _("Judge reminded"),
    "stage.closed": _("Stage closed and ranking frozen"),
    "stage.readings_filled": _("Missing readings filled"),
    "stage.panel_voted": _("Vote of the panel recorded, ranking frozen anew"),
    "stage.reopened": _("Stage opened again"),
    "publication.proposed": _("Publication proposed"),
    "publication.released": _("Publication released"),
    "publication.withdrawn": _("Publication withdrawn"),
    "award.nominated": _("Winner nominated"),
}


@dataclass(frozen=True, slots=True)
class Event:
    text: str
    at: datetime
    by: str
    note: str


def history_of(*subjects: models.Model) -> list[Event]:
    """Newest first, twenty at most."""
    return [
        Event(
            str(WORDS.get(entry.action, entry.action)),
            entry.at,
            str(entry.actor) if entry.actor else "",
            entry.reason or str(entry.data.get("name", "")),
        )
        for entry in trail_of(*subjects).order_by("-number")[:20]
    ]
