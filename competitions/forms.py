"""Forms of the set-up pages and of the workshop. They check the shape; services check the rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from competitions.leads import parse_leads, show_leads
from competitions.models import (
    Announcement,
    AttachmentSlot,
    Attendee,
    Category,
    CommitteeSeat,
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
from competitions.models.forms import NEEDS_LIMIT, NEEDS_TIERS
from competitions.quotas import unknown_limits
from competitions.reminder_texts import WORDS as REMINDER_WORDS
from competitions.statements import PARTS, WORDS
from kipp.lib import clock
from kipp.lib.forms import Form, ModelForm, MomentInput

ZONE_CHOICES = [
    ("Asia/Jakarta", "WIB (Asia/Jakarta)"),
    ("Asia/Pontianak", "WIB (Asia/Pontianak)"),
    ("Asia/Makassar", "WITA (Asia/Makassar)"),
    ("Asia/Jayapura", "WIT (Asia/Jayapura)"),
]
LONG = {"rows": 4}
LONGER = {"rows": 12}


def local_input(at: datetime, *, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


class VersionForm(Form):
    """The version that was shown when the page was made."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class FactsForm(ModelForm):
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=ZONE_CHOICES)

    class Meta:
        model = Competition
        fields = [
            "name", "year", "theme", "summary", "guidelines", "time_zone",
            "screeners", "contact_name", "contact_email", "contact_phone", "shows_team",
            "mend_hours", "silence_hours", "objections_public", "objection_days",
            "feedback_scores",
        ]  # fmt: skip
        widgets = {
            "summary": forms.Textarea(LONG),
            "guidelines": forms.Textarea(LONGER),
            "contact_phone": forms.TextInput({"inputmode": "tel"}),
        }
        help_texts = {
            "guidelines": _("Markdown: ## for a heading, - for a list, **bold**."),
            "mend_hours": _(
                "A return stops the unit's clock: it may send again at least so long, also when "
                "endorsement closes before. 0: the close holds for everybody."
            ),
            "silence_hours": _("0: nobody is told."),
        }


class CategoryForm(ModelForm):
    class Meta:
        model = Category
        fields = ["name"]


class ObjectionReasonForm(ModelForm):
    class Meta:
        model = ObjectionReason
        fields = ["label", "article"]


class TierForm(ModelForm):
    class Meta:
        model = Tier
        fields = ["name", "size"]


class TrackForm(ModelForm):
    class Meta:
        model = Track
        fields = ["name", "description"]
        widgets = {"description": forms.Textarea(LONG)}


class SectionForm(ModelForm):
    class Meta:
        model = Section
        fields = [
            "label", "help_text", "word_limit", "weight", "is_required", "needs_evidence",
            "label_en", "help_text_en",
        ]  # fmt: skip
        widgets = {"help_text": forms.Textarea(LONG), "help_text_en": forms.Textarea(LONG)}


class SlotForm(ModelForm):
    class Meta:
        model = AttachmentSlot
        fields = [
            "label", "help_text", "kind", "max_mb", "max_count", "is_required", "section_key",
            "statement",
        ]  # fmt: skip
        widgets = {"help_text": forms.Textarea(LONG), "statement": forms.Textarea(LONGER)}
        help_texts = {
            "statement": _(
                "Only for a letter: the portal writes it with this text, the unit sends the signed"
                " scan. Placeholders: %(known)s."
            )
            % {"known": ", ".join(f"{{{name}}}" for name in (*WORDS, *PARTS))},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sections = Section.objects.filter(track=self.instance.track_id).values_list("key", "label")
        self.fields["section_key"] = forms.ChoiceField(
            label=_("Section it belongs to"),
            choices=[("", _("The proposal as a whole")), *sections],
            required=False,
            help_text=_("Whoever writes this section sees the file beside it."),
        )


class RuleForm(ModelForm):
    reason = forms.CharField(
        label=_("Why it changes"),
        required=False,
        max_length=1000,
        help_text=_("Needed once the submission has begun; it stands in the history."),
    )

    class Meta:
        model = EligibilityRule
        fields = ["kind", "limit", "tiers", "items", "severity", "article"]
        labels = {
            "kind": _("Rule"),
            "limit": _("Number (months, proposals or times)"),
            "tiers": _("Tiers, separated by commas"),
            "items": _("Sections, letters or video hosts, separated by commas"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        track = self.instance.track
        parts = [*track.sections.all(), *track.slots.all()]
        self.fields["items"].help_text = _(
            "Empty means all that are required, or any host. This track knows: %(keys)s."
            " For a quota: another number for a level, as agency=5 (government, agency, service)."
        ) % {"keys": ", ".join(part.key for part in parts)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        if kind in NEEDS_LIMIT and not cleaned.get("limit"):
            self.add_error("limit", _("Give a number above 0 for this rule."))
        if kind in NEEDS_TIERS and not cleaned.get("tiers"):
            self.add_error("tiers", _("Name at least one tier for this rule."))
        unknown = unknown_items(self.instance.track, kind=kind, items=cleaned.get("items") or [])
        if unknown:
            known = _("This track does not have: %(keys)s.") % {"keys": ", ".join(unknown)}
            self.add_error("items", known)
        return cleaned


def unknown_items(track: Track, *, kind: str | None, items: list[str]) -> list[str]:
    """Keys that a rule names and the track's form does not have; limits of no level."""
    if kind in {"quota", "unit_quota"}:
        return unknown_limits(items)
    if kind not in {"sections", "letters"}:
        return []
    parts = track.sections if kind == "sections" else track.slots
    return sorted(set(items) - set(parts.values_list("key", flat=True)))


class RoundForm(ModelForm):
    """Dates in the competition's zone; an end of 23.59 means to the end of that day."""

    starts_at = forms.CharField(label=_("Starts"), max_length=40, widget=MomentInput())
    ends_at = forms.CharField(
        label=_("Ends"),
        max_length=40,
        widget=MomentInput(),
        help_text=_("23.59 means to the end of that day."),
    )

    class Meta:
        model = Round
        fields = ["kind", "name", "starts_at", "ends_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = self.instance.competition.time_zone
        if self.instance.pk:
            shown_end = clock.last_minute(self.instance.ends_at, zone=self.zone)
            self.initial["starts_at"] = local_input(self.instance.starts_at, zone=self.zone)
            self.initial["ends_at"] = local_input(shown_end, zone=self.zone)

    def clean_starts_at(self) -> datetime:
        return clock.parse_moment(self.cleaned_data["starts_at"], zone=self.zone)

    def clean_ends_at(self) -> datetime:
        return clock.parse_end(self.cleaned_data["ends_at"], zone=self.zone)


class WorkshopForm(ModelForm):
    online_url = forms.URLField(
        label=_("Online meeting"), required=False, max_length=200, assume_scheme="https"
    )

    class Meta:
        model = Workshop
        fields = ["place", "online_url", "speaker", "agenda", "seats", "seats_per_unit"]
        widgets = {"agenda": forms.Textarea(LONG)}


class ReminderForm(ModelForm):
    """Lead times in words: 10 hari, 3 hari, 3 jam."""

    leads = forms.CharField(
        label=_("How long before the end"),
        max_length=200,
        help_text=_("Days, hours or minutes, separated by commas: 10 days, 3 days, 3 hours."),
    )

    class Meta:
        model = ReminderRule
        fields = ["audience", "leads", "channel", "subject", "text"]
        widgets = {"text": forms.Textarea(LONGER)}
        help_texts = {
            "subject": _(
                "Empty: the portal's own words. Begin with what is to be done: Send your proposal."
            ),
            "text": _("The link to the right page comes by itself. Placeholders: %(known)s.")
            % {"known": ", ".join(f"{{{name}}}" for name in REMINDER_WORDS)},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["leads"] = show_leads(self.instance.leads)

    def clean_leads(self) -> list[int]:
        return parse_leads(self.cleaned_data["leads"])


class HookForm(Form):
    url = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Public and with https. The developers of the other system know it."),
    )


class ExtensionForm(Form):
    new_ends_at = forms.CharField(
        label=_("New end"),
        max_length=40,
        widget=MomentInput(),
        help_text=_("23.59 means to the end of that day."),
    )
    unit = forms.ModelChoiceField(
        label=_("For whom"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("Everybody"),
        help_text=_("A unit takes all units below it along."),
    )
    letter_number = forms.CharField(label=_("Letter number"), max_length=120)
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(LONG))

    def __init__(self, *args: Any, competition: Competition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = competition.time_zone
        units = Unit.objects.within(competition.host).exclude(pk=competition.host_id)
        field = self.fields["unit"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = units.filter(ended_on=None)

    def clean_new_ends_at(self) -> datetime:
        return clock.parse_end(self.cleaned_data["new_ends_at"], zone=self.zone)


class AnnouncementForm(ModelForm):
    class Meta:
        model = Announcement
        fields = ["title", "body"]
        widgets = {"body": forms.Textarea(LONGER)}


class SeatForm(Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    full_name = forms.CharField(label=_("Full name with titles"), max_length=150)
    role = forms.ChoiceField(label=_("Role"), choices=CommitteeSeat.Role)


class SignUpForm(Form):
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none())
    full_name = forms.CharField(
        label=_("Full name with titles"),
        max_length=Attendee._meta.get_field("full_name").max_length,
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = units
            if len(units) == 1:
                field.initial = units[0]


class MaterialForm(Form):
    """A link or a file, not both."""

    title = forms.CharField(label=_("Title"), max_length=200)
    url = forms.URLField(label=_("Link"), required=False, max_length=200, assume_scheme="https")
    file = forms.FileField(
        label=_("File (PDF or photo, at most 20 MB)"), required=False, max_length=250
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("url")) == bool(cleaned.get("file")) and not self.errors:
            raise ValidationError(_("Give a link or a file, not both."), code="file_or_link")
        return cleaned
