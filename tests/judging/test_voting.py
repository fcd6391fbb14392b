"""Who stays tied at a line is parted by the panel, where the law says so."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils.html import escape

from accounts.audit import trail_of
from judging import services
from judging.models import Publication, Ranking
from judging.queries.voting import open_ties
from judging.ranking import AtLine, Entry, Law, Tier, rank_entries, tied_at_cuts, with_votes
from judging.services.publishing import VOTE_FIRST
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, at, find_offenders, tied
from tests.judging.laws import make_entry, make_law

pytestmark = pytest.mark.django_db


def receipts(made: City, *numbers: int) -> list[str]:
    return [made.sheet(made.judges[0], number).entry.submission.receipt for number in numbers]


def places(ranking: Ranking) -> list[tuple[str, int | None, str, bool]]:
    rows = ranking.standings.values_list("entry__submission__receipt", "place", "tie", "advances")
    return list(rows)


def vote(made: City, orders: Sequence[Sequence[str]], **changes: object) -> Ranking:
    terms = {"reason": "Rapat pleno 2 Maret", "version": 1, "by": made.chair, "at": make.NOON}
    return services.record_panel_vote(made.stage, orders=orders, **{**terms, **changes})  # type: ignore[arg-type]


def test_vote_freezes_a_new_version_and_leaves_the_old_one() -> None:
    made, first = tied()
    before = places(first)

    second = vote(made, [receipts(made, 3, 0, 2)])

    assert [place for _key, place, _tie, _in in before] == [1, 2, 2, 2]
    assert [advances for *_rest, advances in before] == [True] * 4
    lead, *parted = receipts(made, 1, 3, 0, 2)
    assert places(second) == [
        (lead, 1, "", True),
        (parted[0], 2, "panel", True),
        (parted[1], 3, "panel", False),
        (parted[2], 4, "panel", False),
    ]
    assert (first.version, second.version) == (1, 2)
    assert second.inputs_hash != first.inputs_hash
    votes = {each["key"]: each["panel_vote"] for each in json.loads(second.inputs)["entries"]}
    assert votes == {lead: None, parted[0]: "3", parted[1]: "2", parted[2]: "1"}
    first.refresh_from_db()
    assert places(first) == before
    assert open_ties(second) == []
    assert find_offenders() == []


def test_vote_is_on_record_with_its_reason() -> None:
    made, _ranking = tied()

    second = vote(made, [receipts(made, 3, 0, 2)])

    last = trail_of(made.stage).last()
    assert last is not None
    assert (last.action, last.reason, last.actor) == (
        "stage.panel_voted",
        "Rapat pleno 2 Maret",
        made.chair,
    )
    assert last.data["inputs_hash"] == second.inputs_hash
    assert last.data["orders"] == [receipts(made, 3, 0, 2)]


@pytest.mark.parametrize(
    ("orders", "changes", "code"),
    [
        ([[3, 0, 2]], {"reason": "  "}, "reason"),
        ([[3, 0, 2]], {"version": 2}, "stale"),
        ([[3, 0]], {}, "not_tied"),
        ([[3, 0, 2, 1]], {}, "not_tied"),
        ([[3, 0, 0]], {}, "not_tied"),
        ([], {}, "not_tied"),
    ],
)
def test_vote_is_refused_whole(
    orders: list[list[int]], changes: dict[str, object], code: str
) -> None:
    made, _ranking = tied()

    with pytest.raises(ValidationError) as error:
        vote(made, [receipts(made, *order) for order in orders], **changes)

    assert error.value.error_list[0].code == code
    assert Ranking.objects.count() == 1


def propose(made: City) -> Publication:
    return services.propose_publication(
        made.stage, decree_number="1", decree_on=date(2026, 3, 2), by=made.chair, at=make.NOON
    )


def test_vote_belongs_between_the_close_and_the_proposal() -> None:
    made, _ranking = tied()
    orders = [receipts(made, 3, 0, 2)]

    with pytest.raises(ValidationError) as too_early:
        propose(made)
    vote(made, orders)
    publication = propose(made)
    with pytest.raises(ValidationError) as proposed:
        vote(made, orders, version=2)
    services.withdraw_publication(publication, reason="Pleno", by=made.chair, at=make.NOON)
    services.reopen_stage(made.stage, reason="Keberatan", by=made.chair, at=make.NOON)
    with pytest.raises(ValidationError) as reopened:
        vote(made, orders, version=2)

    codes = [each.value.error_list[0].code for each in (too_early, proposed, reopened)]
    assert codes == ["tied", "proposed", "not_now"]


def test_page_of_the_proposal_says_that_the_panel_votes_first() -> None:
    made, _ranking = tied()
    chair = signed_in(made.chair)
    typed = {"decree_number": "1", "decree_on": "2026-03-02"}

    page = chair.get(at(made, "publication-propose"))
    sent = chair.post(at(made, "publication-propose"), typed)

    assert escape(str(VOTE_FIRST)) in page.content.decode()
    assert (sent.status_code, Publication.objects.count()) == (422, 0)
    vote(made, [receipts(made, 3, 0, 2)])
    page = chair.get(at(made, "publication-propose"))
    assert escape(str(VOTE_FIRST)) not in page.content.decode()
    assert chair.post(at(made, "publication-propose"), typed).status_code == 302


@pytest.mark.parametrize("chain", [[], ["median"], ["panel", "median"]])
def test_law_that_does_not_end_in_the_panel_knows_no_vote(chain: list[str]) -> None:
    made, ranking = tied(tie_break=chain)

    assert open_ties(ranking) == []
    with pytest.raises(ValidationError) as error:
        vote(made, [receipts(made, 3, 0, 2)])
    assert error.value.error_list[0].code == "not_tied"


def form_of(made: City, ranking: Ranking, *order: int, **changes: str) -> dict[str, str]:
    pks = dict(ranking.standings.values_list("entry__submission__receipt", "pk"))
    numbers = {
        f"urutan-{pks[receipt]}": str(number)
        for receipt, number in zip(receipts(made, 0, 2, 3), order, strict=True)
    }
    return {"version": "1", "reason": "Rapat <b>pleno</b>", **numbers, **changes}


def test_chair_records_the_vote_on_its_page() -> None:
    made, ranking = tied()
    client = signed_in(made.chair)
    url = at(made, "panel-vote")

    results = client.get(at(made, "results")).content.decode()
    shown = client.get(url)
    twice = client.post(url, form_of(made, ranking, 1, 1, 2))
    beyond = client.post(url, form_of(made, ranking, 1, 2, 4))
    silent = client.post(url, form_of(made, ranking, 1, 2, 3, reason=""))
    stale = client.post(url, form_of(made, ranking, 1, 2, 3, version="9"))
    done = client.post(url, form_of(made, ranking, 2, 3, 1))

    assert url in results
    assert (shown.status_code, stale.status_code) == (200, 409)
    assert [page.status_code for page in (twice, beyond, silent)] == [422] * 3
    kept = twice.content.decode()
    assert re.findall(r'name="urutan-\d+" value="(\d)"', kept) == ["1", "1", "2"]
    assert "Rapat &lt;b&gt;pleno&lt;/b&gt;" in kept
    assert done.headers["Location"] == at(made, "results")
    second = Ranking.objects.get(version=2)
    assert [key for key, *_rest in places(second)] == receipts(made, 1, 3, 0, 2)
    assert client.get(url).status_code == 404
    assert url not in client.get(at(made, "results")).content.decode()


def test_vote_is_the_chairs_alone() -> None:
    made, ranking = tied()
    url = at(made, "panel-vote")
    form = form_of(made, ranking, 1, 2, 3)

    assert signed_in(made.organizer).post(url, form).status_code == 403
    assert signed_in(made.judges[0]).post(url, form).status_code == 404
    assert url not in signed_in(made.organizer).get(at(made, "results")).content.decode()
    assert Ranking.objects.count() == 1


def entries(*scores: str) -> list[Entry]:
    return [make_entry(str(number), score) for number, score in enumerate(scores)]


def groups(declared: Law, *scores: str) -> list[list[str]]:
    tied_now = tied_at_cuts(rank_entries(declared, entries(*scores)))
    return [sorted(line.key for line in group) for group in tied_now]


def test_only_ties_across_a_line_are_left_to_the_panel() -> None:
    declared = make_law(tie_breaks=("panel",), advance=3)

    assert groups(declared, "9", "9", "8", "7") == []
    assert groups(declared, "9", "8", "8", "8") == [["1", "2", "3"]]
    assert groups(replace(declared, advance=None), "9", "8", "8", "8") == []
    tiers = (Tier("top3", 3), Tier("top1", 1))
    assert groups(replace(declared, tiers=tiers), "9", "9", "8", "8") == [["0", "1"], ["2", "3"]]
    assert groups(replace(declared, at_line=AtLine.LEAVE), "8", "8", "8", "8") == [
        ["0", "1", "2", "3"]
    ]


def test_votes_part_a_group_and_touch_nobody_else() -> None:
    declared = make_law(tie_breaks=("panel",), advance=2)
    voted = with_votes(entries("9", "8", "8", "8", "7"), orders=[["3", "1", "2"]])

    lines = rank_entries(declared, voted).lines

    assert [(line.key, line.rank, line.place) for line in lines] == [
        ("0", 1, 1),
        ("3", 2, 2),
        ("1", 2, 3),
        ("2", 2, 4),
        ("4", 5, 5),
    ]
