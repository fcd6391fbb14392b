"""The plenary: convened, discussed, and what the chair moves once a second confirms."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.audit import trail_of
from judging import services
from judging.checker import periksa_peringkat as checker
from judging.minutes_exports import minutes_file
from judging.models import Plenary, Publication, Ranking, Reordering
from judging.queries.opening import plan_opening
from judging.queries.plenary import plenary_of
from tests import make
from tests.judging.bundles import bundle_of, changed, check, unpack, with_hashes
from tests.judging.field import closed, code_of, find_offenders, propose, tied
from tests.judging.plenaries import REASON, confirmed, receipts, sitting, wish
from tests.judging.test_close_under_load import in_thread
from tests.judging.test_minutes import ACTS, blocks_of, under

Act = Callable[[], object]


@pytest.mark.django_db
def test_confirmed_order_is_a_new_version_and_the_old_one_stays(tmp_path: Path) -> None:
    made, plenary = sitting()
    first = plenary.ranking
    before = receipts(first)
    wish(made, plenary, 2, 1)
    assert Ranking.objects.count() == 1

    second = confirmed(made, plenary)

    assert receipts(second) == [before[2], before[0], before[1]]
    assert receipts(first) == before
    assert list(second.standings.values_list("place", "law_place", "advances", "decision")) == [
        (1, 3, True, "plenary"), (2, 1, True, "plenary"), (3, 2, False, "plenary"),
    ]  # fmt: skip
    assert (second.version, second.inputs_hash) == (2, first.inputs_hash)
    assert second.reorderings == [
        {
            "key": before[2],
            "place": 1,
            "reason": REASON,
            "proposed_by": str(made.chair),
            "confirmed_by": str(made.organizer),
            "at": make.NOON.isoformat(),
        }
    ]
    assert find_offenders() == []
    last = trail_of(made.stage).last()
    assert last is not None
    assert (last.action, last.actor, last.reason) == (
        "stage.reordered",
        made.organizer,
        REASON,
    )
    assert checker.check_bundle(unpack(bundle_of(first))) == []
    assert check(tmp_path, bundle_of(second)) == (0, [])
    (facts,) = under(blocks_of(second), "Proof")
    digest = sha256(unpack(bundle_of(second))["reorderings.json"]).hexdigest()
    assert ["Hash of the changes of the order", digest] in facts["rows"]
    assert digest in "\n".join(checker.describe_moves(unpack(bundle_of(second))))


@pytest.mark.django_db
def test_minutes_tell_the_moves_of_their_own_version_alone() -> None:
    made, plenary = sitting()
    wish(made, plenary, 2, 1)

    second = confirmed(made, plenary)

    _words, table = under(blocks_of(second), "Changes of the order by the plenary")
    assert table["rows"] == [
        ["1", "Inovasi Dinas 02", "3", "1", REASON, f"{made.chair}\n{made.organizer}"]
    ]
    listed = under(blocks_of(second), "The list")[0]["rows"]
    assert [row[0] for row in listed] == [
        "1 (by the law 3)", "2 (by the law 1)", "3 (by the law 2)",
    ]  # fmt: skip
    acts = under(blocks_of(second), ACTS)[0]["items"]
    assert [item.split("Reason: ")[1] for item in acts] == [REASON]
    assert "plenary" not in str(blocks_of(plenary.ranking))
    assert minutes_file(second, ending="docx").startswith(b"PK")


@pytest.mark.django_db
def test_bundle_shows_the_move_and_no_name_and_betrays_a_forgery() -> None:
    made, plenary = sitting()
    wish(made, plenary, 2, 1)
    files = unpack(bundle_of(confirmed(made, plenary)))

    (move,) = json.loads(files["reorderings.json"])
    assert sorted(move) == ["key", "place", "reason"]

    def silence(moves: Any) -> None:
        moves[0]["reason"] = ""

    def nowhere(moves: Any) -> None:
        moves[0]["place"] = 9

    def settle(lines: Any) -> None:
        lines[0]["law_place"] = 1

    forgeries = [
        changed(files, "reorderings.json", list.clear),
        changed(files, "reorderings.json", silence),
        changed(files, "reorderings.json", nowhere),
        changed(files, "standings.json", settle),
    ]
    assert checker.check_bundle(files) == []
    assert all(checker.check_bundle(with_hashes(forged)) for forged in forgeries)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": " "}, "reason"),
        ({"version": 2}, "stale"),
        ({"place": 4}, "no_place"),
        ({"place": 10**9}, "no_place"),
        ({"place": 3}, "same_place"),
    ],
)
def test_change_of_the_order_is_refused(changes: dict[str, Any], code: str) -> None:
    made, plenary = sitting()

    with pytest.raises(ValidationError) as error:
        wish(made, plenary, 2, changes.pop("place", 1), **changes)

    assert code_of(error) == code
    assert not Reordering.objects.exists()


@pytest.mark.django_db
def test_second_person_confirms_what_that_person_saw() -> None:
    made, plenary = sitting()
    wish(made, plenary, 2, 1)
    wish(made, plenary, 1, 1)

    errors = []
    for changes in ({"by": made.chair, "numbers": [1, 2]}, {}, {"numbers": [1, 2], "version": 7}):
        with pytest.raises(ValidationError) as error:
            confirmed(made, plenary, **changes)
        errors.append(code_of(error))

    assert errors == ["second_person", "stale", "stale"]
    second = confirmed(made, plenary, numbers=[1, 2])
    assert [row["place"] for row in second.reorderings] == [1, 1]
    assert [line.place for line in second.standings.all()] == [1, 2, 3]


@pytest.mark.django_db
def test_withdrawn_change_counts_for_nothing() -> None:
    made, plenary = sitting()
    first, second = wish(made, plenary, 2, 1), wish(made, plenary, 0, 1)

    with pytest.raises(ValidationError) as error:
        services.withdraw_reordering(first, by=made.chair, at=make.NOON)
    services.withdraw_reordering(second, by=made.chair, at=make.NOON)
    services.withdraw_reordering(first, by=made.chair, at=make.NOON)

    assert code_of(error) == "same_place"
    assert set(Reordering.objects.values_list("status", flat=True)) == {"withdrawn"}
    with pytest.raises(ValidationError):
        services.withdraw_reordering(first, by=made.chair, at=make.NOON)


@pytest.mark.django_db
def test_nothing_goes_on_with_the_result_while_the_plenary_sits() -> None:
    made, plenary = sitting()
    wish(made, plenary, 2, 1)
    terms: dict[str, Any] = {"by": made.chair, "at": make.NOON}

    refused = []
    sits: list[Act] = [
        lambda: propose(made),
        lambda: services.reopen_stage(made.stage, reason="Ulang", **terms),
        lambda: services.convene_plenary(made.stage, **terms),
        lambda: services.end_plenary(plenary, **terms),
    ]
    for act in sits:
        with pytest.raises(ValidationError) as error:
            act()
        refused.append(code_of(error))
    confirmed(made, plenary)
    services.end_plenary(plenary, **terms)
    publication = propose(made)
    proposed: list[Act] = [
        lambda: wish(made, plenary, 1, 1, version=2),
        lambda: services.convene_plenary(made.stage, **terms),
    ]
    for act in proposed:
        with pytest.raises(ValidationError) as error:
            act()
        refused.append(code_of(error))

    assert refused == ["in_session"] * 3 + ["waiting", "proposed", "proposed"]
    assert publication.ranking.version == 2


@pytest.mark.django_db
def test_next_stage_stays_shut_while_the_plenary_sits() -> None:
    made, plenary = sitting()
    following = make.stage(made.competition, key="paparan", order=2)

    def problems() -> set[str]:
        return {each.code for each in plan_opening(following, at=make.NOON, seed=1).problems}

    assert "in_session" in problems()
    services.end_plenary(plenary, by=made.chair, at=make.NOON)
    assert "in_session" not in problems()


@pytest.mark.django_db
def test_tied_panel_votes_before_the_plenary() -> None:
    made, _ranking = tied()

    with pytest.raises(ValidationError) as error:
        services.convene_plenary(made.stage, by=made.chair, at=make.NOON)

    assert code_of(error) == "tied"


@pytest.mark.django_db
def test_chances_are_computed_before_the_stage_is_held_and_a_new_version_refuses_them() -> None:
    made, _ranking = closed(advance_count=2)
    terms: dict[str, Any] = {"by": made.chair, "at": make.NOON}
    waited: list[str] = []

    def freeze_anew_first(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        """What another tab does while this one waits for the lock."""
        if "pg_advisory_xact_lock" in sql and not waited:
            waited.append(sql)
            services.reopen_stage(made.stage, reason="Ulang", **terms)
            services.close_stage(made.stage, **terms)
        return execute(sql, *args)

    with pytest.raises(ValidationError) as error, connection.execute_wrapper(freeze_anew_first):
        services.convene_plenary(made.stage, **terms)
    assert code_of(error) == "stale"
    assert waited
    assert not Plenary.objects.exists()


@pytest.mark.django_db
def test_reopened_stage_forgets_what_the_plenary_moved() -> None:
    made, plenary = sitting()
    wish(made, plenary, 2, 1)
    confirmed(made, plenary)
    services.end_plenary(plenary, by=made.chair, at=make.NOON)
    later = make.NOON.replace(hour=made.stage.round.ends_at.hour, minute=59)

    services.reopen_stage(made.stage, reason="Nilai salah ketik", by=made.chair, at=later)
    third = services.close_stage(made.stage, by=made.chair, at=later)

    assert (third.version, third.reorderings) == (3, [])
    assert [line.law_place for line in third.standings.all()] == [None] * 3
    made.stage.refresh_from_db()
    assert plenary_of(made.stage) is None


@pytest.mark.django_db(transaction=True)
def test_confirming_against_proposing_leaves_one_truth() -> None:
    """Ending and proposing against two confirmations: a publication rests on the newest version."""
    made, plenary = sitting()
    wish(made, plenary, 2, 1)

    def end_and_propose() -> str:
        try:
            services.end_plenary(plenary, by=made.organizer, at=make.NOON)
            return str(propose(made).ranking.version)
        except ValidationError as error:
            return str(error.error_list[0].code)

    def confirm() -> str:
        try:
            return str(confirmed(made, plenary).version)
        except ValidationError as error:
            return str(error.error_list[0].code)

    with ThreadPoolExecutor(3) as pool:
        acts = [pool.submit(in_thread, act) for act in (confirm, end_and_propose, confirm)]
        told = [each.result(30) for each in acts]

    assert sorted({told[0], told[2]} & {"2"}) == ["2"]
    assert len({told[0], told[2]}) == 2
    assert told[1] in {"2", "waiting"}
    assert Ranking.objects.count() == 2
    for publication in Publication.objects.all():
        assert publication.ranking.version == 2
    assert find_offenders() == []
