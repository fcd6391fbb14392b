"""Proposals and past results from a sheet: every problem with its cell, then all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts import services as accounts
from accounts.intake import ROWS_AT_ONCE
from accounts.models import Import, User
from competitions.models import Track
from kipp.jobs import KINDS
from kipp.lib.sheets import write_xlsx
from proposals import services
from proposals.importing import all_heads
from proposals.models import EarlierAward, Proposal, RegisterEntry
from tests import make
from tests.finishing import finish_jobs
from tests.proposals.scene import Scene, city_scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]

TEAM = "Dr. Siti Aminah, M.Si.; ketua; 19960818 202204 2 001\nBudi; anggota"
GOOD = {
    "judul": "Antar Obat",
    "unit": "Puskesmas Janti",
    "diterapkan sejak": "2017",
    "tpb": "3, 10",
    "tim": TEAM,
    "1. Ringkasan": "- satu dua\n- tiga",
}


def sheet_of(track: Track, *rows: Mapping[str, object]) -> bytes:
    """Cells by the beginning of the header."""
    heads = all_heads(list(track.sections.all()))
    lines = [
        [next((row[key] for key in row if head.startswith(key)), "") for head in heads]
        for row in rows
    ]
    return write_xlsx(heads, lines, title="proposal")


def upload(client: Client, track: Track, content: bytes) -> Any:
    url = reverse("proposals:import-upload", args=[track.competition.slug])
    file = SimpleUploadedFile("kertas.xlsx", content)
    return client.post(url, {"track": track.pk, "file": file})


def kept(scene: Scene, content: bytes, *, by: User) -> Import:
    scope = str(scene.track.pk)
    return accounts.keep_sheet(
        content, name="a.xlsx", kind=services.PROPOSALS, scope=scope, by=by, at=make.NOON
    )


def enter(scene: Scene, sheet: Import) -> services.Inspection:
    return services.enter_proposals(
        sheet,
        sha256=sheet.sha256,
        track=scene.track,
        paths=[scene.agency.path],
        by=scene.endorser,
        at=make.NOON,
    )


def test_the_empty_sheet_asks_for_what_the_form_asks(client: Client, scene: Scene) -> None:
    client.force_login(scene.organizer)

    answer = client.get(reverse("proposals:import-sheet", args=["kipp-2020", scene.track.key]))

    book = load_workbook(BytesIO(b"".join(answer)))
    assert [cell.value for cell in book["proposal"][1]][-3:] == [
        "tim",
        "1. Ringkasan (maks. 10 kata)",
        "2. Dampak (maks. 10 kata)",
    ]
    assert [row[1].value for row in book["unit"].rows] == [
        "nama",
        "Dinas Kesehatan",
        "Puskesmas Janti",
    ]


def test_a_row_becomes_a_draft_of_its_unit(client: Client, scene: Scene) -> None:
    client.force_login(scene.organizer)

    shown = upload(client, scene.track, sheet_of(scene.track, GOOD))
    page = client.get(shown["Location"])
    done = client.post(shown["Location"], {"sha256": Import.objects.get().sha256})

    assert page.status_code == 200
    assert done["Location"] == reverse("proposals:board", args=["kipp-2020"])
    draft = Proposal.objects.get()
    team = list(draft.team.values_list("name", "role", "nip"))
    assert (draft.title, draft.unit, draft.status) == ("Antar Obat", scene.clinic, "draft")
    assert (str(draft.started_on), draft.sdgs) == ("2017-12-31", [3, 10])
    assert list(draft.answers.values_list("section__key", "text")) == [
        ("ringkasan", "- satu dua\n- tiga")
    ]
    assert team == [
        ("Dr. Siti Aminah, M.Si.", "ketua", "199608182022042001"),
        ("Budi", "anggota", ""),
    ]
    assert bytes(Import.objects.get().content) == b""


def test_a_large_sheet_is_entered_by_a_job(
    client: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROWS_AT_ONCE, "proposals", 0)
    client.force_login(scene.organizer)

    shown = upload(client, scene.track, sheet_of(scene.track, GOOD))
    asked = client.post(shown["Location"], {"sha256": Import.objects.get().sha256})
    (job,) = finish_jobs()

    assert asked["Location"] == reverse("job", args=[job.pk])
    assert (job.status, job.outcome) == ("done", {"rows": 1})
    assert KINDS[job.kind].page(job) == reverse("proposals:board", args=["kipp-2020"])
    assert Proposal.objects.get().unit == scene.clinic


def test_every_problem_is_listed_with_its_cell_and_nothing_is_kept(
    client: Client, scene: Scene
) -> None:
    make.unit("Dinas Lain", parent=scene.city)
    make.proposal(scene.clinic, scene.track, "Sudah Ikut")
    client.force_login(scene.endorser)
    content = sheet_of(
        scene.track,
        GOOD | {"1. Ringkasan": "kata " * 12, "kategori": "Entah", "tpb": "3, 18"},
        GOOD | {"unit": "Dinas Lain", "diterapkan sejak": "kemarin", "tautan video": "http://x"},
        {"judul": "=1+1", "unit": "Puskesmas Janti", "2.": "=A1", "tim": "Siti"},
        {"judul": "sudah  ikut", "unit": "Puskesmas Janti"},
        {"unit": "Puskesmas Janti", "tim": "Siti; ketua; 12"},
    )

    answer = upload(client, scene.track, content)

    assert answer.status_code == 422
    cells = [(each.row, each.cell) for each in answer.context["problems"]]
    assert cells == [
        (2, "D2"), (2, "F2"), (2, "I2"),
        (3, "A3"), (3, "C3"), (3, "E3"), (3, "G3"),
        (4, "A4"), (4, "H4"), (4, "J4"),
        (5, "A5"),
        (6, "A6"), (6, "H6"),
    ]  # fmt: skip
    assert not Import.objects.exists()


def test_the_check_foresees_what_the_rules_will_say(client: Client, scene: Scene) -> None:
    scene.submitted("Sudah Masuk")
    make.rule(scene.track, "quota", limit=2, article="Pasal 6")
    make.rule(scene.track, "unit_quota", limit=9, items=["service=1"], article="Pasal 7")
    make.rule(scene.track, "min_age", limit=24, article="Pasal 8")
    make.rule(scene.track, "tier_limit", limit=2, tiers=["Top 99"], article="Pasal 9")
    known = make.innovation(scene.clinic, "Antar Obat")
    won = [services.Past("KIPP", "nasional", year, "Top 99") for year in (2018, 2019)]
    services.keep_awards({known.pk: won})
    client.force_login(scene.endorser)
    agencys = GOOD | {"unit": "Dinas Kesehatan"}
    rows = [
        agencys | {"judul": "Pos"},
        GOOD,
        agencys | {"judul": "Gizi", "diterapkan sejak": "2025"},
    ]

    shown = upload(client, scene.track, sheet_of(scene.track, *rows))
    page = client.get(shown["Location"])

    entered = page.context["found"].proposals
    assert [[(each.code, each.article) for each in row.findings] for row in entered] == [
        [],
        [("over_quota", "Pasal 6"), ("unit_over_quota", "Pasal 7"), ("won_too_often", "Pasal 9")],
        [("over_quota", "Pasal 6"), ("too_young", "Pasal 8")],
    ]
    assert "(Pasal 9)" in page.content.decode()


def test_an_endorser_does_not_learn_what_other_agencies_have_begun(
    client: Client, scene: Scene
) -> None:
    other = make.unit("Dinas Lain", parent=scene.city)
    make.proposal(other, scene.track, "Antar Obat")
    client.force_login(scene.endorser)

    assert upload(client, scene.track, sheet_of(scene.track, GOOD)).status_code == 302


def test_one_refused_row_takes_the_whole_sheet_back(scene: Scene) -> None:
    sheet = kept(scene, sheet_of(scene.track, GOOD, GOOD | {"judul": "Kedua"}), by=scene.endorser)
    scene.submission.ends_at = make.NOON - make.DAY
    scene.submission.save(update_fields=["ends_at"])

    with pytest.raises(ValidationError, match=r"2.*") as refused:
        enter(scene, sheet)

    assert refused.value.code == "row"
    assert not Proposal.objects.exists()
    assert Import.objects.get().applied_at is None


def test_a_double_click_enters_the_rows_once(scene: Scene) -> None:
    sheet = kept(scene, sheet_of(scene.track, GOOD), by=scene.endorser)

    enter(scene, sheet)
    again = enter(scene, sheet)

    assert [problem.cell for problem in again.problems] == ["A2"]
    assert Proposal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_time_enter_the_rows_once() -> None:
    scene = city_scene()
    sheet = kept(scene, sheet_of(scene.track, GOOD), by=scene.endorser)
    barrier = Barrier(2)

    def click(_number: int) -> str:
        mine = Import.objects.get(pk=sheet.pk)
        barrier.wait()
        try:
            return "problems" if enter(scene, mine).problems else "entered"
        except ValidationError as error:
            return str(error.code)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(click, range(2)))

    assert said in (["applied", "entered"], ["entered", "problems"])
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x" * (10 * 1024 * 1024),
        b"PK\x03\x04broken",
        b"%PDF-1.7\n",
        b"\0" * 99,
        write_xlsx(["judul", "unit"], [["a", "b"]], title="x"),
    ],
    ids=["empty", "10 MB", "broken", "pdf", "nul", "other columns"],
)
def test_a_wrong_file_is_refused_with_a_sentence(
    client: Client, scene: Scene, content: bytes
) -> None:
    client.force_login(scene.organizer)

    answer = upload(client, scene.track, content)

    assert answer.status_code == 422
    assert answer.context["form"].errors["file"][0].endswith(".")


HISTORY = "judul;kepanjangan;unit;bidang;kompetisi;tingkat;tahun;hasil\n"


def upload_history(client: Client, rows: str) -> Any:
    file = SimpleUploadedFile("riwayat.csv", (HISTORY + rows).encode())
    return client.post(reverse("proposals:history-import"), {"file": file})


def test_results_of_the_past_enter_the_register(client: Client, scene: Scene) -> None:
    client.force_login(scene.chair)
    known = make.innovation(scene.clinic, "Antar Obat")

    shown = upload_history(
        client,
        "antar obat;;Puskesmas Janti;;KIPP;nasional;2019;Top 99\n"
        "Bank Sampah;Emas Hitam;;lingkungan;KIPP;nasional;2015;Top 25\n"
        "bank  sampah;;;;KIPP;nasional;;Top 99\n",
    )
    page = client.get(shown["Location"])
    done = client.post(shown["Location"], {"sha256": Import.objects.get().sha256})

    assert (page.status_code, done["Location"]) == (200, reverse("proposals:register"))
    assert sorted(RegisterEntry.objects.values_list("title", "tiers")) == [
        ("Antar Obat", ["Top 99"]),
        ("Bank Sampah", ["Top 25", "Top 99"]),
    ]
    assert EarlierAward.objects.get(year=2019).innovation == known


def test_what_is_wrong_with_results_is_listed_with_its_cell(client: Client, scene: Scene) -> None:
    client.force_login(make.user(is_staff=True))
    row = "Bank Sampah;;;;KIPP;nasional;2015;Top 25\n"
    services.register_past_innovation(
        None,
        title="Bank Sampah",
        awards=[services.Past("KIPP", "nasional", 2015, "Top 25")],
        by=scene.chair,
        at=make.NOON,
    )

    answer = upload_history(
        client, f"{row}X;;Entah;;KIPP;galaksi;3000;Top\nY;;;;;kota;;\nY;;;;;kota;;\n"
    )

    assert answer.status_code == 422
    assert [(each.row, each.cell) for each in answer.context["problems"]] == [
        (2, ""),
        (3, "C3"), (3, "F3"), (3, "G3"),
        (4, "E4"), (4, "H4"),
        (5, ""), (5, "E5"), (5, "H5"),
    ]  # fmt: skip
