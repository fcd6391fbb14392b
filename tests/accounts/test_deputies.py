"""A deputy endorses for a time, by the database's clock; taken back, at once no more."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.audit import trail_of
from accounts.models import Deputy, Membership, Message, User
from accounts.services import end_membership, name_deputy, revoke_deputy
from competitions.roles import load_actor
from proposals import services
from proposals.models import Proposal, Submission
from proposals.queries.people import endorsers_of
from tests import make
from tests.proposals.scene import Scene, city_scene

TODAY = timezone.localdate()
DAY = timedelta(days=1)


@pytest.fixture
def scene(db: None) -> Scene:
    made = city_scene()
    made.competition.rounds.update(ends_at=timezone.now() + 9 * DAY)
    return made


@pytest.fixture
def colleague(scene: Scene) -> User:
    person = make.user("Rina")
    make.membership(person, scene.agency, Membership.Role.AUTHOR)
    return person


def named(scene: Scene, person: User, first: date = TODAY, last: date = TODAY) -> Deputy:
    return name_deputy(
        scene.agency,
        user=person,
        first_day=first,
        last_day=last,
        by=scene.endorser,
        at=timezone.now(),
    )


def endorses(person: User, scene: Scene) -> bool:
    return scene.agency.pk in load_actor(person).endorser_of


def test_deputy_endorses_in_the_own_name_and_is_told(
    scene: Scene, colleague: User, client: Client
) -> None:
    proposal = scene.sent()
    client.force_login(colleague)
    submit = reverse("proposals:endorsement-submit", args=[proposal.pk])
    sent = {"token": str(uuid4()), "statement": "on"}
    assert client.post(submit, sent).status_code == 404

    deputy = named(scene, colleague)

    assert endorsers_of(proposal) == sorted(
        [colleague, scene.endorser], key=lambda person: person.full_name
    )
    assert client.post(submit, sent).status_code == 302
    assert Submission.objects.get().submitted_by == colleague
    assert Message.objects.get(kind="deputy_named").recipient == colleague
    revoke_deputy(deputy, by=scene.endorser, at=timezone.now())
    assert [entry.action for entry in trail_of(scene.agency)] == [
        "unit.deputy_named",
        "unit.deputy_revoked",
    ]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(0, 0, True), (0, 3, True), (1, 3, False)],
)
def test_only_during_the_period(
    scene: Scene, colleague: User, first: int, last: int, *, expected: bool
) -> None:
    named(scene, colleague, TODAY + first * DAY, TODAY + last * DAY)

    assert endorses(colleague, scene) is expected


def test_over_when_the_period_or_the_membership_is(scene: Scene, colleague: User) -> None:
    deputy = named(scene, colleague)
    Deputy.objects.update(starts_at=timezone.now() - 2 * DAY, ends_at=timezone.now())
    assert endorses(colleague, scene) is False

    Deputy.objects.filter(pk=deputy.pk).update(ends_at=timezone.now() + DAY)
    assert endorses(colleague, scene) is True
    end_membership(colleague.memberships.get(), by=scene.endorser, at=timezone.now())
    assert endorses(colleague, scene) is False


def test_taken_back_while_the_page_is_open(scene: Scene, colleague: User, client: Client) -> None:
    """The deputy has read a pile; the endorser takes the office back; the click is refused."""
    proposal = scene.sent()
    deputy = named(scene, colleague)
    client.force_login(colleague)
    client.post(
        reverse("proposals:endorsement-read", args=[proposal.pk]), {"version": proposal.version}
    )
    assert 'name="proposals"' in client.get(reverse("proposals:endorsement-queue")).content.decode()

    revoke_deputy(deputy, by=scene.endorser, at=timezone.now())

    sent = {"token": str(uuid4()), "statement": "on", "proposals": [proposal.pk]}
    assert client.post(reverse("proposals:endorsement-pile"), sent).status_code == 403
    [outcome] = services.submit_pile(
        [Proposal.objects.for_page().get()], token=uuid4(), by=colleague, at=timezone.now()
    )
    assert outcome.refusal == "You do not endorse for this agency any more."
    assert Submission.objects.count() == 0


def test_stranger_to_the_unit_past_days_and_overlap_are_refused(
    scene: Scene, colleague: User
) -> None:
    def fields(person: User, first: date, last: date) -> set[str]:
        with pytest.raises(ValidationError) as error:
            named(scene, person, first, last)
        return set(error.value.message_dict)

    assert fields(scene.author, TODAY, TODAY) == {"user"}
    assert fields(colleague, TODAY - 3 * DAY, TODAY - DAY) == {"last_day"}
    assert fields(colleague, TODAY + DAY, TODAY) == {"last_day"}
    named(scene, colleague, TODAY, TODAY + 3 * DAY)
    assert fields(colleague, TODAY + 2 * DAY, TODAY + 5 * DAY) == {"user"}


def test_endorser_names_and_takes_back_and_both_see_it(
    scene: Scene, colleague: User, client: Client
) -> None:
    page = reverse("accounts:unit-deputies", args=[scene.agency.pk])
    queue = reverse("proposals:endorsement-queue")
    client.force_login(scene.endorser)
    days = {"first_day": TODAY.isoformat(), "last_day": TODAY.isoformat()}
    assert client.post(page, {"user": scene.author.pk, **days}).status_code == 422
    assert client.post(page, {"user": colleague.pk, **days}).status_code == 302
    assert "Rina" in client.get(page).content.decode()
    for person in (scene.endorser, colleague):
        client.force_login(person)
        assert "Rina" in client.get(queue).content.decode()
    assert client.get(page).status_code == 403

    client.force_login(scene.endorser)
    revoke = reverse("accounts:deputy-revoke", args=[Deputy.objects.get().pk])
    assert [client.post(revoke).status_code for _click in range(2)] == [302, 302]

    assert endorses(colleague, scene) is False
