"""The history of a stage, its publications and a judge's scorecard in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.audit import trail_of
from accounts.history import Line, Words, as_lines
from accounts.models import AuditEntry
from judging.models import Assignment
from kipp.lib.numbers import show_number

WORDS: Words = {
    "stage.changed": _("Law and rubric changed"),
    "panelist.seated": _("Judge seated"),
    "panelist.unseated": _("Judge unseated"),
    "panelist.invited": _("Judge invited"),
    "panelist.accepted": _("Seat accepted"),
    "panelist.declined": _("Seat declined"),
    "panelist.relieved": _("Judge taken off the panel"),
    "panel.changed": _("Panel set up"),
    "panel.removed": _("Panel removed"),
    "conflict.dismissed": _("Namesake found to be another person"),
    "conflict.restored": _("Namesake kept apart again"),
    "draft.made": _("Assignment drafted"),
    "draft.moved": _("Reading moved by hand"),
    "draft.discarded": _("Draft discarded"),
    "draft.released": _("Draft released"),
    "stage.opened": _("Stage opened"),
    "judge.reminded": _("Judge reminded"),
    "stage.closed": _("Stage closed and ranking frozen"),
    "stage.readings_filled": _("Missing readings filled"),
    "stage.panel_voted": _("Vote of the panel recorded, ranking frozen anew"),
    "plenary.convened": _("Plenary convened"),
    "plenary.called": _("Entry called in the plenary"),
    "plenary.proposed": _("Change of the order proposed"),
    "plenary.withdrawn": _("Change of the order withdrawn"),
    "stage.reordered": _("Change of the order confirmed, ranking frozen anew"),
    "plenary.ended": _("Plenary ended"),
    "stage.law_changed": _("Law changed while the stage is open"),
    "stage.second_look": _("Second look: further readings handed out"),
    "stage.reopened": _("Stage opened again"),
    "stage.totals_entered": _("Totals from paper entered"),
    "stage.questions_set": _("Checklist of the field visit written"),
    "scorecard.declared": _("Declared free of conflict"),
    "scorecard.submitted": _("Scorecard submitted"),
    "scorecard.revised": _("Scorecard taken back to change it"),
    "scorecard.recused": _("Stepped back for a conflict of interest"),
    "scorecard.corrected": _("Total from paper corrected: %(before)s became %(after)s"),
    "visit.handed_in": _("Report of a field visit handed in"),
    "visit.taken_back": _("Report of a field visit taken back"),
    "visit.photo_added": _("Photo of a field visit kept"),
    "visit.photo_removed": _("Photo of a field visit removed"),
    "timetable.set": _("Days and rooms of the presentations set"),
    "timetable.drafted": _("Schedule of the presentations drafted"),
    "timetable.swapped": _("Two teams changed places"),
    "timetable.released": _("Schedule of the presentations released"),
    "timetable.recalled": _("Schedule of the presentations taken back"),
    "wish.added": _("Wish of a team noted"),
    "wish.removed": _("Wish of a team removed"),
    "absence.added": _("Absence of a judge noted"),
    "absence.removed": _("Absence of a judge removed"),
    "slot.call": _("Team called to present"),
    "slot.finish": _("Presentation finished"),
    "slot.skip": _("Team skipped"),
    "minutes.signed": _("Signed minutes kept"),
    "minutes.addendum": _("Addendum to the minutes written"),
    "publication.proposed": _("Publication proposed"),
    "publication.released": _("Publication released"),
    "publication.unveiled": _("Results out, everybody told"),
    "publication.withdrawn": _("Publication withdrawn"),
    "feedback.prepared": _("Feedback sheets prepared"),
    "feedback.reviewed": _("Comments looked over"),
    "feedback.released": _("Feedback released to authors"),
    "minutes.code_asked": _("One-time code sent to a judge"),
    "minutes.code_signed": _("Minutes signed with a one-time code"),
    "objection.made": _("Objection received"),
    "objection.appointed": _("Officer appointed"),
    "objection.upheld": _("Objection upheld"),
    "objection.rejected": _("Objection rejected"),
    "award.nominated": _("Winner nominated"),
}


def history_of(*subjects: models.Model) -> list[Line]:
    """Newest first, twenty at most."""
    return _lines(trail_of(*subjects).order_by("-number")[:20])


def histories_of(sheets: Sequence[Assignment]) -> Mapping[int, list[Line]]:
    """Of each scorecard all of it, newest first."""
    entries: dict[int, list[AuditEntry]] = defaultdict(list)
    for entry in trail_of(*sheets).order_by("-number"):
        entries[int(entry.object_id)].append(entry)
    return {sheet.pk: _lines(entries[sheet.pk]) for sheet in sheets}


def _lines(entries: Iterable[AuditEntry]) -> list[Line]:
    return as_lines(map(_as_read, entries), words=WORDS, noted="name")


def _as_read(entry: AuditEntry) -> AuditEntry:
    """With the numbers of a correction as people read them."""
    if entry.action == "scorecard.corrected":
        entry.data |= {key: show_number(Decimal(entry.data[key])) for key in ("before", "after")}
    return entry
