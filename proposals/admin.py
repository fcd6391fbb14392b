"""For support: that a proposal exists, whose it is and where it stands; never what it says."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import ReadOnlyAdmin
from proposals.models import Proposal


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    fields = ("competition", "track", "unit", "endorsing_unit", "status", "held_since")
    readonly_fields = fields
    list_display = ("pk", "unit", "competition", "status", "held_since")
    list_filter = ("competition", "status")
    list_select_related = ("unit", "competition")
    search_fields = ("unit__name",)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Proposal | None:
        """The page's heading is the object's name, and a title is content."""
        found: Proposal | None = super().get_object(request, object_id, from_field)
        if found:
            found.title = f"#{found.pk}"
        return found
