from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Message, Unit
from competitions.models.competition import KEY, Competition
from competitions.reminder_texts import check_texts


class Round(models.Model):
    """A dated milestone. `ends_at` is exclusive: 23.59 is stored as 00.00 of the next day."""

    class Kind(models.TextChoices):
        WORKSHOP = "workshop", _("Workshop")
        SUBMISSION = "submission", _("Submission")
        ENDORSEMENT = "endorsement", _("Endorsement")
        SCREENING = "screening", _("Screening")
        JUDGING = "judging", _("Judging")
        OBJECTION = "objection", _("Objection")
        ANNOUNCEMENT = "announcement", _("Announcement of results")

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="rounds")
    key = models.CharField(max_length=40, validators=[KEY])
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind)
    name = models.CharField(_("Name"), max_length=160)
    starts_at = models.DateTimeField(_("Starts"))
    ends_at = models.DateTimeField(_("Ends"))
    order = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["order", "starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "key"], name="round_key"),
            models.UniqueConstraint(
                fields=["competition", "kind"],
                condition=~Q(kind__in=["judging", "workshop"]),
                name="round_kind",
                violation_error_message=_("A competition has one round of this kind."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="round_ends_after_start",
                violation_error_message=_("The round ends after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Extension(models.Model):
    """A logged move of a round's end, for all (no unit) or for one unit and all below it."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="extensions")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="extensions"
    )
    old_ends_at = models.DateTimeField()
    new_ends_at = models.DateTimeField(_("New end"))
    reason = models.TextField(_("Reason"))
    letter_number = models.CharField(_("Letter number"), max_length=120)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField()

    class Meta:
        ordering = ["granted_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(new_ends_at__gt=F("old_ends_at")),
                name="extension_forward",
                violation_error_message=_("An extension moves the end forward."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} - {self.letter_number}"


class ReminderRule(models.Model):
    """Whom a round reminds, and how long before its end (minutes, longest first)."""

    class Audience(models.TextChoices):
        INVITED = "invited", _("Units not signed up for the workshop")
        AUTHORS = "authors", _("Authors without a submitted proposal")
        ENDORSERS = "endorsers", _("Endorsers with a queue")
        JUDGES = "judges", _("Judges with open scorecards")
        COMMITTEE = "committee", _("Committee: what the round still lacks")
        SUPERIORS = "superiors", _("Endorsers of units whose authors have not sent")
        CHAIRS = "chairs", _("Chairs, of judges with open scorecards")

    class Channel(models.TextChoices):
        CHOSEN = "chosen", _("As each reader chose")
        REQUIRED = "required", _("Required: always by mail, at once")
        PORTAL = "portal", _("In the portal only")
        HOOK = "hook", _("To the webhook; by mail when it does not answer")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="reminder_rules")
    audience = models.CharField(_("Audience"), max_length=12, choices=Audience)
    leads = ArrayField(models.PositiveIntegerField(), verbose_name=_("Minutes before the end"))
    channel = models.CharField(
        _("How they are told"), max_length=10, choices=Channel, default=Channel.CHOSEN
    )
    # In the organiser's own words; empty: in the portal's.
    subject = models.CharField(_("Subject"), max_length=150, blank=True)
    text = models.TextField(_("Text"), blank=True)
    # What of the plan the last sweep had seen begin: until that changes nobody is asked.
    swept = models.CharField(max_length=64, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["round", "audience"]
        constraints = [
            models.UniqueConstraint(fields=["round", "audience"], name="reminderrule_audience"),
            models.CheckConstraint(
                condition=Q(subject="", text="") | (~Q(subject="") & ~Q(text="")),
                name="reminderrule_own_words",
                violation_error_message=_(
                    "Write subject and text, or leave both empty for the portal's own words."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} - {self.get_audience_display()}"

    def clean(self) -> None:
        check_texts(self.subject, self.text)


class Reminder(models.Model):
    """That this person was told of this end at this lead: the row that makes it once."""

    rule = models.ForeignKey(ReminderRule, on_delete=models.CASCADE, related_name="reminders")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders"
    )
    lead = models.PositiveIntegerField()
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField()
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="reminder")

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "recipient", "lead", "ends_at"], name="reminder_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} - {self.recipient}"
