"""People, units and what binds them; the audit chain and the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.roles import Member


class UserManager(BaseUserManager["User"]):
    """What Django's own commands (`createsuperuser`) call."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields: object) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, member: Member) -> Self:
        """Oneself and the people of the units whose endorser one is; everybody for the admin."""
        if member.is_admin:
            return self
        places = Q(pk=None)
        for path in member.endorser_of.values():
            places |= Q(unit__path__startswith=path)
        people = Membership.objects.current().filter(places).values("user_id")
        return self.filter(Q(pk=member.user_id) | Q(pk__in=people))


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The name is one field with titles, as it stands on letters."""

    email = models.EmailField(_("E-mail"), unique=True)
    full_name = models.CharField(_("Full name with titles"), max_length=150)
    nip = models.CharField(_("NIP"), max_length=18, blank=True)
    phone = models.CharField(_("WhatsApp number"), max_length=20, blank=True)
    language = models.CharField(
        _("Language"), max_length=2, choices=settings.LANGUAGES, default="id"
    )
    is_staff = models.BooleanField(_("System administrator"), default=False)
    is_active = models.BooleanField(_("Active"), default=True)
    # Set by the services that seat judges and committees: they sit above this app.
    must_use_mfa = models.BooleanField(_("Must use a second factor"), default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        ordering = ["full_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email",
                violation_error_message=_("A person with this e-mail exists already."),
            ),
            models.CheckConstraint(
                condition=Q(nip="") | Q(nip__regex=r"^[0-9]{18}$"),
                name="user_nip",
                violation_error_message=_("An NIP has 18 digits."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return self.full_name

    @cached_property
    def current_memberships(self) -> list[Membership]:
        return list(self.memberships.current().select_related("unit").order_by())


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, member: Member) -> Self:
        """The units whose page this person may open."""
        if member.is_admin:
            return self
        own = Q(pk__in=member.author_of)
        for path in member.endorser_of.values():
            own |= Q(path__startswith=path)
        return self.filter(own)

    def within(self, unit: Unit) -> Self:
        """The unit itself and all below it."""
        return self.filter(path__startswith=unit.path)

    def existing_on(self, at: datetime) -> Self:
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=at.date()))


class Unit(models.Model):
    """A node of the one tree: government > agency > service unit (a province holds its cities)."""

    class Level(models.TextChoices):
        GOVERNMENT = "government", _("Government")
        AGENCY = "agency", _("Agency")
        SERVICE = "service", _("Service unit")

    name = models.CharField(_("Name"), max_length=200)
    abbr = models.CharField(_("Abbreviation"), max_length=60, blank=True)
    code = models.CharField(_("Code"), max_length=40, blank=True)
    level = models.CharField(_("Level"), max_length=10, choices=Level)
    kind = models.CharField(_("Kind"), max_length=40, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("Belongs to"),
    )
    # "/3/17/204/": every ancestor and the unit itself; written by the service that places it.
    path = models.CharField(max_length=200, editable=False, default="")
    started_on = models.DateField(_("Exists since"), null=True, blank=True)
    ended_on = models.DateField(_("Ended on"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("Continued by"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["path"], name="unit_path", opclasses=["text_pattern_ops"]),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                F("parent"),
                condition=Q(ended_on=None),
                nulls_distinct=False,
                name="unit_name_among_siblings",
                violation_error_message=_("A unit of this name exists here already."),
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | Q(ended_on__isnull=False),
                name="unit_successor_after_end",
                violation_error_message=_("Only a unit that has ended has a successor."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def lineage(self) -> tuple[int, ...]:
        """Ids from the root down to the unit itself."""
        return tuple(int(part) for part in self.path.split("/") if part)

    def is_within(self, other: Unit) -> bool:
        return self.path.startswith(other.path)

    def is_kin_of(self, other: Unit) -> bool:
        """Same unit, or one stands above the other: what makes a conflict of interest."""
        return self.is_within(other) or other.is_within(self)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        return self.filter(ended_at=None)


class Membership(models.Model):
    """A person's role in a unit, now or once."""

    class Role(models.TextChoices):
        AUTHOR = "author", _("Author")
        ENDORSER = "endorser", _("Endorser")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("Role"), max_length=10, choices=Role)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["unit__name", "user__full_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                condition=Q(ended_at=None),
                name="membership_once",
                violation_error_message=_("This person has this role already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} - {self.unit}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def usable_at(self, at: datetime) -> Self:
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=at)


class Invitation(models.Model):
    """A single-use way in. Only the token's hash is kept; the token stands in the mail alone."""

    email = models.EmailField(_("E-mail"))
    full_name = models.CharField(_("Full name with titles"), max_length=150, blank=True)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    role = models.CharField(max_length=10, choices=Membership.Role, blank=True)
    # For committee and judges: the account exists and waits for its owner.
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    purpose = models.CharField(max_length=200, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(unit=None) & Q(role="")) | (Q(unit__isnull=False) & ~Q(role="")),
                name="invitation_unit_with_role",
                violation_error_message=_("An invitation into a unit names the role."),
            ),
            models.CheckConstraint(
                condition=Q(unit=None, user__isnull=False) | Q(unit__isnull=False, user=None),
                name="invitation_unit_or_user",
                violation_error_message=_("An invitation is for a unit or for a waiting person."),
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def state_at(self, at: datetime) -> str:
        """One of `accepted`, `revoked`, `expired` and `open`."""
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        return "open" if at < self.expires_at else "expired"


class Import(models.Model):
    """A checked sheet that waits for the word of the one who sent it."""

    class Kind(models.TextChoices):
        UNITS = "units", _("Units")
        PEOPLE = "people", _("People")

    kind = models.CharField(_("What the file lists"), max_length=10, choices=Kind)
    name = models.CharField(_("File name"), max_length=200)
    # Wiped once it has been applied: a list of people is personal data.
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    sent_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="imports")
    sent_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """One move. Each entry carries the hash of the one before, so that a change shows."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "number"], name="audit_object"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"


class MessageQuerySet(models.QuerySet["Message"]):
    def due_at(self, at: datetime) -> Self:
        """What a sender may lease: waiting and due, or leased by one who did not come back."""
        waiting = Q(status=Message.Status.QUEUED, due_at__lte=at)
        orphaned = Q(status=Message.Status.SENDING, lease_until__lte=at)
        return self.filter(waiting | orphaned)


class Message(models.Model):
    """A mail that was promised in the same transaction as the move that it tells of."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("No longer useful")

    kind = models.CharField(max_length=60)
    dedupe_key = models.CharField(max_length=200, unique=True)
    recipient = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="mails"
    )
    to_email = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    # A mail with a token loses its text once it is out.
    is_secret = models.BooleanField(default=False)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="message_open",
                condition=Q(status__in=["queued", "sending"]),
            ),
            models.Index(fields=["object_type", "object_id"], name="message_object"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="sending") | Q(lease_until__isnull=False),
                name="message_lease_while_sending",
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False),
                name="message_sent_at_when_sent",
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Heartbeat(models.Model):
    """When a background process last showed that it consumes work."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
