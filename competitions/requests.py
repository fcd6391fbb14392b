"""The request as views see it: with the person and all roles, loaded when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from competitions.roles import Actor, load_actor


@dataclass(frozen=True, slots=True)
class Truth:
    """Under which stamp a public page was made, and between which moments it is true."""

    stamp: UUID
    since: datetime
    until: datetime

    def is_of(self, at: datetime) -> bool:
        """`since` matters when the clock was set back."""
        return self.since <= at < self.until


class Request(HttpRequest):
    actor: Actor
    # Of a page that all strangers share; set while it is made.
    truth: Truth
    # Set by the view of such a page: when, beside the rounds' dates, the clock next changes what it
    # shows. It is called only if the page is kept.
    next_turn: Callable[..., datetime | None]
    # When a small form was here as a whole, by `time.monotonic` (kipp.middleware).
    arrived: float | None


class AuthedRequest(Request):
    user: User


def actor_middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.actor = SimpleLazyObject(lambda: load_actor(request.user))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
