"""The demonstration year, moment by moment: it keeps every promise wherever it stops."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from accounts.audit import gathering
from accounts.delivery import deliver_due
from accounts.models import Message, Unit, User
from competitions.models import Attendee, Competition
from judging.models import Assignment, Award, Panelist, Publication
from kipp.demo.accounts import LOGINS, email_of
from kipp.demo.seeding import TODAY, open_year
from kipp.demo.year import DEFAULT, MOMENTS
from kipp.invariants import INVARIANTS
from kipp.reminding import wanted_among
from proposals.models import Proposal, Submission
from tests.background.conftest import Sink, sink  # noqa: F401 - a fixture
from tests.kipp.commands import manage

pytestmark = [pytest.mark.long, pytest.mark.django_db]

FINAL = {
    "attendees": 37,
    "proposals": 46,
    "eligible": 36,
    "judges": 7,
    "winners": 10,
    "publications": 1,
    "submitted sheets": 397,
}


def identity(at: datetime) -> datetime:
    return at


def counts() -> dict[str, int]:
    return {
        "attendees": Attendee.objects.count(),
        "proposals": Proposal.objects.count(),
        "eligible": Proposal.objects.filter(status="eligible").count(),
        "judges": Panelist.objects.values("user").distinct().count(),
        "winners": Award.objects.count(),
        "publications": Publication.objects.filter(status="released").count(),
        "submitted sheets": Assignment.objects.filter(status="submitted").count(),
    }


@pytest.fixture
def pool() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def test_year_keeps_every_promise_at_each_moment(pool: Executor) -> None:
    now = timezone.now()
    diary = open_year("winners", at=now, pool=pool)
    found: dict[str, dict[str, int]] = {}
    offenders: dict[str, list[str]] = {}

    for moment in MOMENTS:
        at = now - (TODAY["winners"] - TODAY[moment])
        with transaction.atomic(), gathering():
            diary.run(until=at)
        deliver_due(clock=partial(identity, at), wanted_among=wanted_among)
        found[moment] = counts()
        offenders[moment] = [line for check in INVARIANTS for line in check(at)]

    assert offenders == {moment: [] for moment in MOMENTS}
    assert found["winners"] == FINAL
    assert Unit.objects.count() >= 60
    assert not Message.objects.filter(status="queued").exists()
    assert Submission.objects.count() >= Proposal.objects.filter(status="eligible").count()


@pytest.mark.django_db(transaction=True)
def test_command_seeds_an_empty_database_once_with_the_people_of_the_logins(
    sink: Sink,  # noqa: F811
) -> None:
    out = StringIO()

    seeded = manage("seed_demo", "--until=workshop")
    call_command("check_invariants", stdout=out)

    assert seeded.returncode == 0, seeded.stderr
    assert seeded.stdout.endswith(" acts of the year.\n0 mails wait, 0 failed for good.\n")
    assert out.getvalue().endswith(f"{len(INVARIANTS)} invariants hold.\n")
    assert Competition.objects.get().status == "published"
    addresses = {login.key: email_of(login.key) for login in LOGINS}
    assert User.objects.filter(email__in=addresses.values(), is_active=True).count() == len(LOGINS)
    with pytest.raises(CommandError, match="in use"):
        call_command("seed_demo", "--until=workshop")


def test_moments_of_the_launcher_are_those_of_the_seed() -> None:
    assert set(MOMENTS) == set(TODAY)
    assert DEFAULT in MOMENTS
