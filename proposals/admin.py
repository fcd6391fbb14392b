"""For support: that a proposal exists, whose it is and where it stands; never what it says."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from proposals.models import Proposal


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    fields = ("title", "competition", "track", "unit", "endorsing_unit", "status", "held_since")
    readonly_fields = fields
    list_display = ("title", "unit", "competition", "status", "held_since")
    list_filter = ("competition", "status")
    list_select_related = ("unit", "competition")
    search_fields = ("title", "unit__name")
