"""The plenary on the screens: the chair's, the second person's, a judge's, the public's."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from judging import services
from judging.models import Addendum, Conflict, Ranking
from tests import make
from tests.clients import signed_in
from tests.judging.field import at, code_of, propose
from tests.judging.plenaries import (
    REASON,
    bar,
    confirmed,
    position_of,
    receipts,
    sitting,
    wish,
)


@pytest.mark.django_db
def test_member_in_conflict_is_asked_to_leave_and_reads_nothing_of_it() -> None:
    made, plenary = sitting()
    bar(made, 0, 1)
    position = position_of(made, plenary, 1)
    url = reverse("judging:plenary-seat", args=[made.stage.pk])
    barred, free = signed_in(made.judges[0]), signed_in(made.judges[1])
    chair = signed_in(made.chair)

    before = barred.get(url).content.decode()
    called = chair.post(at(made, "plenary-call", position))
    own, other = barred.get(url).content.decode(), free.get(url).content.decode()
    screen = chair.get(at(made, "plenary")).content.decode()

    assert called.status_code == 302
    title = f"Inovasi {made.agencies[1].name}"
    assert before.count("Please leave the room") == 1
    assert own.count("Please leave the room") == 2
    assert title not in own
    assert title in other
    assert "Please leave the room" not in other
    assert "Juri 0: conflict of interest" in screen
    assert "Dinas rahasia" not in own + other + screen
    item = plenary.items.get(position=position)
    assert (item.away, item.called_at is not None) == (["Juri 0"], True)


@pytest.mark.django_db
def test_chair_in_conflict_moves_nothing_and_second_in_conflict_confirms_nothing() -> None:
    made, plenary = sitting()
    made.stage.panel.filter(user=made.judges[0]).update(user=made.chair)
    made.stage.panel.filter(user=made.judges[1]).update(user=made.organizer)
    for seat in made.stage.panel.filter(user__in=[made.organizer]):
        entry = made.stage.entries.get(proposal__unit=made.agencies[2])
        Conflict.objects.create(panelist=seat, entry=entry, ground="team", noted_at=make.NOON)
    own = made.stage.entries.get(proposal__unit=made.agencies[1])
    seat = made.stage.panel.get(user=made.chair)
    Conflict.objects.create(panelist=seat, entry=own, ground="team", noted_at=make.NOON)

    with pytest.raises(ValidationError) as chair:
        wish(made, plenary, 1, 1)
    wish(made, plenary, 2, 1)
    with pytest.raises(ValidationError) as second:
        confirmed(made, plenary)

    assert (code_of(chair), code_of(second)) == ("conflict", "conflict")


@pytest.mark.django_db
def test_end_writes_what_was_discussed_into_an_addendum() -> None:
    made, plenary = sitting()
    bar(made, 0, 1)
    for position in (1, 2):
        services.call_item(plenary, position=position, by=made.chair, at=make.NOON)

    services.end_plenary(plenary, by=made.organizer, at=make.NOON)

    text = Addendum.objects.get().text
    assert text.splitlines()[0].count("2") == 1
    assert text.count("Juri 0") == 1
    assert (
        signed_in(made.judges[0])
        .get(reverse("judging:plenary-seat", args=[made.stage.pk]))
        .status_code
        == 404
    )
    with pytest.raises(ValidationError):
        services.call_item(plenary, position=3, by=made.chair, at=make.NOON)


@pytest.mark.django_db
def test_chair_proposes_and_organizer_confirms_on_their_pages() -> None:
    made, plenary = sitting()
    chair, second = signed_in(made.chair), signed_in(made.organizer)
    position = position_of(made, plenary, 2)
    move, confirm = at(made, "plenary-move", position), at(made, "plenary-confirm")
    good = {"version": "1", "place": "1", "reason": "Lebih <b>kuat</b>"}

    answers = [
        chair.post(move, typed).status_code
        for typed in (
            {}, {**good, "reason": ""}, {**good, "place": "abc"}, {**good, "place": "-1"},
            {**good, "place": "99999999999"}, {**good, "version": "9"}, {**good, "place": "4"},
            good,
        )
    ]  # fmt: skip
    kept = chair.post(move, {**good, "place": "1e9"}).content.decode()
    page = second.get(at(made, "plenary")).content.decode()
    seen = {"version": "1", "numbers": "1"}
    confirms = [
        client.post(confirm, typed).status_code
        for client, typed in (
            (chair, seen), (second, {**seen, "numbers": "1;drop"}),
            (second, {**seen, "numbers": "2"}), (second, seen), (second, seen),
        )
    ]  # fmt: skip

    assert answers == [422, 422, 422, 422, 422, 409, 422, 302]
    assert "Lebih &lt;b&gt;kuat&lt;/b&gt;" in kept
    assert "Lebih &lt;b&gt;kuat&lt;/b&gt;" in page
    assert 'name="numbers" value="1"' in page
    assert confirms == [409, 422, 409, 302, 409]
    assert Ranking.objects.count() == 2
    assert second.get(move).status_code == 403
    assert second.post(move, good).status_code == 403
    assert signed_in(made.judges[0]).get(at(made, "plenary")).status_code == 404
    results = chair.get(at(made, "results")).content.decode()
    assert "by the law 3" in results
    table = chair.get(at(made, "results-csv")).content.decode("utf-8-sig").splitlines()
    assert [row.split(";")[-1] for row in table] == ["Place by the law", "3", "1", "2"]
    assert "Lebih &lt;b&gt;kuat&lt;/b&gt;" in results


@pytest.mark.django_db
def test_published_results_tell_what_was_moved_and_name_winners_only() -> None:
    made, plenary = sitting()
    wish(made, plenary, 2, 1)
    wish(made, plenary, 0, 3, reason="Data klaim tidak terbukti.")
    ranking = confirmed(made, plenary, numbers=[1, 2])
    services.end_plenary(plenary, by=made.chair, at=make.NOON)
    publication = propose(made)
    services.release_publication(publication, by=made.chair, at=make.NOON)
    slug = made.competition.slug
    anon = Client()

    page = anon.get(reverse("judging:public-results", args=[slug])).content.decode()
    data = anon.get(reverse("judging:public-results-json", args=[slug])).json()

    loser = receipts(ranking)[2]
    assert data["reorderings"] == [
        {
            "name": "Inovasi Dinas 02",
            "law_place": 3,
            "place": 1,
            "reason": REASON,
        },
        {"name": loser, "law_place": 1, "place": 3, "reason": "Data klaim tidak terbukti."},
    ]
    assert "Data klaim tidak terbukti." in page
    assert loser in page
    assert "Inovasi Dinas 00" not in page
    assert str(made.organizer) not in page
