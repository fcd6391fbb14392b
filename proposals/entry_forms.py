"""Registering an innovation, entering it in a competition, and the facts above the sections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from competitions.models import Category, Competition, Track
from kipp.lib.forms import Form
from kipp.lib.text import digits_only
from proposals.forms import GOALS, MOST_VERSIONS, Day
from proposals.models import Innovation, Proposal
from proposals.services import Header
from proposals.videos import check_video


class InnovationForm(Form):
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), empty_label=None)
    title = forms.CharField(label=_("Title"), max_length=200)
    expansion = forms.CharField(
        label=_("What the name stands for"),
        max_length=300,
        required=False,
        help_text=_("If the title is an abbreviation or a brand."),
    )
    started_on = Day(label=_("Implemented since"), required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, unit=units)


class InnovationChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """What a unit left that has ended is named with it."""

    def label_from_instance(self, innovation: Any) -> str:
        if not innovation.unit.ended_on:
            return str(innovation.title)
        names = {"title": innovation.title, "unit": innovation.unit.name}
        return _("%(title)s, from %(unit)s") % names


class StartForm(Form):
    """An innovation of the register enters."""

    innovation = InnovationChoice(
        Innovation.objects.none(), label=_("Innovation"), widget=forms.RadioSelect, empty_label=None
    )
    track = forms.ModelChoiceField(
        Track.objects.none(), label=_("Track"), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(
        self,
        *args: Any,
        innovations: QuerySet[Innovation],
        tracks: QuerySet[Track],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, innovation=innovations, track=tracks)


class FactsForm(Form):
    """What stands above the sections."""

    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("It describes the innovation and is decent."),
    )
    category = forms.ModelChoiceField(
        Category.objects.none(),
        label=_("Category"),
        required=False,
        empty_label=_("Choose a category"),
    )
    started_on = Day(
        label=_("Implemented since"),
        required=False,
        help_text=_("The day on which the public could first use it."),
    )
    contact_phone = forms.CharField(
        label=_("WhatsApp number"),
        max_length=30,
        required=False,
        help_text=_("For questions of the committee; the judges do not see it."),
    )
    video_url = forms.CharField(
        label=_("Video link"),
        max_length=300,
        required=False,
        help_text=_("The https address of the video, at most 3 minutes long."),
    )
    sdgs = forms.TypedMultipleChoiceField(
        label=_("Sustainable development goals"),
        choices=[(number, f"{number}. {name}") for number, name in GOALS],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, competition: Competition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        categories: Any = self.fields["category"]
        categories.queryset = competition.categories.all()
        if not categories.queryset:
            del self.fields["category"]

    def header(self) -> Header:
        names = Header.__annotations__
        return cast("Header", {k: v for k, v in self.cleaned_data.items() if k in names})

    def chosen_track(self) -> Track | None:
        """Whose rules say where the video may be."""
        return self.cleaned_data.get("track")

    def clean_video_url(self) -> str:
        url: str = self.cleaned_data["video_url"]
        track = self.chosen_track()
        if url and track:
            rule = track.rules.filter(kind="video").first()
            check_video(url, hosts=rule.items if rule else [])
        return url

    def clean_contact_phone(self) -> str:
        digits = digits_only(self.cleaned_data["contact_phone"]).lstrip("+")
        if digits and not (digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 15):
            raise ValidationError(_("Write the number like 0812 3456 7890."), code="phone")
        return digits


class EntryForm(FactsForm):
    """A new innovation enters: register, proposal and facts in one step."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), empty_label=None)
    track = forms.ModelChoiceField(
        Track.objects.none(), label=_("Track"), widget=forms.RadioSelect, empty_label=None
    )
    expansion = forms.CharField(
        label=_("What the name stands for"),
        max_length=300,
        required=False,
        help_text=_("If the title is an abbreviation or a brand."),
    )
    field_order = ("unit", "track", "title", "expansion")

    def __init__(
        self, *args: Any, units: QuerySet[Unit], tracks: QuerySet[Track], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, unit=units, track=tracks)
        for name in ("unit", "track"):
            field: Any = self.fields[name]
            if len(field.queryset) == 1:
                field.widget = forms.HiddenInput()


class HeaderForm(FactsForm):
    """The facts of a proposal, over the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_VERSIONS)

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _facts_of(proposal))
        super().__init__(*args, competition=proposal.competition, **kwargs)
        self.track = proposal.track
        for name, field in self.fields.items():
            field.disabled = name != "version" and proposal.is_locked_at(f"header:{name}")

    def chosen_track(self) -> Track:
        return self.track


def offer(form: Form, **choices: QuerySet[Any]) -> None:
    """What each field lets choose from; the only one is chosen already."""
    for name, rows in choices.items():
        field: Any = form.fields[name]
        field.queryset = rows
        if len(rows) == 1:
            field.initial = rows[0]


def _facts_of(proposal: Proposal) -> Mapping[str, object]:
    return {
        "version": proposal.version,
        "title": proposal.title,
        "category": proposal.category_id,
        "started_on": proposal.started_on,
        "contact_phone": proposal.contact_phone,
        "video_url": proposal.video_url,
        "sdgs": proposal.sdgs,
    }
