"""People, their roles in units, and the single-use way in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models.units import Unit

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


class PastPassword(models.Model):
    """A password as it was stored, so that none comes again; only under the profile `bssn`."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="past_passwords")
    encoded = models.CharField(max_length=128)
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-set_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.set_at:%Y-%m-%d}"


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
