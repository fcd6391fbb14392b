"""A name in a team that is a judge's name and not the judge: dismissed with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.audit import trail_of
from judging import services
from judging.models import Conflict, NamesakeDismissal, Panelist
from judging.queries.planning import submissions_in
from proposals.models import Submission
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, at, city, code_of, find_offenders
from tests.judging.test_conflicts import NIP, found_in, member, proposal_of, rename
from tests.kept import kept

pytestmark = pytest.mark.django_db
REASON = "NIP di surat tugas lain; orangnya bekerja di Dinas Kesehatan."
AGAIN = "Ternyata orang yang sama: NIP pada surat tugas keliru."


@kept
def namesake(**fields: Any) -> City:
    """Judge 0 has the name of a team member of agency 0."""
    made = city(judges=2, entries=2, **fields)
    rename(made.judges[0], full_name="Siti Aminah")
    member(proposal_of(made, 0), "SITI AMINAH, S.KM")
    return made


def pair(made: City) -> tuple[Panelist, Submission]:
    panelist = made.stage.panel.select_related("user").get(user=made.judges[0])
    return panelist, submissions_in(made.stage).get(proposal=proposal_of(made, 0))


def dismiss(made: City, **changes: Any) -> None:
    panelist, submission = pair(made)
    terms = {"reason": REASON, "by": made.organizer, "at": make.NOON, **changes}
    services.dismiss_namesake(made.stage, panelist=panelist, submission=submission, **terms)


def restore(made: City, **changes: Any) -> None:
    panelist, submission = pair(made)
    terms = {"reason": AGAIN, "by": made.chair, "at": make.NOON, **changes}
    services.restore_namesake(made.stage, panelist=panelist, submission=submission, **terms)


def opened_after_dismissal() -> City:
    made = namesake(min_readings=1)
    dismiss(made)
    services.open_stage(made.stage, by=made.chair, at=make.NOON, seed=7)
    made.stage.refresh_from_db()
    return made


def test_dismissed_name_keeps_nobody_apart_and_is_on_record() -> None:
    made = namesake()

    dismiss(made)

    assert found_in(made) == []
    last = trail_of(made.stage).last()
    assert last is not None
    assert (last.action, last.reason, last.actor) == ("conflict.dismissed", REASON, made.organizer)
    with pytest.raises(ValidationError) as again:
        dismiss(made)
    assert code_of(again) == "stale"


def test_open_stage_frees_the_pair_and_the_judge_still_declares() -> None:
    made = namesake(min_readings=1)
    services.open_stage(made.stage, by=made.chair, at=make.NOON, seed=7)
    made.stage.refresh_from_db()
    assert Conflict.objects.count() == 1

    dismiss(made)

    assert not Conflict.objects.exists()
    assert find_offenders() == []


def test_other_reasons_stay() -> None:
    made = namesake()
    make.membership(made.judges[0], made.agencies[0])

    dismiss(made)

    assert [(name, ground) for name, _unit, ground, _note in found_in(made)] == [
        ("Siti Aminah", "unit")
    ]


def test_number_is_nobody_elses() -> None:
    made = namesake()
    rename(made.judges[0], nip=NIP)
    proposal_of(made, 0).team.update(nip=NIP)

    with pytest.raises(ValidationError) as error:
        dismiss(made)

    assert code_of(error) == "stale"


def test_dismissal_is_undone_with_a_reason_and_stays_in_the_trail() -> None:
    made = namesake()
    before = found_in(made)
    dismiss(made)

    restore(made)

    assert found_in(made) == before
    last = trail_of(made.stage).last()
    assert last is not None
    assert (last.action, last.reason, last.actor) == ("conflict.restored", AGAIN, made.chair)
    assert (last.data["dismissed"], last.data["dismissed_by"]) == (REASON, made.organizer.pk)
    with pytest.raises(ValidationError) as again:
        restore(made)
    assert code_of(again) == "stale"
    dismiss(made)
    assert found_in(made) == []


def test_open_stage_rests_the_sheet_that_was_begun() -> None:
    made = opened_after_dismissal()
    judge = made.judges[0]
    services.declare_no_conflict(made.sheet(judge, 0), by=judge, at=make.NOON)

    restore(made)

    assert made.sheet(judge, 0).status == "recused"
    assert made.sheet(judge, 1).status == "pending"
    assert list(Conflict.objects.values_list("ground", flat=True)) == ["team"]
    assert find_offenders() == []


def test_submitted_scorecard_is_left_to_its_judge() -> None:
    made = opened_after_dismissal()
    made.score(made.judges[0], 0, "90", "80")

    with pytest.raises(ValidationError) as error:
        restore(made)

    assert code_of(error) == "submitted"
    assert NamesakeDismissal.objects.count() == 1
    assert made.sheet(made.judges[0], 0).status == "submitted"


@pytest.mark.parametrize(("changes", "code"), [({"reason": "  "}, "reason"), ({}, "second_person")])
def test_undoing_is_refused(changes: dict[str, Any], code: str) -> None:
    made = namesake()
    dismiss(made)

    with pytest.raises(ValidationError) as error:
        restore(made, by=made.judges[0], **changes)

    assert code_of(error) == code
    assert NamesakeDismissal.objects.count() == 1


@pytest.mark.parametrize(("changes", "code"), [({"reason": "  "}, "reason"), ({}, "second_person")])
def test_dismissal_is_refused(changes: dict[str, Any], code: str) -> None:
    made = namesake()

    with pytest.raises(ValidationError) as error:
        dismiss(made, by=made.judges[0], **changes)

    assert code_of(error) == code
    assert not NamesakeDismissal.objects.exists()


def test_committee_dismisses_on_the_page() -> None:
    made = namesake()
    panelist, submission = pair(made)
    client, url = (
        signed_in(made.organizer),
        at(made, "namesake-dismiss", panelist.pk, submission.receipt),
    )

    listed = client.get(at(made, "conflict-list")).content.decode()
    answers = [
        client.get(url).status_code,
        client.post(url, {"reason": ""}).status_code,
        client.post(url, {"reason": "<b>Lain</b>"}).status_code,
        client.post(url, {"reason": "Lagi"}).status_code,
        client.get(url).status_code,
        signed_in(made.judges[1]).get(url).status_code,
    ]
    after = client.get(at(made, "conflict-list")).content.decode()
    undo = at(made, "namesake-restore", panelist.pk, submission.receipt)
    undone = [
        client.get(undo).status_code,
        client.post(undo, {"reason": ""}).status_code,
        client.post(undo, {"reason": AGAIN}).status_code,
        client.post(undo, {"reason": AGAIN}).status_code,
        client.get(undo).status_code,
    ]

    assert f'"{url}"' in listed
    assert answers == [200, 422, 302, 409, 404, 404]
    assert f'"{url}"' not in after
    assert "&lt;b&gt;Lain&lt;/b&gt;" in after
    assert undo in after
    assert undone == [200, 422, 302, 409, 404]
    assert f'"{url}"' in client.get(at(made, "conflict-list")).content.decode()
