"""Results on their way from the closed stage to the public, and what they leave behind."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts import takeaway
from judging import services
from judging.models import Award, Publication
from tests import make
from tests.clients import signed_in
from tests.finishing import finish_jobs
from tests.judging.field import at, closed, opened, published

pytestmark = pytest.mark.django_db


def test_results_show_every_judge_and_how_ties_broke() -> None:
    made = opened(judges=2, entries=3)
    made.stage.__class__.objects.update(tie_break=["criterion:signifikansi"], advance_count=1)
    for judge in made.judges:
        made.score(judge, 0, "80", "80")
        made.score(judge, 1, "90", "65")
        made.score(judge, 2, "10", "10")
    services.close_stage(made.stage, by=made.chair, at=make.NOON)

    page = signed_in(made.chair).get(at(made, "results"))

    lines = page.context["results"].lines
    assert [(line.place, line.rank, line.unit, line.advances) for line in lines] == [
        (1, 1, "Dinas 01", True),
        (2, 1, "Dinas 00", False),
        (3, 3, "Dinas 02", False),
    ]
    assert [line.tie_label for line in page.context["results"].ties] == ["Signifikansi"] * 2
    assert len(page.context["spread"]) == 3


def test_exports_hold_the_same_table_and_defuse_formulas() -> None:
    made, _ranking = closed(judges=1, entries=2)
    proposal = made.competition.proposals.get(unit=made.agencies[0])
    proposal.title = "=cmd|' /C calc'!A0"
    proposal.save(update_fields=["title"])
    client = signed_in(made.chair)

    text = client.get(at(made, "results-csv")).content.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(client.get(at(made, "results-xlsx")).content))

    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[1][3] == "'=cmd|' /C calc'!A0"
    assert [row[0] for row in rows[1:]] == ["1", "2"]
    assert rows[1][5:8] == ["86", "86", "86"]
    sheet = book.worksheets[0]
    assert sheet["D2"].data_type == "s"
    assert sheet["D2"].value == "=cmd|' /C calc'!A0"


def test_results_travel_from_proposal_through_a_second_person_to_the_public() -> None:
    made, _ranking = closed()
    slug = made.competition.slug
    public = reverse("judging:public-results", args=[slug])
    form = {"decree_number": "188.45/1", "decree_on": "2026-03-02", "signer_role": "Wali Kota"}
    organizer, chair = signed_in(made.organizer), signed_in(made.chair)

    bad = organizer.post(at(made, "publication-propose"), {"decree_number": "", "decree_on": "x"})
    organizer.post(at(made, "publication-propose"), form)
    number = Publication.objects.get().number
    release = reverse("judging:publication-release", args=[slug, number])
    hidden = Client().get(public)
    own = organizer.post(release)
    preview = chair.get(release)
    released = chair.post(release)
    shown = Client().get(public)
    withdrawn = chair.post(
        reverse("judging:publication-withdraw", args=[slug, number]), {"reason": "Salah SK"}
    )
    gone = Client().get(public)

    assert bad.status_code == 422
    assert hidden.context["results"] is None
    assert own.status_code == 403
    assert released.headers["Location"] == public
    assert [winner.title for winner in shown.context["results"].winners] == [
        winner.title for winner in preview.context["results"].winners
    ]
    assert [(tier.name, len(tier.winners)) for tier in shown.context["results"].tiers] == [
        ("Top 1", 1),
        ("Top 2", 1),
    ]
    assert withdrawn.status_code == 302
    assert gone.context["results"] is None


def test_release_asks_for_the_password_again() -> None:
    made, _ranking = closed()
    made.chair.set_password("sandi-yang-panjang")
    made.chair.save(update_fields=["password"])
    publication = services.propose_publication(
        made.stage, decree_number="1", decree_on=date(2026, 3, 2), by=made.organizer, at=make.NOON
    )
    url = reverse("judging:publication-release", args=[made.competition.slug, publication.number])

    asked = signed_in(made.chair).post(url)

    assert asked.status_code == 302
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    publication.refresh_from_db()
    assert publication.status == "proposed"


def test_close_asks_for_the_password_and_then_does_what_was_sent() -> None:
    made = opened(judges=1, entries=1)
    made.chair.set_password("sandi-yang-panjang")
    made.chair.save(update_fields=["password"])
    client = signed_in(made.chair)

    asked = client.post(at(made, "stage-close"), {"missing": "1", "confirm": "on"})
    made.stage.refresh_from_db()
    before = made.stage.status
    done = client.post(asked.headers["Location"], {"password": "sandi-yang-panjang"})

    made.stage.refresh_from_db()
    assert (before, made.stage.status) == ("open", "closed")
    assert done.headers["Location"] == at(made, "results")


def test_unreleased_results_are_nobodys_business() -> None:
    made, _ranking = closed()
    slug = made.competition.slug

    assert Client().get(reverse("judging:public-results-csv", args=[slug])).status_code == 404
    publication = services.propose_publication(
        made.stage, decree_number="1", decree_on=date(2026, 3, 2), by=made.organizer, at=make.NOON
    )
    page = reverse("judging:publication", args=[slug, publication.number])
    assert signed_in(made.judges[0]).get(page).status_code == 404
    assert Award.objects.count() == 0


def test_public_csv_names_winners_and_no_judge() -> None:
    made, _publication = published()

    reply = Client().get(reverse("judging:public-results-csv", args=[made.competition.slug]))

    rows = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig")), delimiter=";"))
    codes = dict(Award.objects.values_list("place", "code"))
    decree = ("188.45/1/2026", "2026-03-02")
    assert rows[1:] == [
        ["1", "Top 1", "Inovasi Dinas 00", "Dinas 00", "86", codes[1], *decree],
        ["2", "Top 2", "Inovasi Dinas 01", "Dinas 01", "85", codes[2], *decree],
    ]
    assert "Juri" not in reply.content.decode()


def test_certificates_verify_as_long_as_the_publication_stands() -> None:
    made, publication = published()
    award = publication.awards.get(place=1)
    page = reverse("judging:certificate", args=[award.code.lower()])
    pdf = reverse("judging:certificate-pdf", args=[award.code])
    archive = reverse("judging:certificates-make", args=[made.competition.slug, publication.number])

    genuine = Client().get(page)
    paper = Client().get(pdf).content
    made_all = signed_in(made.organizer).post(archive, follow=True).context["job"]
    finish_jobs()
    download = reverse("job-file", args=[made_all.pk])
    packed = zipfile.ZipFile(io.BytesIO(signed_in(made.organizer).get(download).getvalue()))
    assert genuine.context["stands"]
    assert Client().get(pdf).content == paper
    assert len(pikepdf.open(io.BytesIO(paper)).pages) == 1
    assert [name[:3] for name in packed.namelist()] == ["001", "002", "MAN"]
    assert packed.read(packed.namelist()[0]) == paper

    services.withdraw_publication(publication, reason="Salah", by=made.chair, at=make.NOON)

    assert not Client().get(page).context["stands"]
    assert Client().get(pdf).status_code == 404
    assert signed_in(made.organizer).post(archive).status_code == 403
    assert signed_in(made.organizer).get(download).status_code == 403
    assert Client().get(reverse("judging:certificate", args=["XXXX"])).status_code == 404
    assert Client().get(reverse("judging:winner-photo", args=[award.code])).status_code == 404


def test_table_of_more_cells_is_made_by_a_worker_and_is_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, _ranking = closed(judges=2, entries=3)
    client, url = signed_in(made.organizer), at(made, "results-csv")
    at_once = client.get(url).content
    cells = 3 * at_once.splitlines()[0].count(b";") + 3

    monkeypatch.setattr(takeaway, "AT_ONCE", {"cells": cells})
    same = client.get(url).content
    monkeypatch.setattr(takeaway, "AT_ONCE", {"cells": cells - 1})
    offered = client.get(url).content.decode()
    client.post(url)
    (job,) = finish_jobs()

    assert same == at_once
    assert "Have the file made" in offered
    page = client.get(reverse("job", args=[job.pk])).content.decode()
    assert at(made, "results") in page
    assert client.get(reverse("job-file", args=[job.pk])).getvalue() == at_once


def test_rank_prints_a_table_or_csv_of_closed_stages_only(
    capsys: pytest.CaptureFixture[str],
) -> None:
    made, ranking = closed(judges=2, entries=3)
    name = f"{made.competition.slug}/{made.stage.key}"

    call_command("rank", name)
    table = capsys.readouterr().out.splitlines()
    call_command("rank", str(made.stage.pk), "--csv")
    text = capsys.readouterr().out

    assert table[1].split() == ["*", "1", "1", "86", "2", "Inovasi", "Dinas", "00"]
    assert table[-1] == f"Inputs {ranking.inputs_hash}"
    assert len(text.splitlines()) == 4
    services.reopen_stage(made.stage, reason="x", by=made.chair, at=make.NOON)
    with pytest.raises(CommandError, match="not closed"):
        call_command("rank", name)
    with pytest.raises(CommandError, match="no stage"):
        call_command("rank", "tidak/ada")
