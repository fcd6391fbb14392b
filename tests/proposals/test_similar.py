"""Who learns of what: near-duplicates in the database and on the pages."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Unit, User
from competitions.models import Section
from competitions.roles import load_actor
from proposals import services
from proposals.likeness import Imprint, likeness
from proposals.models import Fingerprint, Innovation, Proposal
from proposals.queries.similar import similar_for_author, similar_for_committee
from proposals.services import Past
from tests import make
from tests.proposals.scene import Scene
from tests.proposals.test_likeness import imprint, load_labelled

WON = [Past("KIPP", "nasional", 2019, "Top 45")]


def enter_register(scene: Scene) -> None:
    for row in load_labelled()[0]:
        services.register_past_innovation(
            None,
            title=row["title"],
            expansion=row["expansion"],
            awards=WON,
            by=scene.organizer,
            at=make.NOON,
        )


def titles(proposal: Proposal, person: User) -> list[str]:
    return [each.title for each in similar_for_author(proposal, actor=load_actor(person))]


@pytest.fixture
def neighbour(scene: Scene) -> Unit:
    """A unit below another agency."""
    agency = make.unit("Dinas Lain", parent=scene.city)
    return make.unit("UPT Lain", parent=agency, level="service")


def test_database_finds_what_the_rules_of_likeness_find(scene: Scene) -> None:
    enter_register(scene)
    register = {row["title"]: imprint(row) for row in load_labelled()[0]}
    proposal = make.proposal(scene.clinic, scene.track)

    missed = {}
    for entry in load_labelled()[1]:
        proposal.title = proposal.innovation.title = entry["title"]
        mine = Imprint((entry["title"],))
        expected = {title for title, known in register.items() if likeness(mine, known)}
        if lost := expected ^ set(titles(proposal, scene.author)):
            missed[entry["title"]] = lost

    # One letter off in a name of six: too far for the trigrams, and another innovation anyway.
    assert missed == {"SIMPEL": {"SIAPEL"}}


def test_author_never_learns_of_drafts_or_undecided_proposals_of_others(
    scene: Scene, neighbour: Unit
) -> None:
    mine = scene.draft("Kopi Tubruk")
    theirs = make.proposal(neighbour, scene.track, "KOPI TUBRUK")
    client = Client()
    client.force_login(scene.author)

    def page() -> str:
        return client.get(reverse("proposals:similar", args=[mine.pk])).content.decode()

    before = page()
    with CaptureQueriesContext(connection) as counted:
        page()
    Proposal.objects.filter(pk=theirs.pk).delete()
    theirs.innovation.delete()
    with CaptureQueriesContext(connection) as alone:
        after = page()

    assert titles(mine, scene.author) == []
    assert len(counted) == len(alone)
    assert before.count("KOPI TUBRUK") == after.count("KOPI TUBRUK") == 0
    assert not Fingerprint.objects.exists()


def test_author_does_not_learn_of_what_others_submitted_but_the_committee_does(
    scene: Scene,
) -> None:
    submitted = scene.submitted("Kopi Tubruk").proposal
    agency = make.unit("Dinas Lain", parent=scene.city)
    stranger = make.user("Stranger")
    make.membership(stranger, agency)
    theirs = make.proposal(agency, scene.track, "Kopi Tubrukk")

    assert titles(theirs, stranger) == []
    assert [each.title for each in similar_for_committee(theirs)] == ["Kopi Tubruk"]
    assert [each.proposal for each in similar_for_committee(theirs)] == [submitted]


def test_author_learns_of_winners_and_of_the_own_units(scene: Scene) -> None:
    services.register_past_innovation(
        None, title="Kopi Tubruk", awards=WON, by=scene.organizer, at=make.NOON
    )
    services.register_past_innovation(
        None, title="Kopi Tubruk Lama", by=scene.organizer, at=make.NOON
    )
    make.innovation(scene.clinic, "Kopi-Tubruk")
    mine = make.proposal(scene.clinic, scene.track, "Kopi Tubrukk")

    assert sorted(titles(mine, scene.author)) == ["Kopi Tubruk", "Kopi-Tubruk"]


def test_own_innovation_is_not_its_own_duplicate(scene: Scene) -> None:
    submission = scene.submitted("Kopi Tubruk")
    services.keep_awards({submission.proposal.innovation_id: WON})

    assert similar_for_committee(submission.proposal) == []
    assert titles(submission.proposal, scene.author) == []


def test_withdrawn_award_leaves_the_register(scene: Scene) -> None:
    innovation = make.innovation(scene.clinic, "Kopi Tubruk")
    won = [WON[0]._replace(submission_id=scene.submitted().pk)]
    Fingerprint.objects.all().delete()
    services.keep_awards({innovation.pk: won})
    services.keep_awards({innovation.pk: won})
    assert Fingerprint.objects.filter(innovation=innovation).count() == 1

    services.drop_awards([innovation.pk], contest="KIPP", year=2019)

    assert not Fingerprint.objects.exists()


def test_earlier_edition_of_the_same_host_counts_and_another_host_does_not(scene: Scene) -> None:
    scene.submitted("Kopi Tubruk")
    later = make.competition(host=scene.city)
    elsewhere = make.competition(host=scene.agency)
    found = [
        similar_for_committee(make.proposal(scene.clinic, make.track(each), f"Kopi Tubruk {year}"))
        for each, year in ((later, 2026), (elsewhere, 2027))
    ]

    assert [[each.title for each in near] for near in found] == [["Kopi Tubruk"], []]


def test_same_text_under_another_name_is_found(scene: Scene) -> None:
    words = [f"kata{number % 90} {number}" for number in range(120)]
    first = scene.draft("Jambu")
    other = scene.draft("Nanas")
    for proposal in (first, other):
        proposal.answers.update(text=" ".join(words), word_count=9)
    services.send_for_endorsement(first, by=scene.author, at=make.NOON)
    services.submit_proposal(first, token=uuid4(), by=scene.endorser, at=make.NOON)

    [near] = similar_for_committee(other)

    assert (near.title, near.is_by_text, near.likeness.score) == ("Jambu", True, 1.0)


LONG = " ".join(f"kata{number % 90} {number}" for number in range(120))


def written(proposal: Proposal) -> Proposal:
    proposal.answers.update(text=LONG, word_count=9)
    return proposal


def test_author_sees_the_same_text_in_another_draft_of_the_own_units_side_by_side(
    scene: Scene,
) -> None:
    written(scene.draft("Jambu"))
    mine = written(scene.draft("Nanas"))
    client = Client()
    client.force_login(scene.author)

    page = client.get(reverse("proposals:similar", args=[mine.pk]))

    [pair] = page.context["pairs"]
    assert (pair["similar"].title, pair["similar"].is_by_text) == ("Jambu", True)
    assert [row.label for row in pair["rows"]] == ["Title", "Ringkasan", "Dampak"]
    assert "".join(piece.text for piece in pair["rows"][1].theirs) == LONG
    check = client.get(reverse("proposals:proposal-check", args=[mine.pk])).content.decode()
    assert "A similar text: about 100% in common" in check


def test_author_sees_the_text_of_a_winner_only_from_its_release(
    scene: Scene, neighbour: Unit
) -> None:
    """Until then nobody tells; from then on the share, and of the texts what the register shows."""
    stranger = make.user("Stranger")
    make.membership(stranger, neighbour)
    mine = make.proposal(neighbour, scene.track, "Nanas")
    for section in (scene.summary, scene.impact):
        make.answer(mine, section, LONG)
    theirs = written(scene.draft("Jambu"))
    Section.objects.update(word_limit=999)
    services.send_for_endorsement(theirs, by=scene.author, at=make.NOON)
    sent = services.submit_proposal(theirs, token=uuid4(), by=scene.endorser, at=make.NOON)
    client = Client()
    client.force_login(stranger)
    before = titles(mine, stranger)

    services.keep_awards({theirs.innovation_id: [WON[0]._replace(submission_id=sent.pk)]})

    assert (before, titles(mine, stranger)) == ([], ["Jambu"])
    [pair] = client.get(reverse("proposals:similar", args=[mine.pk])).context["pairs"]
    assert pair["similar"].is_by_text
    assert [row.label for row in pair["rows"]] == ["Title", "Ringkasan"]


def test_side_by_side_marks_what_differs(scene: Scene) -> None:
    first, second = scene.submitted("Kopi Tubruk"), scene.submitted("Kopi Tubruk Dua")
    client = Client()
    client.force_login(scene.organizer)
    pair = ["kipp-2020", second.proposal_id, first.proposal_id]

    desk = client.get(reverse("proposals:screening-page", args=pair[:2])).content.decode()
    page = client.get(reverse("proposals:submission-compare", args=pair))

    assert reverse("proposals:submission-compare", args=pair) in desk
    title = page.context["rows"][0]
    assert "".join(piece.text for piece in title.mine) == "Kopi Tubruk Dua"
    assert "<mark> Dua</mark>" in page.content.decode()
    client.force_login(scene.author)
    assert client.get(reverse("proposals:submission-compare", args=pair)).status_code == 404


def test_number_of_queries_does_not_depend_on_what_is_there(scene: Scene) -> None:
    mine = scene.draft("Kopi Tubruk")
    actor = load_actor(scene.author)

    def count() -> int:
        with CaptureQueriesContext(connection) as counted:
            similar_for_author(mine, actor=actor)
        return len(counted)

    empty = count()
    enter_register(scene)

    # Nothing near: nothing to fetch.
    assert (empty, count()) == (5, 6)
    assert Innovation.objects.count() > 70
