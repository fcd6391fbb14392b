"""Conflicts that the portal finds: who is kept from which entry, and what is said of it."""

from __future__ import annotations

import pytest

from accounts.identity import plain_address, plain_person
from accounts.models import Unit, User
from judging.models import Conflict, Panelist
from judging.queries.conflicts import Found, find_conflicts
from judging.queries.planning import seats_of, submissions_in
from proposals.models import Proposal, TeamMember
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, at, city, opened

pytestmark = pytest.mark.django_db
NIP = "199608182022041001"


def found_in(made: City) -> list[tuple[str, str, str, str]]:
    found: list[Found] = find_conflicts(
        list(seats_of(made.stage)), list(submissions_in(made.stage)), at=make.NOON
    )
    return [
        (each.panelist.user.full_name, each.submission.proposal.unit.name, each.ground, each.note)
        for each in found
    ]


def proposal_of(made: City, number: int) -> Proposal:
    return made.competition.proposals.get(unit=made.agencies[number])


def member(proposal: Proposal, name: str, nip: str = "") -> TeamMember:
    return TeamMember.objects.create(
        proposal=proposal,
        name=name,
        role="Ketua",
        nip=nip,
        saved_by=make.user(),
        saved_at=make.NOON,
    )


def rename(judge: User, **fields: str) -> None:
    User.objects.filter(pk=judge.pk).update(**fields)


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("Dr. Hj. Siti  AMINAH, S.KM., M.Kes", "siti aminah"),
        ("dr. Siti Aminah, Sp.A", "siti aminah"),
        ("Siti Aminah", "siti aminah"),
        ("Suharto", "suharto"),
        ("Ni Luh Putu", "ni luh putu"),
    ],
)
def test_a_person_is_known_under_other_titles(written: str, same: str) -> None:
    assert plain_person(written) == same


def test_a_mailbox_is_known_with_a_plus_and_capitals() -> None:
    assert plain_address(" Siti.A+juri@Malang.GO.id") == "siti.a@malang.go.id"


def test_team_lists_bar_by_name_and_by_nip_and_never_print_the_nip() -> None:
    made = city(judges=3, entries=2)
    namesake, by_nip, _free = made.judges
    rename(namesake, full_name="Dr. Siti Aminah, M.Kes")
    rename(by_nip, nip=NIP)
    member(proposal_of(made, 0), "SITI AMINAH, S.KM")
    member(proposal_of(made, 1), "Nama Lain", NIP)

    found = found_in(made)

    assert found == [
        ("Dr. Siti Aminah, M.Kes", "Dinas 00", "team", "team member SITI AMINAH, S.KM"),
        ("Juri 1", "Dinas 01", "team", "team member Nama Lain"),
    ]
    assert NIP not in str(found)


def test_work_under_another_account_of_the_same_person_bars() -> None:
    made = city(judges=3, entries=1)
    by_mail, by_nip, _free = made.judges
    rename(by_mail, email="siti@malang.example")
    rename(by_nip, nip=NIP)
    entered = proposal_of(made, 0)
    other = make.user()
    rename(other, email="Siti+unit@malang.example".lower())
    entered.created_by = other
    entered.save(update_fields=["created_by"])
    sender = entered.submissions.get().submitted_by
    rename(sender, nip=NIP)

    assert [(name, ground) for name, _unit, ground, _note in found_in(made)] == [
        ("Juri 0", "team"),
        ("Juri 1", "team"),
    ]


def test_earlier_proposals_of_the_innovation_bar_without_naming_them() -> None:
    made = city(judges=3, entries=2)
    entered = proposal_of(made, 0)
    elsewhere = make.track(make.competition(name="Lomba Rahasia"))
    draft = Proposal.objects.create(
        competition=elsewhere.competition,
        track=elsewhere,
        innovation=entered.innovation,
        unit=entered.unit,
        endorsing_unit=entered.unit,
        title="Judul rahasia",
        created_by=made.judges[0],
        created_at=make.NOON,
        held_since=make.NOON,
    )
    member(draft, "Juri 1")

    assert found_in(made) == [
        ("Juri 0", "Dinas 00", "earlier", ""),
        ("Juri 1", "Dinas 00", "earlier", ""),
    ]


def test_the_tree_and_named_units_bar_and_the_heaviest_ground_leads() -> None:
    made = city(judges=3, entries=2)
    below = make.unit("UPT", parent=made.agencies[0], level="service")
    make.membership(made.judges[0], below)
    seats = {seat.user_id: seat for seat in Panelist.objects.all()}
    seats[made.judges[0].pk].tied_units.add(made.agencies[0])
    seats[made.judges[1].pk].tied_units.add(made.competition.host)

    assert found_in(made) == [
        ("Juri 0", "Dinas 00", "unit", "UPT; Dinas 00"),
        ("Juri 1", "Dinas 00", "tie", "Kota Malang"),
        ("Juri 1", "Dinas 01", "tie", "Kota Malang"),
    ]


def test_reasons_are_kept_for_the_committee_and_no_judge_reads_them() -> None:
    made = city(judges=3, entries=2)
    member(proposal_of(made, 0), "Juri 0")
    shown = signed_in(made.chair).get(at(made, "conflict-list")).content.decode()
    made.stage.refresh_from_db()
    signed_in(made.chair).post(at(made, "stage-open"))

    conflict = Conflict.objects.get()
    judge = signed_in(made.judges[0])
    pages = [judge.get(url).content.decode() for url in ("/juri/", f"/juri/tahap/{made.stage.pk}/")]

    assert "team member Juri 0" in shown
    assert (conflict.ground, conflict.note) == ("team", "team member Juri 0")
    assert not [page for page in pages if "Inovasi Dinas 00" in page or "team member" in page]
    assert "Inovasi Dinas 01" in pages[1]


def test_statements_do_not_grow_with_the_field(django_assert_num_queries: object) -> None:
    counts = []
    for entries in (1, 4):
        made = city(judges=entries, entries=entries, name=f"Kota {entries}")
        panel, submissions = list(seats_of(made.stage)), list(submissions_in(made.stage))
        with django_assert_num_queries(2):  # type: ignore[operator]
            counts.append(find_conflicts(panel, submissions, at=make.NOON))
    assert counts == [[], []]


def test_nothing_is_asked_for_nobody() -> None:
    made = opened(judges=1, entries=1)

    assert find_conflicts([], list(submissions_in(made.stage)), at=make.NOON) == []


@pytest.mark.parametrize("ended", ["entered", "judges"])
def test_members_of_units_that_became_one_are_kept_apart(ended: str) -> None:
    """Whether the unit of the entry ended or the one that the judge once worked in."""
    made = city(judges=3, entries=2)
    judge, entered = made.judges[0], made.agencies[0]
    place = make.unit("Dinas Gabungan", parent=made.competition.host)
    make.membership(judge, place)
    gone, heir = (entered, place) if ended == "entered" else (place, entered)
    assert found_in(made) == []

    Unit.objects.filter(pk=gone.pk).update(ended_on=make.NOON.date(), successor=heir)

    assert found_in(made) == [("Juri 0", "Dinas 00", "unit", "Dinas Gabungan")]
