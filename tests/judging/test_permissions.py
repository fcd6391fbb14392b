from __future__ import annotations

import pytest

from accounts.models import User
from competitions.models import CommitteeSeat
from competitions.roles import Actor, load_actor
from judging.models import Assignment, Publication, Ranking, Stage
from judging.permissions import (
    PublicationAction,
    SheetAction,
    StageAction,
    allowed_actions,
    allowed_publication_actions,
    may,
    may_judge,
    may_publish,
)
from tests import make

pytestmark = pytest.mark.django_db

STAGE_TABLE = """
            organizer   chair   auditor   outsider
setup       assign open schedule set_up view   assign open schedule set_up view   view   -
open        assign call close fill forecast relieve remind schedule view   assign call change_law close fill forecast relieve remind schedule view   forecast view   -
closed      confirm_order convene minute propose see_results view   confirm_order convene minute propose reopen reorder second_look see_results view vote   see_results view   -
published   minute see_results view   minute see_results view   see_results view   -
"""  # noqa: E501

PUBLICATION_TABLE = """
            proposer                chair                            auditor        outsider
proposed    view                    release view withdraw            view           -
embargoed   certify view            certify feedback view withdraw            certify view   -
released    certify nominate view   certify feedback nominate view withdraw   certify view   -
withdrawn   view                    view                             view           -
"""

SHEET_TABLE = """
                      judge                    other
pending undeclared    declare                  -
pending declared      declare mark read score  -
submitted declared    mark read revise         -
recused declared      -                        -
"""


def read(table: str, *, columns: int) -> list[tuple[str, list[str]]]:
    rows = [line for line in table.splitlines() if line.strip()][1:]
    split = [[cell.strip() for cell in row.replace("   ", "\t").split("\t")] for row in rows]
    cells = [[cell for cell in row if cell] for row in split]
    assert all(len(row) == columns + 1 for row in cells), cells
    return [(row[0], row[1:]) for row in cells]


def words(actions: object) -> str:
    return " ".join(sorted(str(action) for action in actions)) or "-"  # type: ignore[attr-defined]


def committee() -> tuple[Stage, dict[str, Actor]]:
    competition = make.competition()
    people = {}
    for role in CommitteeSeat.Role:
        person = make.user()
        make.seat(person, competition, role)
        people[role.value] = load_actor(person)
    elsewhere = make.user()
    make.seat(elsewhere, make.competition(), CommitteeSeat.Role.CHAIR)
    people["outsider"] = load_actor(elsewhere)
    return make.stage(competition), people


def test_stage_actions_follow_the_table() -> None:
    stage, people = committee()
    actors = [people[name] for name in ("organizer", "chair", "auditor", "outsider")]

    for status, expected in read(STAGE_TABLE.replace("  ", "   "), columns=4):
        stage.status = status
        assert [words(allowed_actions(actor, stage)) for actor in actors] == expected, status


def test_publication_actions_follow_the_table() -> None:
    stage, people = committee()
    proposer = people["organizer"].user
    assert proposer is not None
    ranking = Ranking(stage=stage)
    publication = Publication(competition=stage.competition, ranking=ranking, proposed_by=proposer)
    actors = [people[name] for name in ("organizer", "chair", "auditor", "outsider")]

    for status, expected in read(PUBLICATION_TABLE.replace("  ", "   "), columns=4):
        publication.status = "released" if status == "embargoed" else status
        publication.unveiled_at = make.NOON if status == "released" else None
        found = [words(allowed_publication_actions(actor, publication)) for actor in actors]
        assert found == expected, status


def test_chair_who_proposed_may_withdraw_but_not_release() -> None:
    stage, people = committee()
    chair = people["chair"]
    publication = Publication(competition=stage.competition, proposed_by=chair.user)

    assert not may_publish(chair, PublicationAction.RELEASE, publication)
    assert may_publish(chair, PublicationAction.WITHDRAW, publication)


def sheet_of(judge: User, stage: Stage) -> Assignment:
    unit = make.unit()
    sent = make.submission(unit, make.track(stage.competition))
    return make.assignment(make.entry(stage, sent), make.panelist(stage, judge))


def test_sheet_actions_follow_the_table() -> None:
    judge = make.user()
    stage = make.stage(make.competition(), status="open")
    sheet = sheet_of(judge, stage)
    actors = [load_actor(judge), load_actor(make.user())]

    for state, expected in read(SHEET_TABLE.replace("  ", "   "), columns=2):
        sheet.status, declared = state.split()
        sheet.declared_at = make.NOON if declared == "declared" else None
        found = [
            words(each for each in SheetAction if may_judge(actor, each, sheet)) for actor in actors
        ]
        assert found == expected, state


def test_closed_stage_lets_a_judge_read_and_nothing_else() -> None:
    judge = make.user()
    stage = make.stage(make.competition(), status="closed")
    sheet = sheet_of(judge, stage)
    sheet.declared_at = make.NOON

    found = [each for each in SheetAction if may_judge(load_actor(judge), each, sheet)]

    assert found == [SheetAction.READ]


def test_stage_on_paper_is_read_and_declared_for_but_scored_by_nobody() -> None:
    judge = make.user()
    stage = make.stage(make.competition(), status="open", scored_on="paper")
    sheet = sheet_of(judge, stage)
    sheet.declared_at = make.NOON

    found = [each for each in SheetAction if may_judge(load_actor(judge), each, sheet)]

    assert found == [SheetAction.DECLARE, SheetAction.READ, SheetAction.MARK]


def test_nobody_may_nothing() -> None:
    stage = make.stage(make.competition())
    sheet = sheet_of(make.user(), stage)

    assert not any(may(Actor(), action, stage) for action in StageAction)
    assert not any(may_judge(Actor(), action, sheet) for action in SheetAction)
