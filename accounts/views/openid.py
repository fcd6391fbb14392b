"""Signing in with the account of a government's own provider (OpenID Connect), by setting.

Authlib speaks the protocol: state, PKCE, nonce, and the signature of the ID token are its work.
Only its word about a verified e-mail address is taken; who that is, our own table says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kipp.lib.late import late

django_client = late("authlib.integrations.django_client")
errors = late("authlib.common.errors")
tokens = late("joserfc.errors")
requests = late("requests")

SECONDS = 10
DISCOVERY = "/.well-known/openid-configuration"


class NotSignedInError(Exception):
    """The provider did not answer, or its answer does not hold."""


@dataclass(frozen=True, slots=True)
class Claims:
    email: str
    is_verified: bool
    name: str


def is_on() -> bool:
    return bool(settings.OIDC_ISSUER)


def go_there(request: HttpRequest, *, back_to: str) -> HttpResponse:
    try:
        answer: HttpResponse = _provider().authorize_redirect(request, back_to)
    except (errors.AuthlibBaseError, requests.RequestException, ValueError) as error:
        raise NotSignedInError(str(error)) from error
    return answer


def read_answer(request: HttpRequest) -> Claims:
    """Raises unless the answer belongs to what this browser asked, and is signed and fresh."""
    failures = (errors.AuthlibBaseError, tokens.JoseError, requests.RequestException, ValueError)
    try:
        token = _provider().authorize_access_token(request)
    except failures as error:
        raise NotSignedInError(str(error)) from error
    claims = token.get("userinfo") or {}
    return Claims(
        email=str(claims.get("email") or "").strip().lower(),
        is_verified=claims.get("email_verified") is True,
        name=str(claims.get("name") or "").strip(),
    )


def _provider() -> Any:
    registry = django_client.OAuth()
    return registry.register(
        "government",
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET,
        server_metadata_url=f"{settings.OIDC_ISSUER.rstrip('/')}{DISCOVERY}",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": SECONDS,
        },
    )
