"""Support for the system administrator: what exists and how far it is. No score, no text."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from judging.models import Assignment, Panelist, Publication, Stage


@admin.register(Stage)
class StageAdmin(ReadOnlyAdmin):
    list_display = ["name", "competition", "status", "opened_at", "closed_at"]
    list_select_related = ["competition"]
    fields = ["competition", "round", "key", "name", "kind", "status", "opened_at", "closed_at"]


@admin.register(Panelist)
class PanelistAdmin(ReadOnlyAdmin):
    list_display = ["user", "stage", "capacity", "seated_at"]
    list_select_related = ["user", "stage"]
    fields = ["user", "stage", "capacity", "seated_at"]


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    list_display = ["pk", "panelist", "status", "started_at", "submitted_at"]
    list_select_related = ["panelist__user"]
    fields = ["panelist", "status", "assigned_at", "declared_at", "started_at", "submitted_at"]


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    list_display = ["competition", "number", "status", "released_at"]
    list_select_related = ["competition"]
    fields = ["competition", "number", "status", "decree_number", "proposed_at", "released_at"]
