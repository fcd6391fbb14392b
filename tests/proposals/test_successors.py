"""A unit that ended named its successor: the successor enters what the old one had made."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.audit import trail_of
from accounts.models import AuditEntry, Unit, User
from accounts.services import end_unit
from competitions.models import Round, Track
from competitions.roles import load_actor
from proposals import services
from proposals.importing import title_key
from proposals.models import EarlierAward, Innovation, Proposal, RegisterEntry, Submission
from proposals.queries.importing import asked_of, register_now
from proposals.queries.own import enterable_in, innovations_of
from proposals.services import Past
from tests import make
from tests.clients import signed_in
from tests.proposals.scene import Scene

ENDED = date(2026, 3, 1)
WON = [Past("KIPP Kota Malang", "kota", 2019, "Top 45")]


pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.fixture
def heir(scene: Scene) -> Unit:
    """Of another agency, so that no path of the tree leads to it."""
    other = make.unit("Dinas Sosial", parent=scene.city)
    return make.unit("Puskesmas Arjuno", parent=other, level="service")


def author_of(unit: Unit) -> User:
    person = make.user()
    make.membership(person, unit)
    return person


def end(unit: Unit, *, successor: Unit | None = None) -> None:
    end_unit(unit, on=ENDED, successor=successor, by=None, at=make.NOON)
    unit.refresh_from_db()


def next_year(scene: Scene) -> Track:
    competition = make.competition(host=scene.city, slug="kipp-2021", year=2027)
    make.round_(competition, Round.Kind.SUBMISSION)
    track = make.track(competition)
    make.section(track)
    return track


def enterable(person: User, track: Track) -> list[Innovation]:
    return list(enterable_in(track.competition, actor=load_actor(person)))


def test_successor_enters_the_innovation_under_its_old_number(scene: Scene, heir: Unit) -> None:
    innovation = make.innovation(scene.clinic, "BREXIT")
    services.keep_awards({innovation.pk: WON})
    person, track = author_of(heir), next_year(scene)
    assert enterable(person, track) == []

    end(scene.clinic, successor=heir)
    page = signed_in(person)
    chosen = {"innovation": innovation.pk, "track": track.pk}
    answer = page.post(reverse("proposals:proposal-start", args=["kipp-2021"]), chosen)

    draft = Proposal.objects.get(competition=track.competition)
    assert answer.headers["Location"] == reverse("proposals:header-edit", args=[draft.pk])
    assert (draft.unit, draft.endorsing_unit) == (heir, heir.parent)
    assert (draft.innovation, draft.innovation.unit) == (innovation, scene.clinic)
    assert EarlierAward.objects.get().innovation == innovation
    words = "Carried on by Puskesmas Arjuno as the successor of Puskesmas Janti"
    assert words in page.get(reverse("proposals:innovation-list")).content.decode()
    origin = page.get(reverse("proposals:proposal-page", args=[draft.pk])).content.decode()
    assert "This innovation came from Puskesmas Janti." in origin


def test_line_of_successors_is_followed_to_its_end(scene: Scene, heir: Unit) -> None:
    innovation = make.innovation(scene.clinic)
    last = make.unit("Puskesmas Kawi", parent=heir.parent, level="service")
    between, at_last, track = author_of(heir), author_of(last), next_year(scene)
    end(scene.clinic, successor=heir)
    end(heir, successor=last)

    assert enterable(at_last, track) == [innovation]
    with pytest.raises(ValidationError) as error:
        services.start_proposal(innovation, track=track, unit=heir, by=between, at=make.NOON)
    draft = services.start_proposal(innovation, track=track, unit=last, by=at_last, at=make.NOON)

    assert error.value.error_list[0].code == "foreign"
    assert draft.unit == last


@pytest.mark.parametrize("line", ["no successor", "a successor that ended"])
def test_nobody_starts_where_the_line_ends(scene: Scene, heir: Unit, line: str) -> None:
    innovation, track = make.innovation(scene.clinic), next_year(scene)
    last, person = scene.clinic, scene.author
    if line == "a successor that ended":
        end(scene.clinic, successor=heir)
        last, person = heir, author_of(heir)
    end(last)

    with pytest.raises(ValidationError) as error:
        services.start_proposal(innovation, track=track, unit=last, by=person, at=make.NOON)

    assert error.value.error_list[0].code == "ended"
    assert enterable(person, track) == []
    assert innovation in innovations_of(load_actor(person))


def test_agency_of_the_successor_starts_and_the_old_one_no_more(scene: Scene, heir: Unit) -> None:
    innovation, track = make.innovation(scene.clinic), next_year(scene)
    endorser = make.user()
    make.membership(endorser, scene.city.children.get(name="Dinas Sosial"), "endorser")

    end(scene.clinic, successor=heir)

    assert enterable(endorser, track) == [innovation]
    assert enterable(scene.endorser, track) == []
    assert innovation in innovations_of(load_actor(scene.endorser))


def test_drafts_of_the_ended_unit_stay_with_its_own_people(scene: Scene, heir: Unit) -> None:
    draft = scene.draft("Jempol Ijo")
    fresh, stranger = author_of(heir), author_of(make.unit(parent=scene.agency, level="service"))
    before = [text_of(person) for person in (fresh, stranger)]
    end(scene.clinic, successor=heir)

    assert draft.innovation.title not in "".join(before)
    assert text_of(stranger) == before[1]
    page = reverse("proposals:proposal-page", args=[draft.pk])
    assert [signed_in(each).get(page).status_code for each in (scene.author, fresh, stranger)] == [
        200,
        404,
        404,
    ]
    assert list(Proposal.objects.visible_to(load_actor(fresh))) == []


def text_of(person: User) -> str:
    """What the main part of the list shows; the rest says whose clock it is."""
    page = signed_in(person).get(reverse("proposals:innovation-list")).content.decode()
    return page.partition("<main")[2].partition("</main")[0]


def test_what_is_under_way_at_the_end_goes_its_way(scene: Scene, heir: Unit) -> None:
    writing, waiting, back = scene.draft(), scene.sent(), scene.sent()
    services.return_proposal(
        back, note="Perjelas", section_notes={}, by=scene.endorser, at=make.NOON
    )
    end(scene.clinic, successor=heir)

    for proposal in (writing, back):
        services.send_for_endorsement(proposal, by=scene.author, at=make.NOON)
    for proposal in (writing, waiting, back):
        services.submit_proposal(proposal, token=uuid4(), by=scene.endorser, at=make.NOON)

    assert set(Submission.objects.values_list("proposal__unit__name", "proposal__status")) == {
        ("Puskesmas Janti", "submitted")
    }


def test_withdrawn_by_the_old_agency_it_is_free_for_the_successor(scene: Scene, heir: Unit) -> None:
    draft, person = scene.draft(), author_of(heir)
    end(scene.clinic, successor=heir)
    assert enterable(person, scene.track) == []

    services.withdraw_proposal(draft, reason="Unit bergabung", by=scene.endorser, at=make.NOON)

    assert enterable(person, scene.track) == [draft.innovation]


def test_nothing_of_the_old_unit_changes(scene: Scene, heir: Unit) -> None:
    sent = scene.submitted("Jempol Ijo")
    past = Past(scene.competition.name, "kota", 2026, "Top 2", sent.pk)
    services.keep_awards({sent.proposal.innovation_id: [past]})
    track, person = next_year(scene), author_of(heir)
    proof = reverse("proposals:receipt-verify", args=[sent.receipt])
    before = kept(), Client().get(proof).content.partition(b"<main")[2]

    end(scene.clinic, successor=heir)
    services.start_proposal(
        sent.proposal.innovation, track=track, unit=heir, by=person, at=make.NOON
    )

    after = kept(), Client().get(proof).content.partition(b"<main")[2]
    assert after[0][:3] == before[0][:3]
    assert after[0][3][: len(before[0][3])] == before[0][3]
    assert after[1] == before[1]
    acts = [entry.action for entry in trail_of(sent.proposal.innovation)]
    assert acts == ["innovation.carried_on"]


def kept() -> tuple[list[object], ...]:
    earlier = Proposal.objects.filter(competition__slug="kipp-2020")
    return (
        list[object](Submission.objects.order_by("pk").values()),
        list[object](earlier.order_by("pk").values()),
        list[object](RegisterEntry.objects.order_by("pk").values()),
        list[object](AuditEntry.objects.order_by("number").values()),
    )


def test_public_page_names_who_carries_it_on(scene: Scene, heir: Unit) -> None:
    innovation = make.innovation(scene.clinic, "BREXIT")
    services.keep_awards({innovation.pk: WON})
    url = reverse("proposals:register-entry", args=[innovation.pk])
    assert b"Continued by" not in Client().get(url).content

    end(scene.clinic, successor=heir)

    page = Client().get(url).content.decode()
    assert "Puskesmas Janti" in page
    assert "Continued by Puskesmas Arjuno" in page


def test_sheet_finds_what_the_successor_took_over(scene: Scene, heir: Unit) -> None:
    old, mine = make.innovation(scene.clinic, "BREXIT"), make.innovation(heir, "Jempol Ijo")
    make.innovation(scene.clinic, "Jempol Ijo")

    end(scene.clinic, successor=heir)

    known = {(heir.pk, title_key("BREXIT")): old.pk, (heir.pk, title_key("Jempol Ijo")): mine.pk}
    assert asked_of(next_year(scene), [heir]).known.items() >= known.items()
    assert register_now().known.items() >= known.items()


def test_lists_ask_as_often_with_many_that_ended(scene: Scene, heir: Unit) -> None:
    person, track = author_of(heir), next_year(scene)
    counts = []
    for number in (1, 29):
        for _each in range(number):
            gone = make.unit(parent=scene.agency, level="service")
            make.innovation(gone)
            end(gone, successor=heir)
        pages = [
            reverse("proposals:innovation-list"),
            reverse("proposals:proposal-start", args=[track.competition.slug]),
        ]
        visitor = signed_in(person)
        for page in pages:
            visitor.get(page)
            with CaptureQueriesContext(connection) as captured:
                assert visitor.get(page).status_code == 200
            counts.append(len(captured))

    assert counts[:2] == counts[2:]
    assert counts[0] <= 12
