"""What a track asks of a proposal: sections, attachments, rules of entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from competitions.models.competition import KEY, Competition
from competitions.statements import check_statement

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


class Track(models.Model):
    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="tracks")
    key = models.CharField(max_length=40, validators=[KEY])
    name = models.CharField(_("Name"), max_length=120)
    description = models.TextField(_("Description"), blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "key"], name="track_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Section(models.Model):
    """A question of the track's form. Weight 0: shown to the judges, not scored."""

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="sections")
    key = models.CharField(max_length=40, validators=[KEY])
    label = models.CharField(_("Label"), max_length=160)
    label_en = models.CharField(_("Label in English"), max_length=160, blank=True)
    help_text = models.TextField(_("Guidance"), blank=True)
    help_text_en = models.TextField(_("Guidance in English"), blank=True)
    word_limit = models.PositiveIntegerField(_("Word limit"))
    weight = models.DecimalField(_("Weight (%)"), max_digits=5, decimal_places=2, default=0)
    is_required = models.BooleanField(_("Required"), default=True)
    needs_evidence = models.BooleanField(_("Evidence expected"), default=False)
    order = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["track", "key"], name="section_key"),
            models.CheckConstraint(condition=Q(word_limit__gt=0), name="section_word_limit"),
            models.CheckConstraint(
                condition=Q(weight__gte=0, weight__lte=100), name="section_weight"
            ),
        ]

    def __str__(self) -> str:
        return self.shown_label

    @property
    def shown_label(self) -> str:
        return self.label_en if get_language() == "en" and self.label_en else self.label

    @property
    def shown_help(self) -> str:
        in_english = get_language() == "en" and self.help_text_en
        return self.help_text_en if in_english else self.help_text


class AttachmentSlot(models.Model):
    """A file that the track asks for."""

    class Kind(models.TextChoices):
        PDF = "pdf", _("PDF")
        IMAGE = "image", _("Photo (JPG or PNG)")
        ANY = "any", _("PDF or photo")

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="slots")
    key = models.CharField(max_length=40, validators=[KEY])
    label = models.CharField(_("Label"), max_length=160)
    help_text = models.TextField(_("Guidance"), blank=True)
    kind = models.CharField(_("Kind of file"), max_length=10, choices=Kind)
    max_mb = models.PositiveSmallIntegerField(_("Largest size (MB)"), default=2)
    max_count = models.PositiveSmallIntegerField(_("Number of files"), default=1)
    is_required = models.BooleanField(_("Required"), default=False)
    # Not empty: the portal writes this letter, and the slot takes its signed scan.
    statement = models.TextField(
        _("Text of the letter to be signed"), blank=True, validators=[check_statement]
    )
    # Which section of the track's form it belongs to; empty: to the proposal as a whole.
    section_key = models.CharField(
        _("Section it belongs to"), max_length=40, blank=True, validators=[KEY]
    )
    order = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["track", "key"], name="attachmentslot_key"),
            models.CheckConstraint(
                condition=Q(max_mb__gt=0, max_mb__lte=20, max_count__gt=0),
                name="attachmentslot_limits",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class EligibilityRule(models.Model):
    """One rule of entry with the article of the guideline that it comes from.

    `items` are what the rule names besides tiers: keys of sections or slots, hosts of videos; empty
    means all that are required, or any host. Of a quota: limits by level (`competitions.quotas`).
    """

    class Kind(models.TextChoices):
        MIN_AGE = "min_age", _("Implemented for at least so many months at the close")
        NO_EARLIER_TIER = "no_earlier_tier", _("Has not won one of these tiers before")
        EARLIER_TIER = "earlier_tier", _("Has won one of these tiers before")
        TIER_LIMIT = "tier_limit", _("Has not won these tiers so many times before")
        QUOTA = "quota", _("At most so many proposals per agency in the track")
        UNIT_QUOTA = "unit_quota", _("At most so many proposals per unit in the track")
        SECTIONS = "sections", _("Sections that are filled in")
        LETTERS = "letters", _("Letters that are attached")
        UNIQUE_TITLE = "unique_title", _("The title is used by one proposal only")
        VIDEO = "video", _("A video link that works")

    class Severity(models.TextChoices):
        REFUSES = "refuses", _("Is refused")
        WARNS = "warns", _("Is only noted")

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="rules")
    kind = models.CharField(max_length=20, choices=Kind)
    limit = models.PositiveSmallIntegerField(null=True, blank=True)
    tiers = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    items = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    severity = models.CharField(
        _("Whoever breaks it"), max_length=10, choices=Severity, default=Severity.REFUSES
    )
    article = models.CharField(_("Article"), max_length=80)
    order = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["track", "kind"], name="eligibilityrule_kind"),
            models.CheckConstraint(
                condition=~Q(kind__in=["min_age", "quota", "unit_quota", "tier_limit"])
                | Q(limit__gt=0),
                name="eligibilityrule_limit",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["no_earlier_tier", "earlier_tier", "tier_limit"])
                | ~Q(tiers=[]),
                name="eligibilityrule_tiers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sentence} ({self.article})"

    @property
    def sentence(self) -> str:
        """The rule with its own number, tiers or items, as participants read it."""
        told = str(SENTENCES[self.kind]) % {"limit": self.limit, "tiers": ", ".join(self.tiers)}
        items = ", ".join(item.replace("_", " ") for item in self.items)
        return f"{told[:-1]}: {items}." if items else told


# Which rules say nothing without their number or their tiers.
NEEDS_LIMIT = frozenset({"min_age", "quota", "unit_quota", "tier_limit"})
NEEDS_TIERS = frozenset({"no_earlier_tier", "earlier_tier", "tier_limit"})

SENTENCES: dict[str, StrPromise] = {
    EligibilityRule.Kind.MIN_AGE: _(
        "Implemented for at least %(limit)s months on the day the submission closes."
    ),
    EligibilityRule.Kind.NO_EARLIER_TIER: _("Has not won before: %(tiers)s."),
    EligibilityRule.Kind.EARLIER_TIER: _("Has won before: %(tiers)s."),
    EligibilityRule.Kind.TIER_LIMIT: _("Has not won %(limit)s times before: %(tiers)s."),
    EligibilityRule.Kind.QUOTA: _("At most %(limit)s proposals per agency."),
    EligibilityRule.Kind.UNIT_QUOTA: _("At most %(limit)s proposals per unit."),
    EligibilityRule.Kind.SECTIONS: _("Every required section is filled in."),
    EligibilityRule.Kind.LETTERS: _("Every required letter is attached."),
    EligibilityRule.Kind.UNIQUE_TITLE: _("The title is used by one proposal only."),
    EligibilityRule.Kind.VIDEO: _("A video link that works."),
}
