"""The parts of a definition that are set up one by one: which form, below what, in which words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from competitions.forms import (
    CategoryForm,
    ObjectionReasonForm,
    ReminderForm,
    RoundForm,
    RuleForm,
    SectionForm,
    SlotForm,
    TierForm,
    TrackForm,
    WorkshopForm,
)
from competitions.models import (
    AttachmentSlot,
    Category,
    Competition,
    EligibilityRule,
    ObjectionReason,
    ReminderRule,
    Round,
    Section,
    Tier,
    Track,
    Workshop,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """`above` is the model that holds it, None for the competition itself."""

    model: type[models.Model]
    form: type[forms.ModelForm[Any]]
    field: str
    above: type[models.Model] | None
    page: str
    add: Promise
    change: Promise

    @property
    def is_ordered(self) -> bool:
        """Whether the committee chooses the order; tiers stand by their size."""
        return any(field.name == "order" for field in self.model._meta.fields)


KINDS = {
    "kategori": Kind(
        Category, CategoryForm, "competition", None, "form", _("Add a category"), _("Category")
    ),
    "alasan": Kind(
        ObjectionReason,
        ObjectionReasonForm,
        "competition",
        None,
        "form",
        _("Add a reason for objections"),
        _("Reason for objections"),
    ),
    "jenjang": Kind(Tier, TierForm, "competition", None, "form", _("Add a tier"), _("Tier")),
    "kelompok": Kind(Track, TrackForm, "competition", None, "form", _("Add a track"), _("Track")),
    "bagian": Kind(Section, SectionForm, "track", Track, "form", _("Add a section"), _("Section")),
    "lampiran": Kind(
        AttachmentSlot, SlotForm, "track", Track, "form", _("Add an attachment"), _("Attachment")
    ),
    "syarat": Kind(
        EligibilityRule, RuleForm, "track", Track, "form", _("Add a rule"), _("Rule of entry")
    ),
    "tahapan": Kind(
        Round, RoundForm, "competition", None, "overview", _("Add a round"), _("Round")
    ),
    "lokakarya": Kind(
        Workshop, WorkshopForm, "round", Round, "overview", _("Set the workshop up"), _("Workshop")
    ),
    "pengingat": Kind(
        ReminderRule, ReminderForm, "round", Round, "overview", _("Add reminders"), _("Reminders")
    ),
}


def kind_of(word: str) -> Kind:
    if word not in KINDS:
        raise Http404
    return KINDS[word]


def new_part(kind: Kind, *, competition: Competition, parent_pk: int | None) -> Any:
    """An unsaved part below the competition, or below the track or round that the URL names."""
    if kind.above is None:
        return kind.model(**{kind.field: competition})
    parents = kind.above._default_manager.filter(competition=competition)
    return kind.model(**{kind.field: get_object_or_404(parents, pk=parent_pk)})


def stored_part(kind: Kind, *, competition: Competition, pk: int) -> Any:
    path = "competition" if kind.above is None else f"{kind.field}__competition"
    found = kind.model._default_manager.filter(**{path: competition}).select_related(path)
    return get_object_or_404(found, pk=pk)
