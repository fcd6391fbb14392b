"""For support: the system administrator looks at a competition and changes nothing."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from competitions.models import (
    Announcement,
    Attendee,
    CommitteeSeat,
    Competition,
    Extension,
    Reminder,
    Round,
    Track,
    Workshop,
)


@admin.register(Competition)
class CompetitionAdmin(ReadOnlyAdmin):
    list_display = ("name", "year", "host", "status", "slug")
    list_filter = ("status", "year")
    list_select_related = ("host",)
    search_fields = ("name", "slug")


@admin.register(Round)
class RoundAdmin(ReadOnlyAdmin):
    list_display = ("name", "competition", "kind", "starts_at", "ends_at")
    list_filter = ("kind",)
    list_select_related = ("competition",)


@admin.register(Extension)
class ExtensionAdmin(ReadOnlyAdmin):
    list_display = ("round", "unit", "new_ends_at", "letter_number", "granted_by")
    list_select_related = ("round", "unit", "granted_by")


@admin.register(Track)
class TrackAdmin(ReadOnlyAdmin):
    list_display = ("name", "competition")
    list_select_related = ("competition",)


@admin.register(CommitteeSeat)
class CommitteeSeatAdmin(ReadOnlyAdmin):
    list_display = ("user", "competition", "role")
    list_filter = ("role",)
    list_select_related = ("user", "competition")


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnlyAdmin):
    list_display = ("title", "competition", "published_at")
    list_select_related = ("competition",)


@admin.register(Workshop)
class WorkshopAdmin(ReadOnlyAdmin):
    list_display = ("round", "place", "seats")
    list_select_related = ("round",)


@admin.register(Attendee)
class AttendeeAdmin(ReadOnlyAdmin):
    list_display = ("full_name", "unit", "attended_at")
    list_select_related = ("unit",)
    exclude = ("ticket",)


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    list_display = ("rule", "recipient", "lead", "ends_at", "created_at")
    list_select_related = ("rule__round", "recipient")
