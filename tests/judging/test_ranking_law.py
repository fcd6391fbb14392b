from __future__ import annotations

from typing import Any

import pytest

from judging.ranking import (
    CardText,
    Correction,
    Entry,
    InputError,
    LawError,
    Method,
    RankStyle,
    SpreadBy,
    Tier,
    canonical_inputs,
    law_from_plain,
    law_to_plain,
    rank_entries,
)
from tests.judging.laws import D, make_entry, make_law

WEIGHTED = {"kebaruan": D(15), "signifikansi": D(30), "ringkasan": D(0), "lain": D(55)}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"weights": {}}, "criterion_weights"),
        ({"weights": {"mutu": D(99)}}, "criterion_weights"),
        ({"weights": {"mutu": D("NaN")}}, "bad_weight"),
        ({"weights": {"a": D(-10), "b": D(110)}}, "bad_weight"),
        ({"scale_min": D(100)}, "bad_scale"),
        ({"scale_min": D("-1")}, "bad_scale"),
        ({"scale_max": D("Infinity")}, "bad_scale"),
        ({"step": D(0)}, "bad_step"),
        ({"step": D("1e-400")}, "bad_step"),
        ({"min_readings": 0}, "min_readings"),
        ({"trim": 1}, "trim"),
        ({"method": Method.TRIMMED}, "trim"),
        ({"method": Method.TRIMMED, "trim": -1}, "trim"),
        ({"method": Method.TRIMMED, "trim": 1, "min_readings": 2}, "trim_too_large"),
        ({"method": Method.CAPPED}, "cap"),
        ({"cap": D(1)}, "cap"),
        ({"method": Method.CAPPED, "cap": D(-1)}, "cap"),
        ({"cap_rounds": True}, "cap_rounds"),
        ({"correction": Correction.ADDITIVE, "method": Method.MEDIAN}, "correction"),
        ({"spread": 2}, "spread"),
        ({"spread_by": SpreadBy.AGENCY}, "spread"),
        ({"spread": 0, "spread_by": SpreadBy.AGENCY}, "spread"),
        ({"tie_margin": D("0.1")}, "tie_margin"),
        ({"tie_margin": D(-1), "style": RankStyle.DENSE}, "tie_margin"),
        ({"stage_weights": {"stage": D(90)}}, "stage_weights"),
        ({"stage_weights": {"other": D(100)}}, "stage_weights"),
        ({"tie_breaks": ("criterion:kebaruan",)}, "unknown_tie_break"),
        ({"tie_breaks": ("stage:stage",)}, "unknown_tie_break"),
        ({"tie_breaks": ("draw",)}, "unknown_tie_break"),
        ({"tie_breaks": ("median", "median")}, "repeated_tie_break"),
        ({"advance": 0}, "advance"),
        ({"tiers": (Tier("a", 0),)}, "tiers"),
        ({"tiers": (Tier("a", 3), Tier("b", 3))}, "tiers"),
        ({"tiers": (Tier("a", 3), Tier("a", 2))}, "tiers"),
    ],
)
def test_law_that_contradicts_itself_cannot_be_built(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(LawError) as caught:
        make_law(**fields)

    assert caught.value.code == code
    assert str(caught.value) == caught.value.sentence % caught.value.params
    assert str(caught.value).endswith(".")


def full_law() -> dict[str, Any]:
    return law_to_plain(
        make_law(
            weights=WEIGHTED,
            method=Method.CAPPED,
            cap=D("2.50"),
            tie_breaks=("criterion:kebaruan", "panel"),
            advance=45,
            tiers=(Tier("Top 45", 45), Tier("Top 30", 30)),
            stage="b",
            stage_weights={"a": D(30), "b": D(70)},
        )
    )


def test_law_survives_plain_values() -> None:
    assert law_to_plain(law_from_plain(full_law())) == full_law()
    assert law_from_plain(law_to_plain(make_law())) == make_law()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"step": "a"}, "unreadable"),
        ({"method": "guess"}, "unreadable"),
        ({"weights": None}, "unreadable"),
        ({"advance": "1"}, "unreadable"),
        ({"advance": 0}, "advance"),
        ({"step": 0.01}, "bad_step"),
    ],
)
def test_stored_law_that_cannot_be_read_is_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(LawError) as caught:
        law_from_plain({**full_law(), **change})

    assert caught.value.code == code


def test_stored_law_with_a_key_missing_is_refused() -> None:
    values = full_law()
    del values["advance"]

    with pytest.raises(LawError, match="advance"):
        law_from_plain(values)


def test_canonical_inputs_have_one_spelling() -> None:
    entries = [
        make_entry("b", "80.50", panel_vote=D("3.0"), group="K1"),
        make_entry("a", "1E+1", "-0", earlier={}),
    ]

    assert canonical_inputs(make_law(), entries).decode() == (
        '{"entries":['
        '{"earlier":{},"group":null,"key":"a","panel_vote":null,'
        '"scorecards":{"j1":["10"],"j2":["0"]}},'
        '{"earlier":{},"group":"K1","key":"b","panel_vote":"3","scorecards":{"j1":["80.5"]}}],'
        '"law":{"advance":null,"at_line":"keep","cap":null,"cap_rounds":false,"correction":"none","method":"mean","min_readings":1,'
        '"scale_max":"100","scale_min":"0","spread":null,"spread_by":"","stage":"stage","stage_weights":{},"step":"0.01",'
        '"style":"standard","tie_breaks":[],"tie_margin":"0","tiers":[],"trim":0,'
        '"weights":{"mutu":"100"}},"version":2}'
    )


def test_hash_changes_with_a_score_and_with_the_law() -> None:
    entries = [make_entry("a", "80")]

    hashes = {
        rank_entries(make_law(), entries).inputs_hash,
        rank_entries(make_law(), [make_entry("a", "80.01")]).inputs_hash,
        rank_entries(make_law(advance=1), entries).inputs_hash,
        rank_entries(make_law(), [entries[0]._replace(panel_vote=D(1))]).inputs_hash,
    }

    assert len(hashes) == 4


def test_card_of_texts_reads_like_any_other() -> None:
    law = make_law(weights={"mutu": D(60), "guna": D(40)}, tie_breaks=("criterion:guna",))
    texts = {"a": ("70", "80.5"), "b": ("100", "0"), "c": ("70", "80.5")}
    plain = [
        Entry(key=key, scorecards={"j1": {"guna": D(guna), "mutu": D(mutu)}})
        for key, (guna, mutu) in texts.items()
    ]
    written = [
        Entry(key=key, scorecards={"j1": CardText(("guna", "mutu"), "\t".join(values))})
        for key, values in texts.items()
    ]

    assert rank_entries(law, written) == rank_entries(law, plain)
    assert canonical_inputs(law, written) == canonical_inputs(law, plain)


@pytest.mark.parametrize(
    ("codes", "text", "code"),
    [
        (("mutu",), "100.01", "bad_score"),
        (("mutu",), "NaN", "bad_score"),
        (("guna",), "50", "criteria"),
    ],
)
def test_card_of_texts_is_checked_like_any_other(
    codes: tuple[str, ...], text: str, code: str
) -> None:
    with pytest.raises(InputError) as caught:
        rank_entries(make_law(), [Entry(key="a", scorecards={"j1": CardText(codes, text)})])

    assert caught.value.code == code


def test_card_of_texts_in_another_spelling_is_a_fault() -> None:
    """It would be hashed as it stands."""
    with pytest.raises(ValueError, match=r"'80\.50' is not the one spelling"):
        rank_entries(make_law(), [Entry(key="a", scorecards={"j1": CardText(("mutu",), "80.50")})])
