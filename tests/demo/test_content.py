from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import combinations
from statistics import mean

import pikepdf
import pytest
from PIL import Image

from kipp.demo import content
from kipp.demo.content import DemoProposal, judging
from kipp.demo.letters import STATEMENTS, make_letter
from kipp.demo.photos import PALETTES, photo_for
from kipp.demo.scenes import SCENES

WHOLE = {"awaiting", "returned", "eligible", "completion"}
FINAL_KEYS = (*judging.WEIGHTS, *judging.PRESENTATION_LABELS)
SCORES_OF_TWUIN = (88, 85, 86, 83, 82, 85, 91, 84, 85, 82, 81)


def words(text: str) -> int:
    return len(text.split())


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    body = text.partition("] ")[2] if text.startswith("[") else text
    tokens = body.casefold().split()
    return frozenset(zip(tokens, tokens[1:], tokens[2:], strict=False))


def long_texts() -> list[tuple[str, str, frozenset[tuple[str, ...]]]]:
    return [
        (proposal.key, name, shingles(text))
        for proposal in content.load_proposals()
        for name, text in proposal.sections.items()
        if words(text) > 12
    ]


def judges() -> list[str]:
    return [judge.key for judge in content.people_with("judge")]


def total(judge: str, proposal: DemoProposal) -> Decimal:
    parts = (
        judging.score_for(judge, proposal.key, name) * weight
        for name, weight in judging.WEIGHTS.items()
    )
    return sum(parts, Decimal()) / 100


def test_units_form_one_tree_under_the_province() -> None:
    units = content.load_units()
    seen: set[str] = {""}

    for unit in units:
        assert unit.parent in seen, unit.key
        seen.add(unit.key)

    assert len(units) >= 100
    assert len({unit.key for unit in units}) == len(units)
    assert {unit.successor for unit in units} <= seen
    assert [unit.key for unit in units if not unit.parent] == ["jatim"]


def test_units_have_the_kelurahan_puskesmas_and_kecamatan_of_malang() -> None:
    kinds = Counter(unit.kind for unit in content.load_units())

    assert (kinds["kelurahan"], kinds["puskesmas"], kinds["kecamatan"]) == (57, 16, 5)


def test_services_stand_below_an_agency_and_agencies_below_the_city() -> None:
    level = {unit.key: unit.level for unit in content.load_units()}

    pairs = {(unit.level, level[unit.parent]) for unit in content.load_units() if unit.parent}

    assert pairs == {
        ("government", "government"),
        ("agency", "government"),
        ("service", "agency"),
    }


def test_register_holds_every_real_innovation_with_a_source() -> None:
    register = content.load_innovations()

    assert len(register) == 77
    assert len({item.key for item in register}) == 77
    assert all(item.title and item.government and item.source for item in register)
    assert sum(item.government == "Kota Malang" for item in register) == 28


def test_proposals_have_the_promised_fates() -> None:
    fates = Counter(proposal.fate for proposal in content.load_proposals())

    assert fates == {
        "draft": 3,
        "awaiting": 2,
        "returned": 1,
        "eligible": 35,
        "ineligible": 4,
        "completion": 1,
    }


def test_proposal_keys_are_unique() -> None:
    keys = [proposal.key for proposal in content.load_proposals()]

    assert len(set(keys)) == len(keys) == 46


@pytest.mark.parametrize("proposal", content.load_proposals(), ids=lambda paper: paper.key)
def test_proposal_is_well_formed(proposal: DemoProposal) -> None:
    units = {unit.key: unit for unit in content.load_units()}

    assert proposal.unit in units
    assert not units[proposal.unit].successor
    assert proposal.category in content.CATEGORIES
    assert set(proposal.sdgs) <= set(range(1, 18))
    assert proposal.innovators
    assert set(proposal.reasons) <= set(content.REASONS)
    assert set(proposal.lean) <= set(judging.WEIGHTS)
    assert content.author_of(proposal).unit == proposal.unit
    assert proposal.borrowed == (content.innovation_of(proposal).government != "Kota Malang")


@pytest.mark.parametrize("proposal", content.load_proposals(), ids=lambda paper: paper.key)
def test_proposal_keeps_to_the_word_limits(proposal: DemoProposal) -> None:
    counts = {name: words(text) for name, text in proposal.sections.items()}

    over = {name: n for name, n in counts.items() if n > content.SECTION_LIMITS[name]}
    assert over == {}
    if proposal.fate in WHOLE:
        assert min(counts.values()) >= 50
        assert counts["ringkasan"] >= 60
        assert counts["signifikansi"] >= 100


def test_every_summary_says_that_it_is_a_demonstration() -> None:
    summaries = [proposal.sections["ringkasan"] for proposal in content.load_proposals()]

    unmarked = [
        text
        for text in summaries
        if text and not text.startswith("[Naskah contoh untuk demonstrasi;")
    ]
    assert unmarked == []


def test_borrowed_summaries_name_the_true_owner() -> None:
    for proposal in content.load_proposals():
        summary = proposal.sections["ringkasan"]
        if proposal.borrowed and summary:
            assert content.innovation_of(proposal).government in summary


def test_no_two_texts_resemble_each_other() -> None:
    alike = [
        (one[:2], other[:2])
        for one, other in combinations(long_texts(), 2)
        if len(one[2] & other[2]) > 0.6 * min(len(one[2]), len(other[2]))
    ]

    assert alike == []


def test_screening_reasons_follow_from_the_proposal() -> None:
    proposals = content.load_proposals()
    titles = Counter(proposal.innovation for proposal in proposals)

    too_young = {proposal.key for proposal in proposals if proposal.months < 12}
    dead_video = {proposal.key for proposal in proposals if proposal.video.endswith("terpan")}
    doubled = [key for key, times in titles.items() if times > 1]

    by_reason = {
        reason: {proposal.key for proposal in proposals if reason in proposal.reasons}
        for reason in content.REASONS
    }
    assert too_young == by_reason["too_young"] == {"puskesmas-janti-care", "terpana"}
    assert dead_video == by_reason["dead_video"] == {"terpana"}
    assert doubled == ["kampung-tematik"]
    assert all(by_reason.values())


def test_nobody_sends_more_than_three() -> None:
    per_unit = Counter(proposal.unit for proposal in content.load_proposals())

    assert max(per_unit.values()) <= 3


def test_eligible_proposals_won_no_top_place_before_the_edition() -> None:
    for proposal in content.load_proposals():
        award = content.innovation_of(proposal)
        earlier = award.year is not None and award.year < 2020
        won = earlier and award.award in {"Top 25", "Top 40", "Top 45"}
        if proposal.fate == "eligible" and not proposal.borrowed:
            assert not won, proposal.key


@pytest.mark.parametrize(
    ("months", "close", "start"),
    [
        (12, date(2020, 2, 29), date(2019, 2, 28)),
        (6, date(2020, 3, 31), date(2019, 9, 30)),
        (14, date(2021, 1, 15), date(2019, 11, 15)),
    ],
)
def test_started_on_counts_back_from_the_close(months: int, close: date, start: date) -> None:
    proposal = next(iter(content.load_proposals()))
    values = {name: getattr(proposal, name) for name in proposal.__slots__}

    assert content.started_on(DemoProposal(**{**values, "months": months}), close=close) == start


def test_people_are_invented_and_complete() -> None:
    people = content.load_people()
    roles = Counter(person.role for person in people)

    assert {role: roles[role] for role in ("organizer", "chair", "auditor", "judge")} == {
        "organizer": 2,
        "chair": 1,
        "auditor": 1,
        "judge": 7,
    }
    assert len({person.key for person in people}) == len({person.email for person in people})
    assert len({person.email for person in people}) == len(people)
    assert all(person.email.endswith("@demo.example") for person in people)


def test_nips_have_a_birthday_a_start_a_sex_and_a_serial() -> None:
    for nip in (person.nip for person in content.load_people() if person.nip):
        born = date(int(nip[:4]), int(nip[4:6]), int(nip[6:8]))
        began = date(int(nip[8:12]), int(nip[12:14]), 1)

        assert len(nip) == 18
        assert 20 <= began.year - born.year <= 36
        assert nip[14] in "12"


def test_every_agency_can_endorse() -> None:
    agencies = {
        unit.key for unit in content.load_units() if unit.level == "agency" and not unit.successor
    }

    assert {person.unit for person in content.people_with("endorser")} == agencies


def test_two_judges_are_officials_of_agencies_with_proposals() -> None:
    parent = {unit.key: unit.parent for unit in content.load_units()}
    officials = {judge.unit for judge in content.people_with("judge") if judge.unit}

    inside = {
        official
        for official in officials
        for proposal in content.load_proposals()
        if official in {proposal.unit, parent[proposal.unit]}
    }
    assert officials == inside == {"dinkes", "bappeda"}


def test_scores_are_whole_numbers_on_the_scale() -> None:
    scores = {
        judging.score_for(judge, proposal.key, name)
        for judge in judges()
        for proposal in content.load_proposals()
        for name in FINAL_KEYS
    }

    assert all(isinstance(score, Decimal) and score == int(score) for score in scores)
    assert min(scores) >= 0
    assert max(scores) <= 100
    assert len(scores) > 40


def test_score_is_the_same_on_every_run() -> None:
    first = [judging.score_for("samuel-adiprana", "twuin", name) for name in FINAL_KEYS]

    assert first == [Decimal(n) for n in SCORES_OF_TWUIN]


def test_strong_proposals_outscore_weak_ones() -> None:
    papers = {paper.key: paper for paper in content.load_proposals()}

    strong = mean(total(judge, papers["si-ikan-nila"]) for judge in judges())
    weak = mean(total(judge, papers["indigo"]) for judge in judges())

    assert strong - weak > 30


def test_severe_judges_stay_below_lenient_ones() -> None:
    papers = [paper for paper in content.load_proposals() if paper.fate == "eligible"]

    severe = mean(total("bramantyo-suryolaksono", paper) for paper in papers)
    lenient = mean(total("samuel-adiprana", paper) for paper in papers)

    assert lenient - severe > 7


def test_weights_make_a_hundred() -> None:
    assert sum(judging.WEIGHTS.values()) == 100


def test_comments_follow_the_score() -> None:
    tree = tomllib.loads((content.FOLDER / "comments.toml").read_text(encoding="utf-8"))

    strong = judging.comment_for("samuel-adiprana", "si-ikan-nila", "signifikansi")
    weak = judging.comment_for("bramantyo-suryolaksono", "kampung-tematik-purwantoro", "kebaruan")

    assert set(tree) == set(FINAL_KEYS)
    assert strong in tree["signifikansi"]["strong"]
    assert weak in tree["kebaruan"]["weak"]


def test_competition_has_its_public_words() -> None:
    competition = content.load_competition()

    assert competition.theme
    assert competition.summary
    assert len(competition.announcements) >= 4


def test_every_category_has_a_palette() -> None:
    assert set(PALETTES) == set(content.CATEGORIES)


def test_photos_are_decodable_light_and_unique() -> None:
    photos = [photo_for(paper) for paper in content.load_proposals()]

    for photo in photos:
        with Image.open(BytesIO(photo.content)) as image:
            image.load()
            assert (image.format, image.size) == ("JPEG", (1280, 800))
        assert len(photo.content) < 200_000

    assert len({photo.content for photo in photos}) == len(photos)
    assert len({photo.name for photo in photos}) == len(photos) >= 46
    assert {photo.name.rpartition("-")[2] for photo in photos} == {f"{name}.jpg" for name in SCENES}


def test_photo_is_the_same_on_every_run() -> None:
    proposal = content.load_proposals()[0]

    assert photo_for(proposal) == photo_for(proposal)


@pytest.mark.parametrize("kind", STATEMENTS)
def test_letter_is_a_small_pdf(kind: str) -> None:
    letter = make_letter(kind, innovation="Jarik Ma'siti #[x]", unit="Puskesmas", signer="dr. Rina")

    with pikepdf.open(BytesIO(letter)) as pdf:
        assert len(pdf.pages) == 1
        assert str(pdf.docinfo["/Title"]) == STATEMENTS[kind][0]
    assert len(letter) < 100_000


def test_letter_carries_no_clock() -> None:
    letter = make_letter("surat_replikasi", innovation="Sambat", unit="Dinas", signer="Ir. Tri")

    with pikepdf.open(BytesIO(letter)) as pdf:
        assert "/CreationDate" not in pdf.docinfo
