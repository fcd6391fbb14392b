"""Claims of impact: typed as people type, guarded against a second editor, frozen as they stand."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.audit import trail_of
from proposals import services
from proposals.content import digest
from proposals.ledger import change_text, ledger_rows, verdict_text
from proposals.models import Attachment, Claim, ClaimState, Proposal, Submission
from proposals.queries.lines import draft_rows
from proposals.services.lines import MOST
from tests import make
from tests.lib.samples import jpg_file
from tests.proposals.scene import Scene


def claim_of(proposal: Proposal, indicator: str = "Waktu tunggu", **facts: object) -> Claim:
    return Claim(
        **{
            "proposal": proposal,
            "indicator": indicator,
            "before": Decimal("1095.5"),
            "after": Decimal(21),
            "measure": "menit",
            "better": Claim.Better.LOWER,
            "period": "2018 dan 2019",
            "method": "Buku antrean",
            **facts,
        }
    )


def added(scene: Scene, proposal: Proposal, indicator: str = "Waktu tunggu") -> Claim:
    claim = claim_of(proposal, indicator)
    services.add_line(claim, by=scene.author, at=make.NOON)
    return claim


def photo(scene: Scene, proposal: Proposal) -> Attachment:
    return services.attach_file(
        proposal,
        slot=scene.photo,
        file=BytesIO(jpg_file()),
        name="loket.jpg",
        by=scene.author,
        at=make.NOON,
    )


def code_of(error: ValidationError) -> str | None:
    return error.error_list[0].code if not hasattr(error, "error_dict") else "fields"


def order_of(proposal: Proposal) -> list[str]:
    return list(Claim.objects.filter(proposal=proposal).values_list("indicator", flat=True))


def test_line_goes_to_the_end_of_its_list(scene: Scene) -> None:
    proposal = scene.draft()

    added(scene, proposal, "Satu")
    added(scene, proposal, "Dua")

    assert order_of(proposal) == ["Satu", "Dua"]
    assert [entry.action for entry in trail_of(proposal)][-2:] == ["proposal.claim_added"] * 2


def test_lines_change_places_and_stay_at_the_ends(scene: Scene) -> None:
    proposal = scene.draft()
    first, second = added(scene, proposal, "Satu"), added(scene, proposal, "Dua")

    services.move_line_up(first, version=1, by=scene.author, at=make.NOON)
    services.move_line_up(second, version=1, by=scene.author, at=make.NOON)
    services.move_line_down(first, version=1, by=scene.author, at=make.NOON)

    assert order_of(proposal) == ["Dua", "Satu"]


def test_list_has_an_end(scene: Scene) -> None:
    proposal = scene.draft()
    for number in range(MOST[Claim]):
        added(scene, proposal, f"Nomor {number}")

    with pytest.raises(ValidationError) as refused:
        added(scene, proposal, "Satu lagi")

    assert code_of(refused.value) == "full"
    assert len(order_of(proposal)) == MOST[Claim]


def test_second_of_two_editors_overwrites_nothing(scene: Scene) -> None:
    claim = added(scene, scene.draft())
    theirs, mine = Claim.objects.get(pk=claim.pk), Claim.objects.get(pk=claim.pk)
    theirs.after, mine.after = Decimal(30), Decimal(40)
    services.change_line(theirs, version=1, by=scene.author, at=make.NOON)

    with pytest.raises(ValidationError) as refused:
        services.change_line(mine, version=1, by=scene.author, at=make.NOON)

    assert code_of(refused.value) == "stale"
    assert Claim.objects.get(pk=claim.pk).after == 30


@pytest.mark.parametrize("verb", ["change_line", "remove_line", "move_line_up"])
def test_nothing_moves_once_it_was_sent(scene: Scene, verb: str) -> None:
    proposal = scene.draft()
    claim = added(scene, proposal)
    services.send_for_endorsement(proposal, by=scene.author, at=make.NOON)

    with pytest.raises(ValidationError) as refused:
        getattr(services, verb)(claim, version=1, by=scene.author, at=make.NOON)

    assert code_of(refused.value) == "not_now"


def test_source_is_a_file_of_the_same_proposal(scene: Scene) -> None:
    strange = photo(scene, scene.draft("Lain"))

    with pytest.raises(ValidationError) as refused:
        services.add_line(claim_of(scene.draft(), source=strange), by=scene.author, at=make.NOON)

    assert set(refused.value.error_dict) == {"source"}


def test_claim_outlives_the_file_that_proved_it(scene: Scene) -> None:
    proposal = scene.draft()
    file = photo(scene, proposal)
    services.add_line(claim_of(proposal, source=file), by=scene.author, at=make.NOON)
    assert draft_rows(proposal)[0].state == ClaimState.DOCUMENTED

    services.detach_file(file, by=scene.author, at=make.NOON)

    assert draft_rows(proposal)[0].state == ClaimState.CLAIMED


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e400", "100000000000000"])
def test_database_keeps_numbers_that_are_none_out(scene: Scene, number: str) -> None:
    claim = added(scene, scene.draft())

    with pytest.raises((DatabaseError, ValidationError)), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(after=Decimal(number))


@pytest.mark.parametrize(
    ("before", "after", "measure", "text"),
    [
        ("100", "25", "menit", "\u221275%"),
        ("62", "15", "%", "\u221247 points"),
        ("0", "5", "orang", "+5 orang"),
        ("-10", "5", "derajat", "+150%"),
        ("3", "3", "jenis", "no change"),
    ],
)
def test_change_is_told_with_its_sign(before: str, after: str, measure: str, text: str) -> None:
    assert change_text(Decimal(before), Decimal(after), measure=measure) == text


@pytest.mark.parametrize(
    ("before", "after", "better", "verdict"),
    [
        ("9", "2", "lower", "better"),
        ("9", "2", "higher", "worse"),
        ("2", "9", "higher", "better"),
        ("2", "2", "lower", "unchanged"),
    ],
)
def test_verdict_knows_what_is_better(before: str, after: str, better: str, verdict: str) -> None:
    assert verdict_text(Decimal(before), Decimal(after), better=better) == verdict


def submitted(scene: Scene) -> Submission:
    proposal = scene.draft()
    services.add_line(
        claim_of(proposal, source=photo(scene, proposal)), by=scene.author, at=make.NOON
    )
    added(scene, proposal, "Kepuasan")
    services.send_for_endorsement(proposal, by=scene.author, at=make.NOON)
    return services.submit_proposal(proposal, token=uuid4(), by=scene.endorser, at=make.NOON)


def test_claims_are_sealed_with_the_text(scene: Scene) -> None:
    sent = submitted(scene)
    Claim.objects.update(after=99)

    stored = Submission.objects.get(pk=sent.pk)

    first = stored.content["claims"][0]
    assert digest(stored.content) == stored.sha256
    assert (first["before"], first["after"], first["better"]) == ("1095.5", "21", "lower")
    assert first["source"]["name"] == stored.content["files"][0]["name"]


def found(scene: Scene, sent: Submission, *, state: str, version: int = 0) -> None:
    services.check_claim(
        sent,
        key=sent.content["claims"][1]["key"],
        state=state,
        note="Papan antrean dilihat di loket.",
        version=version,
        by=scene.organizer,
        at=make.NOON,
    )


def test_finding_stands_beside_what_was_sealed(scene: Scene) -> None:
    sent = submitted(scene)

    found(scene, sent, state="seen")

    stored = Submission.objects.get(pk=sent.pk)
    rows = ledger_rows(stored.content["claims"], checks=stored.claim_checks)
    assert [row.state for row in rows] == [ClaimState.DOCUMENTED, ClaimState.SEEN]
    assert rows[1].note == "Papan antrean dilihat di loket."
    assert digest(stored.content) == stored.sha256


def test_finding_is_taken_back_by_an_empty_one(scene: Scene) -> None:
    sent = submitted(scene)
    found(scene, sent, state="contradicted")

    found(scene, sent, state="", version=1)

    stored = Submission.objects.get(pk=sent.pk)
    rows = ledger_rows(stored.content["claims"], checks=stored.claim_checks)
    assert rows[1].state == ClaimState.CLAIMED


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"version": 7}, "stale"),
        ({"key": 10**9}, "foreign"),
        ({"state": "documented"}, "fields"),
        ({"note": " \u200b "}, "fields"),
        ({"note": "x" * 2001}, "fields"),
    ],
)
def test_finding_is_refused(scene: Scene, changes: dict[str, object], code: str) -> None:
    sent = submitted(scene)
    sound = {"key": sent.content["claims"][0]["key"], "state": "seen", "note": "Dilihat."}

    with pytest.raises(ValidationError) as refused:
        services.check_claim(
            sent, by=scene.organizer, at=make.NOON, **{**sound, "version": 0, **changes}
        )

    assert code_of(refused.value) == code


def post(scene: Scene, name: str, *args: object, **data: str) -> tuple[int, str]:
    client = Client()
    client.force_login(scene.author)
    answer = client.post(reverse(f"proposals:{name}", args=args), data)
    return answer.status_code, answer.content.decode()


TYPED = {
    "indicator": "Waktu tunggu",
    "before": "1.234,5",
    "after": "21",
    "measure": "menit",
    "better": "lower",
    "period": "2018 dan 2019",
    "method": "Buku antrean",
}


def test_page_takes_numbers_as_people_write_them(scene: Scene) -> None:
    proposal = scene.draft()

    status, _page = post(scene, "claim-list", proposal.pk, **TYPED)

    assert status == 302
    assert Claim.objects.get().before == Decimal("1234.5")


@pytest.mark.parametrize(
    "number", ["NaN", "1e400", "12.5", "1,2,3", "=1+1", "\u0661\u0662", "9" * 15, "1" * 100_000]
)
def test_page_refuses_what_is_no_number_and_keeps_the_rest(scene: Scene, number: str) -> None:
    status, page = post(scene, "claim-list", scene.draft().pk, **{**TYPED, "before": number})

    assert (status, Claim.objects.count()) == (422, 0)
    assert 'value="Buku antrean"' in page


def test_page_stores_a_formula_as_text_and_drops_hidden_marks(scene: Scene) -> None:
    hostile = "=cmd|' /C calc'!A0 \u202e<b>"

    status, _page = post(scene, "claim-list", scene.draft().pk, **{**TYPED, "indicator": hostile})

    assert status == 302
    assert Claim.objects.get().indicator == "=cmd|' /C calc'!A0 <b>"


def test_conflict_shows_both_and_may_be_settled(scene: Scene) -> None:
    claim = added(scene, scene.draft())
    theirs = Claim.objects.get(pk=claim.pk)
    theirs.after = Decimal(30)
    services.change_line(theirs, version=1, by=scene.author, at=make.NOON)
    where = ("claim-edit", claim.proposal_id, claim.pk)

    status, page = post(scene, *where, **{**TYPED, "after": "44", "version": "1"})

    assert status == 409
    assert 'value="44"' in page
    assert ">30<" in page
    assert 'name="version" value="2"' in page
    assert post(scene, *where, **{**TYPED, "after": "44", "version": "2"})[0] == 302
    assert Claim.objects.get(pk=claim.pk).after == 44


def test_line_that_is_gone_is_offered_as_a_new_one(scene: Scene) -> None:
    claim = added(scene, scene.draft())
    pk = claim.pk
    services.remove_line(claim, version=1, by=scene.author, at=make.NOON)

    status, page = post(scene, "claim-edit", claim.proposal_id, pk, **{**TYPED, "version": "1"})

    assert status == 409
    assert 'value="1.234,5"' in page


def test_lists_cost_the_same_with_many_lines(
    scene: Scene, django_assert_num_queries: object
) -> None:
    client, proposal = Client(), scene.draft()
    client.force_login(scene.author)
    address = reverse("proposals:proposal-check", args=[proposal.pk])
    added(scene, proposal, "Satu")
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for number in range(5):
        services.add_line(
            claim_of(proposal, f"Nomor {number}", source=None), by=scene.author, at=make.NOON
        )

    with django_assert_num_queries(len(one)):  # type: ignore[operator]
        client.get(address)
