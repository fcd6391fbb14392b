"""How a person is found by e-mail and password."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User
from kipp.lib.prepared import Prepared, given

PERSON = Prepared(lambda: User.objects.filter(pk=given("pk")))
CALLED = Prepared(lambda: User.objects.filter(email=given("email")))


class EmailBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth looks through a table of further addresses first, then opens a cursor on people.

    Here a person has one address, unique and in lower case.
    """

    def get_user(self, user_id: int) -> User | None:
        """Of the session, on every page."""
        person = PERSON.first(pk=user_id)
        return person if self.user_can_authenticate(person) else None

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        person = CALLED.first(email=email.lower()) if email else None
        found: User | None = self._check_password(person, password)
        return found
