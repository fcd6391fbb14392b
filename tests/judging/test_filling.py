"""A reading that fell free goes to another judge; what judges have stays theirs."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core.exceptions import ValidationError

from accounts.audit import trail_of
from accounts.models import Message, User
from judging import services
from judging.models import Assignment, Conflict, Panelist
from judging.queries.filling import Filling, plan_filling
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, at, find_offenders, opened
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def balanced(**fields: object) -> City:
    """Four judges, six entries, two readings each."""
    return opened(**{"judges": 4, "entries": 6, "readings": 2, **fields})


def sheets() -> list[tuple[int, int, int, str]]:
    rows = Assignment.objects.order_by("pk")
    return list(rows.values_list("pk", "panelist_id", "position", "status"))


def recuse_first(made: City, judge: User) -> Assignment:
    sheet = Assignment.objects.filter(panelist__user=judge).select_related(
        "entry__stage", "panelist"
    )[0]
    services.declare_conflict(sheet, reason="Saudara", by=judge, at=make.NOON)
    return sheet


def fill(made: City) -> Filling:
    filling = plan_filling(made.stage, at=make.NOON)
    return services.fill_readings(
        made.stage, fingerprint=filling.fingerprint, by=made.organizer, at=make.NOON
    )


def readings() -> dict[int, int]:
    counting = Assignment.objects.exclude(status="recused")
    return dict(Counter(counting.values_list("entry_id", flat=True)))


def test_freed_reading_goes_to_another_judge_and_nothing_else_moves() -> None:
    made = balanced()
    made.score(made.judges[1], _number_of(made, made.judges[1]), "80", "70")
    freed = recuse_first(made, made.judges[0])
    before = sheets()

    filling = fill(made)

    (added,) = filling.readings
    assert (added.entry, filling.gaps) == (freed.entry, [])
    assert added.panelist != freed.panelist
    assert sheets()[: len(before)] == before
    new = Assignment.objects.get(entry=freed.entry, panelist=added.panelist)
    earlier = [position for _pk, judge, position, _s in before if judge == added.panelist.pk]
    assert (new.status, new.position) == ("pending", max(earlier) + 1)
    assert set(readings().values()) == {2}
    assert find_offenders() == []


def _number_of(made: City, judge: User) -> int:
    entry = Assignment.objects.filter(panelist__user=judge)[0].entry
    return made.agencies.index(entry.proposal.unit)


def test_judge_is_told_and_the_step_is_on_record() -> None:
    made = balanced()
    recuse_first(made, made.judges[0])

    (added,) = fill(made).readings

    (mail,) = Message.objects.filter(kind="judging_readings_added")
    assert mail.to_email == added.panelist.user.email
    last = trail_of(made.stage).last()
    assert last is not None
    assert last.action == "stage.readings_filled"
    assert last.data["pairs"] == [[added.panelist.pk, added.entry.pk]]


def test_entry_that_nobody_may_read_stays_a_gap_with_its_reason() -> None:
    made = balanced(judges=2)
    recuse_first(made, made.judges[0])

    filling = plan_filling(made.stage, at=make.NOON)

    assert filling.readings == []
    assert [(gap.missing, gap.reason) for gap in filling.gaps] == [(1, "conflicts")]
    with pytest.raises(ValidationError) as error:
        fill(made)
    assert error.value.error_list[0].code == "nothing_missing"


def test_capacity_is_kept() -> None:
    made = balanced(judges=3)
    freed = recuse_first(made, made.judges[0])
    for panelist in Panelist.objects.all():
        panelist.capacity = panelist.assignments.count()
        panelist.save(update_fields=["capacity"])

    filling = plan_filling(made.stage, at=make.NOON)

    assert [(gap.entry, gap.reason) for gap in filling.gaps] == [(freed.entry, "capacity")]


def test_new_reading_avoids_conflicts_that_arose_since_the_opening() -> None:
    made = balanced(judges=3)
    freed = recuse_first(made, made.judges[0])
    free = [
        judge
        for judge in made.judges
        if not Assignment.objects.filter(panelist__user=judge, entry=freed.entry).exists()
    ]
    for judge in free:
        make.membership(judge, freed.entry.proposal.unit)

    filling = plan_filling(made.stage, at=make.NOON)

    assert len(free) == 1
    assert filling.readings == []
    assert [gap.entry for gap in filling.gaps] == [freed.entry]
    assert Conflict.objects.count() == 1


def test_nothing_is_missing_where_everybody_reads_everything() -> None:
    made = opened(judges=3, entries=3)
    recuse_first(made, made.judges[0])

    filling = plan_filling(made.stage, at=make.NOON)

    assert (filling.readings, filling.gaps) == ([], [])


def test_page_shows_the_effect_first_and_does_what_it_showed() -> None:
    made = balanced()
    client = signed_in(made.organizer)
    url = at(made, "readings-fill")
    quiet = client.get(at(made, "stage")).content.decode()
    freed = recuse_first(made, made.judges[0])
    offered = client.get(at(made, "stage")).content.decode()
    before = sheets()

    page = client.get(url)
    shown = page.context["filling"]
    untouched = sheets()
    fingerprint = page.context["form"]["fingerprint"].value()
    odd = client.post(url, {"fingerprint": ""})
    stale = client.post(url, {"fingerprint": "0" * 32})
    done = client.post(url, {"fingerprint": fingerprint})
    again = client.post(url, {"fingerprint": fingerprint})

    assert (url in quiet, url in offered) == (False, True)
    assert untouched == before
    assert [reading.entry for reading in shown.readings] == [freed.entry]
    assert str(shown.readings[0].panelist) in page.content.decode()
    assert [reply.status_code for reply in (odd, stale, again)] == [422, 409, 409]
    assert done.headers["Location"] == at(made, "stage")
    assert len(sheets()) == len(before) + 1
    assert "No reading is missing" in client.get(url).content.decode()


def test_readings_are_filled_by_the_runners_while_the_stage_is_open() -> None:
    made = balanced(judges=3, entries=2)
    auditor = make.user()
    make.seat(auditor, made.competition, "auditor")
    recuse_first(made, made.judges[0])
    fingerprint = plan_filling(made.stage, at=make.NOON).fingerprint
    url = at(made, "readings-fill")

    assert signed_in(auditor).post(url, {"fingerprint": fingerprint}).status_code == 403
    assert signed_in(made.judges[1]).get(url).status_code == 404
    services.close_stage(made.stage, missing_accepted=4, by=made.chair, at=make.NOON)
    assert signed_in(made.organizer).get(url).status_code == 403
    with pytest.raises(ValidationError) as error:
        fill(made)
    assert error.value.error_list[0].code == "not_now"
