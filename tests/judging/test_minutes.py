"""The minutes of a frozen ranking: what they say, that they stay, and what may come to them."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from docx import Document

from accounts.models import User
from competitions.models import Competition
from judging import services
from judging.law_words import law_sentences
from judging.minutes import minutes_data, minutes_sha256
from judging.minutes_exports import addendum_file, minutes_file
from judging.models import Ranking, SignedMinutes, Stage
from judging.queries.minutes import minutes_of
from judging.ranking import AtLine, Method, RankStyle, Severities, Tier
from kipp.janitor import files_in_use
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, at, closed, code_of, last_entry, opened, tied
from tests.judging.laws import D, make_law
from tests.lib.samples import pdf_file

pytestmark = pytest.mark.django_db


def blocks_of(ranking: Ranking) -> list[Any]:
    with translation.override("en"):
        found: Any = minutes_data(minutes_of(ranking))["blocks"]
    return list(found)


def under(blocks: list[Any], heading: str) -> list[Any]:
    """What stands between a heading and the next one."""
    texts = [block["text"] if block["kind"] == "heading" else "" for block in blocks]
    start = texts.index(heading) + 1
    end = next((n for n in range(start, len(blocks)) if texts[n]), len(blocks))
    return blocks[start:end]


def with_recusal() -> tuple[City, Ranking]:
    """Judge 0 stands back from one entry, judge 1 leaves one open."""
    made = opened(judges=2, entries=2)
    services.declare_conflict(
        made.sheet(made.judges[0], 0), reason="Adik saya di sana", by=made.judges[0], at=make.NOON
    )
    made.score(made.judges[0], 1, "80", "80")
    made.score(made.judges[1], 0, "70", "70")
    frozen = services.close_stage(made.stage, missing_accepted=1, by=made.chair, at=make.NOON)
    return made, frozen


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return " ".join("\n".join(page.get_textpage().get_text_range() for page in document).split())


def test_quorum_and_recusals_are_told() -> None:
    _made, frozen = with_recusal()

    blocks = blocks_of(frozen)

    facts, panel = under(blocks, "Quorum")
    assert [value for _label, value in facts["rows"]] == ["2", "2", "2", "1", "2", "1", "1", "0"]
    assert panel["rows"] == [["Juri 0", "1", "1", "1"], ["Juri 1", "2", "1", "0"]]
    assert under(blocks, "Conflicts of interest")[0]["rows"] == [
        ["Juri 0", "Inovasi Dinas 00", "Declared by the judge: Adik saya di sana"]
    ]


def test_list_and_ties_say_what_was_frozen() -> None:
    _made, frozen = tied()

    blocks = blocks_of(frozen)

    rows = under(blocks, "The list")[0]["rows"]
    assert [(row[0], row[1].split("\n")[0], row[3], row[4]) for row in rows] == [
        ("1", "Inovasi Dinas 01", "90", "Top 2, Top 1"),
        ("2", "Inovasi Dinas 00", "80", "Top 2"),
        ("2", "Inovasi Dinas 02", "80", "Top 2"),
        ("2", "Inovasi Dinas 03", "80", "Top 2"),
    ]
    assert [row[3] for row in under(blocks, "Ties and how they were broken")[0]["rows"]] == [
        "still tied after the whole chain, kept at the line"
    ] * 3
    assert [block["kind"] for block in under(blocks, ACTS)] == ["text"]


ACTS = "Acts by hand since the version before"


def test_vote_and_reopening_stand_in_the_next_version_with_their_reasons() -> None:
    made, first = tied()
    receipts = {
        each.entry.proposal.unit.name: each.entry.submission.receipt
        for each in first.standings.all()
    }
    order = [receipts[f"Dinas 0{number}"] for number in (3, 0, 2)]
    second = services.record_panel_vote(
        made.stage, orders=[order], reason="Pleno 4 Maret", version=1, by=made.chair, at=make.NOON
    )
    services.reopen_stage(made.stage, reason="Salah ketik", by=made.chair, at=make.NOON)
    third = services.close_stage(made.stage, by=made.chair, at=make.NOON)

    voted, reopened = under(blocks_of(second), ACTS), under(blocks_of(third), ACTS)

    assert [item.split("Reason: ")[1] for item in voted[0]["items"]] == ["Pleno 4 Maret"]
    assert voted[1]["rows"] == [["Inovasi Dinas 00", "2", "3"], ["Inovasi Dinas 02", "2", "4"]]
    assert [item.split("Reason: ")[1] for item in reopened[0]["items"]] == ["Salah ketik"]
    assert reopened[1]["rows"] == [["Inovasi Dinas 00", "3", "2"], ["Inovasi Dinas 02", "4", "2"]]


SEVERITY = "Severity of the judges"


@pytest.mark.parametrize(
    ("correction", "opening"),
    [("none", "It could not have done so safely"), ("additive", "it was not applied")],
)
def test_gate_says_why_severity_was_not_corrected(correction: str, opening: str) -> None:
    _made, frozen = closed(correction=correction)

    said, reasons = under(blocks_of(frozen), SEVERITY)

    assert opening in said["text"]
    assert reasons["items"] == ["A judge has read fewer than 8 entries."]


@pytest.mark.parametrize(
    ("changes", "gate", "opening", "blocks"),
    [
        ({}, Severities(), "the raw scores count", 2),
        ({"correction": "additive"}, Severities(), "was applied", 2),
        ({}, None, "its method knows no correction", 1),
    ],
)
def test_gate_that_let_through_says_so(
    changes: dict[str, Any], gate: Severities | None, opening: str, blocks: int
) -> None:
    _made, frozen = closed(judges=1, entries=2, **changes)
    minutes = replace(minutes_of(frozen), gate=gate)

    with translation.override("en"):
        found: Any = minutes_data(minutes)["blocks"]

    said = under(found, SEVERITY)
    assert opening in said[0]["text"]
    assert len(said) == blocks


def _silently(done: int, /, *, total: int) -> None:
    assert done < total


def test_robustness_is_an_annex_that_changes_no_signed_text() -> None:
    _made, frozen = closed(judges=2, entries=3)
    before, digest = minutes_file(frozen, ending="pdf"), minutes_sha256(minutes_of(frozen))

    services.compute_robustness(frozen, tell=_silently, at=make.NOON)

    after = minutes_file(frozen, ending="pdf")
    assert minutes_sha256(minutes_of(frozen)) == digest
    words = re.compile("Annex: robustness of the list|Lampiran: ketahanan daftar")
    assert [bool(words.search(text_of(pdf))) for pdf in (before, after)] == [False, True]
    assert len(minutes_file(frozen, ending="docx")) > 0


def test_old_minutes_stay_as_they_were() -> None:
    made, first = closed(judges=1, entries=2)
    before, told = minutes_file(first, ending="pdf"), blocks_of(first)
    services.reopen_stage(made.stage, reason="Salah ketik", by=made.chair, at=make.NOON)
    sheet = made.sheet(made.judges[0], 1)
    services.revise_scorecard(sheet, reason="Salah baca", by=made.judges[0], at=make.NOON)
    services.close_stage(made.stage, missing_accepted=1, by=made.chair, at=make.NOON)

    again = Ranking.objects.get(pk=first.pk)
    assert blocks_of(again) == told
    assert minutes_file(again, ending="pdf") == before


def test_signed_text_stays_when_somebody_or_something_is_renamed() -> None:
    made, frozen = closed(judges=1, entries=2)
    services.reopen_stage(made.stage, reason="Salah ketik", by=made.organizer, at=make.NOON)
    again = services.close_stage(made.stage, by=made.chair, at=make.NOON)
    before = [minutes_sha256(minutes_of(each)) for each in (frozen, again)]

    made.competition.tiers.update(name="Terbaik")
    for named in (made.competition, made.competition.host, made.stage):
        type(named).objects.filter(pk=named.pk).update(name="Nama lain")
    Competition.objects.update(time_zone="Asia/Jayapura")
    User.objects.update(full_name="Orang lain")

    rankings = Ranking.objects.order_by("version")
    assert [minutes_sha256(minutes_of(each)) for each in rankings] == before


def test_pdf_and_docx_say_the_same_and_name_the_proof() -> None:
    _made, frozen = closed(judges=1, entries=2, tie_break=["median"])

    pdf = text_of(minutes_file(frozen, ending="pdf"))
    document = Document(BytesIO(minutes_file(frozen, ending="docx")))

    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert f": {frozen.inputs_hash}" in cells
    assert frozen.inputs_hash in pdf.replace("\u200b", "").replace("\ufffe", "").replace(" ", "")
    for word in ("Inovasi Dinas 00", "Juri 0", "Dinas 01"):
        assert word in pdf
        assert any(word in cell for cell in cells)


def test_law_is_told_in_words() -> None:
    law = make_law(
        weights={"signifikansi": D(60), "kebaruan": D(40)},
        method=Method.CAPPED,
        cap=D("2.5"),
        style=RankStyle.DENSE,
        tie_margin=D("0.5"),
        tie_breaks=("criterion:kebaruan", "panel"),
        at_line=AtLine.LEAVE,
        advance=10,
        tiers=(Tier("top2", 2),),
        stage="final",
        stage_weights={"desk": D(30), "final": D(70)},
    )
    labels = {"criterion:kebaruan": "Kebaruan", "panel": "vote", "stage:desk": "Desk"}

    with translation.override("en"):
        sentences = law_sentences(law, labels=labels, tiers={"top2": "Top 2"})

    assert sentences == [
        (
            "A scorecard's total is the sum of criterion times weight on a scale of 0 to 100: "
            "signifikansi 60%, Kebaruan 40%."
        ),
        (
            "The score of the stage is the mean of the totals after those further than 2,5 from "
            "the first mean were pulled to that distance, rounded once, half up, to steps of 0,01."
        ),
        "An entry needs at least 1 scorecards; recused or missing ones do not count.",
        "The final score weighs the stages: final 70%, Desk 30%, rounded once.",
        "Scores that are equal or closer than 0,5 to the one before share a rank (1, 2, 2, 3).",
        "Ties are parted, in this order, by: Kebaruan, vote.",
        "Advance: 10 places; Top 2: 2 places.",
        "Who is still tied at a line after the whole chain is left out, all of them.",
    ]


def test_signed_scan_is_kept_beside_its_version_and_from_the_sweep() -> None:
    made, frozen = closed(judges=1, entries=2)
    client, url = signed_in(made.organizer), at(made, "minutes-scan-add", 1)

    content = pdf_file()

    kept = client.post(url, {"file": scan_file(content)})
    twice = client.post(url, {"file": scan_file(content)})
    empty = client.post(url)
    text = client.post(url, {"file": SimpleUploadedFile("ba.pdf", b"bukan pdf")})

    scan = SignedMinutes.objects.get()
    shown = client.get(at(made, "minutes-scan", scan.pk))
    assert [each.status_code for each in (kept, twice, empty, text)] == [302, 422, 422, 422]
    assert (scan.ranking, scan.uploaded_by) == (frozen, made.organizer)
    assert b"".join(shown).startswith(b"%PDF-")
    assert scan.sha256 in files_in_use()
    assert last_entry(made.stage).action == "minutes.signed"


def scan_file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("Berita acara.pdf", content)


def test_addenda_are_numbered_and_printed_and_what_was_typed_stays() -> None:
    made, frozen = closed(judges=1, entries=2)
    client, url = signed_in(made.chair), at(made, "addendum-add", 1)

    for text in ("Ada salah tulis nama unit.", "Nomor SK menyusul."):
        client.post(url, {"text": text})
    refused = client.post(url, {"text": " "})

    addenda = list(frozen.addenda.all())
    assert [(each.number, each.text) for each in addenda] == [
        (1, "Ada salah tulis nama unit."),
        (2, "Nomor SK menyusul."),
    ]
    assert refused.status_code == 422
    assert "Nomor SK menyusul." in text_of(addendum_file(addenda[1], ending="pdf"))
    assert client.get(at(made, "addendum-paper", addenda[0].pk, "docx")).content[:2] == b"PK"


def test_nothing_comes_to_minutes_while_the_stage_is_open_again() -> None:
    made, frozen = closed(judges=1, entries=2)
    services.reopen_stage(made.stage, reason="Salah ketik", by=made.chair, at=make.NOON)

    with pytest.raises(ValidationError) as late:
        services.add_addendum(frozen, text="Terlambat", by=made.chair, at=make.NOON)
    with pytest.raises(ValidationError) as scanned:
        services.add_signed_minutes(
            frozen, file=BytesIO(pdf_file()), name="ba.pdf", by=made.chair, at=make.NOON
        )

    pages = [at(made, "minutes"), at(made, "minutes-paper", 1, "pdf")]
    statuses = [signed_in(made.chair).get(page).status_code for page in pages]
    assert (code_of(late), code_of(scanned), statuses) == ("not_now", "not_now", [403, 403])
    assert SignedMinutes.objects.count() == 0


def test_page_costs_the_same_for_more_versions(django_assert_max_num_queries: Any) -> None:
    made, _frozen = closed(judges=1, entries=2)
    for _time in range(2):
        services.reopen_stage(Stage.objects.get(), reason="x", by=made.chair, at=make.NOON)
        services.close_stage(Stage.objects.get(), by=made.chair, at=make.NOON)
    client = signed_in(made.organizer)

    with django_assert_max_num_queries(9):
        page = client.get(at(made, "minutes"))

    assert [ranking.version for ranking in page.context["versions"]] == [3, 2, 1]
    assert client.get(at(made, "minutes-paper", 1, "exe")).status_code == 404
