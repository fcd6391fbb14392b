"""For support: everything is read here; what may be changed goes through a service."""

from __future__ import annotations

from allauth.account.admin import EmailAddress
from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import Group  # type: ignore[attr-defined]  # registered there
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import services
from accounts.models import AuditEntry, Invitation, Membership, Message, Unit, User

# The throttled login with its second factor is the only one.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Libraries' pages: they show the seed of a second factor, and change rows without a trail.
admin.site.unregister([Authenticator, EmailAddress, Group, UserSession])


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The system administrator looks; the database is written by services alone."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_staff)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_staff)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ("full_name", "email", "is_active", "is_staff", "must_use_mfa", "last_login")
    list_filter = ("is_active", "is_staff", "must_use_mfa")
    search_fields = ("full_name", "email", "nip")
    exclude = ("password", "groups", "user_permissions")
    actions = ("close_accounts", "require_second_factor")

    @admin.action(description=gettext_lazy("Close the accounts"))
    def close_accounts(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        by = _administrator(request)
        for person in chosen.exclude(pk=by.pk):
            try:
                services.deactivate_user(
                    person, by=by, at=timezone.now(), reason=_("Closed by the administrator")
                )
            except ValidationError as error:
                self.message_user(request, f"{person}: {error.messages[0]}", messages.WARNING)

    @admin.action(description=gettext_lazy("Require a second factor"))
    def require_second_factor(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        for person in chosen:
            services.require_mfa(person, by=_administrator(request), at=timezone.now())


@admin.register(Unit)
class UnitAdmin(ReadOnlyAdmin):
    list_display = ("name", "parent", "level", "ended_on")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("name", "abbr", "code")


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("user", "unit", "role", "started_at", "ended_at")
    list_filter = ("role",)
    list_select_related = ("user", "unit")
    search_fields = ("user__full_name", "user__email", "unit__name")


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Neither the token nor its hash."""

    list_display = ("email", "unit", "role", "created_at", "expires_at", "accepted_at")
    list_select_related = ("unit",)
    search_fields = ("email", "full_name")
    exclude = ("token_hash",)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Who moved what and when; what was written in the move may be content and stays out."""

    list_display = ("number", "at", "actor", "action", "object_type", "object_id")
    list_select_related = ("actor",)
    search_fields = ("action", "object_type", "=object_id")
    exclude = ("data", "reason")


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Whether a mail went out, not what it says: texts hold tokens and content."""

    list_display = ("created_at", "kind", "to_email", "status", "attempts", "sent_at")
    list_filter = ("status",)
    search_fields = ("to_email", "kind")
    exclude = ("subject", "text", "html", "dedupe_key")

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Message | None:
        """The page's heading is the object's name, and a subject holds titles."""
        found: Message | None = super().get_object(request, object_id, from_field)
        if found:
            found.subject = found.kind
        return found


def _administrator(request: HttpRequest) -> User:
    """The site lets in nobody but staff."""
    if not isinstance(request.user, User):  # pragma: no cover - the site has asked before
        raise TypeError(request.user)
    return request.user
