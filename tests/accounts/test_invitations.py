from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts import services
from accounts.audit import trail_of
from accounts.models import Invitation, Membership, Message, Unit, User
from accounts.services.invitations import LIFETIME, digest
from tests import make

pytestmark = pytest.mark.django_db
GOOD = {"full_name": "Siti Aminah", "password": "kucing hijau makan awan"}
EMAIL = "siti@demo.example"


@pytest.fixture
def unit() -> Unit:
    return make.unit("Dinas Kesehatan", parent=make.unit(level="government"))


@pytest.fixture
def inviter() -> User:
    return make.user("Pak Inviter")


def invite(unit: Unit, inviter: User, *, email: str = EMAIL, role: str = "author") -> Invitation:
    return services.invite_member(
        unit, role=role, email=email, full_name="Siti", by=inviter, at=make.NOON
    )


def token_in_mail(invitation: Invitation) -> str:
    mail = Message.objects.filter(object_type="invitation", object_id=str(invitation.pk)).latest(
        "pk"
    )
    found = re.search(r"/undangan/([^/\s)]+)/", mail.text)
    assert found
    return found[1]


def code_of(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return str(error.value.error_list[0].code)


def test_invite_member_keeps_the_hash_and_mails_the_token(unit: Unit, inviter: User) -> None:
    invitation = invite(unit, inviter, email="Siti@Demo.Example")

    token = token_in_mail(invitation)
    mail = Message.objects.get()
    assert (invitation.email, invitation.token_hash) == (EMAIL, digest(token))
    assert (mail.to_email, mail.is_secret, mail.expires_at) == (
        EMAIL,
        True,
        make.NOON + LIFETIME,
    )
    assert services.find_invitation(token) == invitation
    assert services.find_invitation(token + "x") is None
    assert [entry.data for entry in trail_of(invitation)] == [{"unit": unit.pk, "role": "author"}]


def test_invite_member_refuses_twice_and_members_and_bad_addresses(
    unit: Unit, inviter: User
) -> None:
    invite(unit, inviter)
    member = make.user()
    make.membership(member, unit)
    with pytest.raises(ValidationError) as twice:
        invite(unit, inviter)
    with pytest.raises(ValidationError) as held:
        invite(unit, inviter, email=member.email.upper())
    with pytest.raises(ValidationError) as bad:
        invite(unit, inviter, email="no address")
    services.end_unit(unit, on=make.NOON.date(), by=None, at=make.NOON)
    with pytest.raises(ValidationError) as ended:
        invite(unit, inviter, role="endorser")

    codes = [code_of(error) for error in (twice, held, bad, ended)]
    assert codes == ["invited", "member", "invalid", "ended"]
    assert Invitation.objects.count() == 1


def test_accept_invitation_opens_the_account_with_the_role(unit: Unit, inviter: User) -> None:
    invitation = invite(unit, inviter)

    person = services.accept_invitation(
        invitation, **GOOD, nip="19960818 202204 2 001", phone="0812-3456-7890", at=make.NOON
    )

    person.refresh_from_db()
    assert (person.email, person.full_name, person.nip, person.phone) == (
        EMAIL,
        "Siti Aminah",
        "199608182022042001",
        "+6281234567890",
    )
    assert person.check_password(GOOD["password"])
    assert list(person.memberships.current().values_list("unit", "role")) == [(unit.pk, "author")]
    assert [entry.action for entry in trail_of(invitation)] == [
        "invitation.sent",
        "invitation.accepted",
    ]


def spend(invitation: Invitation) -> None:
    services.accept_invitation(invitation, **GOOD, at=make.NOON)


def revoke(invitation: Invitation) -> None:
    services.revoke_invitation(invitation, by=None, at=make.NOON)


def renew(invitation: Invitation) -> None:
    """The token in hand is replaced by another one."""
    copy = Invitation.objects.get(pk=invitation.pk)
    services.resend_invitation(copy, by=make.user(), at=make.NOON)


def outlive(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=make.NOON)


@pytest.mark.parametrize("spoil", [spend, revoke, renew, outlive])
def test_accept_invitation_refuses_a_spoiled_one(
    unit: Unit, inviter: User, spoil: Callable[[Invitation], None]
) -> None:
    invitation = invite(unit, inviter)
    spoil(invitation)
    people = User.objects.count()

    with pytest.raises(ValidationError) as error:
        services.accept_invitation(invitation, **GOOD, at=make.NOON)

    assert (code_of(error), User.objects.count()) == ("closed", people)


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "short"},
        {"password": "password1234"},
        {"nip": "123"},
        {"phone": "x"},
        {"full_name": ""},
        {"full_name": "x" * 151},
    ],
)
def test_accept_invitation_refuses_bad_input_and_stays_open(
    unit: Unit, inviter: User, wrong: dict[str, str]
) -> None:
    invitation = invite(unit, inviter)

    with pytest.raises(ValidationError):
        services.accept_invitation(invitation, **{**GOOD, **wrong}, at=make.NOON)

    invitation.refresh_from_db()
    assert invitation.state_at(make.NOON) == "open"
    assert not User.objects.filter(email=EMAIL).exists()


def test_accept_invitation_leaves_an_account_in_use_alone(unit: Unit, inviter: User) -> None:
    owner = User.objects.create_user(EMAIL, "old password x")
    invitation = invite(unit, inviter)

    with pytest.raises(ValidationError) as error:
        services.accept_invitation(invitation, **GOOD, at=make.NOON)

    owner.refresh_from_db()
    assert code_of(error) == "has_account"
    assert owner.check_password("old password x")


def test_accept_invitation_refuses_a_closed_account(unit: Unit, inviter: User) -> None:
    User.objects.create_user(EMAIL, None, is_active=False)
    invitation = invite(unit, inviter)

    with pytest.raises(ValidationError) as error:
        services.accept_invitation(invitation, **GOOD, at=make.NOON)

    assert code_of(error) == "inactive"


def test_join_by_invitation_needs_the_invited_account(unit: Unit, inviter: User) -> None:
    owner = User.objects.create_user(EMAIL, "old password x", full_name="Siti")
    invitation = invite(unit, inviter)

    with pytest.raises(ValidationError) as error:
        services.join_by_invitation(invitation, by=inviter, at=make.NOON)
    services.join_by_invitation(invitation, by=owner, at=make.NOON)

    assert code_of(error) == "other_person"
    assert owner.memberships.current().count() == 1


def test_join_by_invitation_grants_nothing_twice(unit: Unit, inviter: User) -> None:
    owner = User.objects.create_user(EMAIL, "old password x", full_name="Siti")
    invitation = invite(unit, inviter)
    make.membership(owner, unit)

    services.join_by_invitation(invitation, by=owner, at=make.NOON)

    assert owner.memberships.count() == 1


def test_invite_person_lets_a_waiting_person_in(inviter: User) -> None:
    judge = services.register_person(EMAIL, full_name="Siti", by=inviter, at=make.NOON)

    invitation = services.invite_person(judge, purpose="Juri KIPP 2026", by=inviter, at=make.NOON)
    again = services.invite_person(judge, purpose="Panitia", by=inviter, at=make.NOON)
    assert invitation
    assert again == invitation
    person = services.accept_invitation(invitation, **GOOD, at=make.NOON)

    assert person == judge
    assert "Juri KIPP 2026" in Message.objects.get().text
    assert services.invite_person(person, purpose="Lagi", by=inviter, at=make.NOON) is None


def test_resend_invitation_replaces_token_and_mail(unit: Unit, inviter: User) -> None:
    invitation = invite(unit, inviter)
    old = token_in_mail(invitation)
    later = make.NOON + LIFETIME + timedelta(days=1)

    services.resend_invitation(invitation, by=inviter, at=later)

    assert services.find_invitation(old) is None
    assert services.find_invitation(token_in_mail(invitation)) == invitation
    assert invitation.state_at(later) == "open"
    assert list(Message.objects.order_by("pk").values_list("status", flat=True)) == [
        "expired",
        "queued",
    ]
    assert Message.objects.earliest("pk").text == ""


def test_closed_invitations_are_not_resent_or_revoked(unit: Unit, inviter: User) -> None:
    invitation = invite(unit, inviter)
    services.revoke_invitation(invitation, by=inviter, at=make.NOON)

    with pytest.raises(ValidationError) as resent:
        services.resend_invitation(invitation, by=inviter, at=make.NOON)
    with pytest.raises(ValidationError) as revoked:
        services.revoke_invitation(invitation, by=inviter, at=make.NOON)

    assert (code_of(resent), code_of(revoked)) == ("closed", "closed")


@pytest.mark.django_db(transaction=True)
def test_two_tabs_accept_once(unit: Unit, inviter: User) -> None:
    invitation = invite(unit, inviter)
    barrier = Barrier(2)

    outcomes = race([invitation, invitation], barrier)

    assert sorted(outcomes) == ["accepted", "closed"]
    assert User.objects.filter(email=EMAIL).count() == 1
    assert Membership.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_invitations_of_one_person_open_one_account(unit: Unit, inviter: User) -> None:
    both = [invite(unit, inviter), invite(unit, inviter, role="endorser")]

    outcomes = race(both, Barrier(2))

    assert sorted(outcomes) == ["accepted", "has_account"]
    assert User.objects.filter(email=EMAIL).count() == 1
    assert Invitation.objects.filter(accepted_at=None).count() == 1


def race(invitations: list[Invitation], barrier: Barrier) -> list[str]:
    def accept(invitation: Invitation) -> str:
        barrier.wait()
        try:
            services.accept_invitation(invitation, **GOOD, at=make.NOON)
        except ValidationError as error:
            return str(error.error_list[0].code)
        finally:
            connection.close()
        return "accepted"

    with ThreadPoolExecutor(len(invitations)) as pool:
        return list(pool.map(accept, invitations))
