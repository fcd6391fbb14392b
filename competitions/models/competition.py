from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from competitions.workflow import CompetitionStatus

if TYPE_CHECKING:
    from competitions.roles import Actor

KEY = RegexValidator(r"^[a-z0-9][a-z0-9_-]*$", _("Small letters, digits, - and _ only."))


class FeedbackScores(models.TextChoices):
    NONE = "none", _("None: comments only")
    BAND = "band", _("The quarter of the list in which the proposal stands")
    MEANS = "means", _("The mean of each criterion")
    ALL = "all", _("Means, place, score and the total of every judge, without names")


class CompetitionQuerySet(models.QuerySet["Competition"]):
    def published(self) -> Self:
        return self.exclude(status=CompetitionStatus.DRAFT)

    def visible_to(self, actor: Actor) -> Self:
        """Drafts are seen by their own committee only; the rest is public."""
        return self.filter(~Q(status=CompetitionStatus.DRAFT) | Q(pk__in=actor.seats))


class Competition(models.Model):
    """One yearly edition of one host."""

    slug = models.SlugField(_("Short address"), max_length=60, unique=True)
    name = models.CharField(_("Name"), max_length=200)
    year = models.PositiveSmallIntegerField(_("Year"))
    host = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="competitions", verbose_name=_("Host")
    )
    theme = models.CharField(_("Theme"), max_length=300, blank=True)
    summary = models.TextField(_("Summary"), blank=True)
    guidelines = models.TextField(_("Guidelines"), blank=True)
    contact_name = models.CharField(_("Contact"), max_length=150, blank=True)
    contact_email = models.EmailField(_("Contact e-mail"), blank=True)
    contact_phone = models.CharField(_("Contact WhatsApp number"), max_length=20, blank=True)
    time_zone = models.CharField(_("Time zone"), max_length=40, default="Asia/Jakarta")
    # Two read each submission independently; where they differ, the chair decides.
    screeners = models.PositiveSmallIntegerField(
        _("Screeners per proposal"),
        choices=[(1, _("One")), (2, _("Two, independently"))],
        default=1,
    )
    # Whether judges read who is in the team; without it they see the unit only.
    shows_team = models.BooleanField(_("Judges see the names of the team"), default=False)
    # A return stops the unit's clock: so many hours it has at the least to mend and be endorsed.
    mend_hours = models.PositiveSmallIntegerField(
        _("Hours that a returned proposal has at the least"), default=48
    )
    # After so many hours without an answer the one above the endorser is told; 0 is never.
    silence_hours = models.PositiveSmallIntegerField(
        _("Hours of silence before the one above the endorser is told"), default=72
    )
    objections_public = models.BooleanField(
        _("Anybody may object to the results, not only the units that took part"), default=False
    )
    objection_days = models.PositiveSmallIntegerField(
        _("Days in which an objection is answered"), default=5, validators=[MinValueValidator(1)]
    )
    feedback_scores = models.CharField(
        _("Scores on the sheet that an author gets"),
        max_length=8,
        choices=FeedbackScores,
        default=FeedbackScores.MEANS,
    )
    status = models.CharField(
        max_length=10, choices=CompetitionStatus, default=CompetitionStatus.DRAFT
    )
    # From here on where the tiers are cut is part of an open stage's law.
    tiers_fixed_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    cloned_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()

    objects = CompetitionQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(screeners__in=[1, 2]), name="competition_screeners"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_visible_to(self, actor: Actor) -> bool:
        """As `visible_to` of the whole table."""
        return self.status != CompetitionStatus.DRAFT or self.pk in actor.seats


class Category(models.Model):
    competition = models.ForeignKey(
        Competition, on_delete=models.CASCADE, related_name="categories"
    )
    key = models.CharField(max_length=60, validators=[KEY])
    name = models.CharField(_("Name"), max_length=120)
    order = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "key"], name="category_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Tier(models.Model):
    """A nested cut over the final ranking: Top 45 holds Top 30."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="tiers")
    key = models.CharField(max_length=40, validators=[KEY])
    name = models.CharField(_("Name"), max_length=80)
    size = models.PositiveSmallIntegerField(_("Places"))
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["-size", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "key"], name="tier_key"),
            models.UniqueConstraint(
                fields=["competition", "size"],
                name="tier_size",
                violation_error_message=_("Two tiers of one size are one tier."),
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="tier_size_positive"),
        ]

    def __str__(self) -> str:
        return self.name


class ObjectionReason(models.Model):
    """Why somebody may object to the results, with the article of the guideline."""

    competition = models.ForeignKey(
        Competition, on_delete=models.CASCADE, related_name="objection_reasons"
    )
    key = models.CharField(max_length=40, validators=[KEY])
    label = models.CharField(_("Reason"), max_length=160)
    article = models.CharField(_("Article"), max_length=80)
    order = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "key"], name="objectionreason_key"),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.article})"


class CommitteeSeat(models.Model):
    """A person who runs a competition."""

    class Role(models.TextChoices):
        ORGANIZER = "organizer", _("Organizer")
        CHAIR = "chair", _("Chair")
        AUDITOR = "auditor", _("Auditor")

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="committee")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="committee_seats"
    )
    role = models.CharField(_("Role"), max_length=10, choices=Role)

    class Meta:
        ordering = ["role", "user__full_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "user", "role"],
                name="committeeseat_once",
                violation_error_message=_("This person has this role already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} - {self.get_role_display()}"


class Announcement(models.Model):
    competition = models.ForeignKey(
        Competition, on_delete=models.CASCADE, related_name="announcements"
    )
    title = models.CharField(_("Title"), max_length=200)
    body = models.TextField(_("Text"))
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.title
