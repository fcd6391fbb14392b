from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Message, User
from competitions.models import CommitteeSeat
from competitions.reminders import Obligation
from judging import services
from judging.models import Assignment, Award, Publication, Ranking, Score, Standing
from judging.queries import judges_with_open_sheets
from judging.queries.results import results_of
from tests import make
from tests.judging.field import City, city, closed, find_offenders, opened
from tests.judging.test_desk import signed_in

pytestmark = pytest.mark.django_db


def at(made: City, name: str, *more: object) -> str:
    return reverse(f"judging:{name}", args=[made.competition.slug, made.stage.key, *more])


def published(*, entries: int = 3) -> tuple[City, Publication]:
    made, _ranking = closed(entries=entries)
    publication = services.propose_publication(
        made.stage,
        decree_number="188.45/1/2026",
        decree_on=date(2026, 3, 2),
        by=made.organizer,
        at=make.NOON,
    )
    services.release_publication(publication, by=made.chair, at=make.NOON)
    return made, publication


def test_organiser_sees_counts_but_no_total_before_the_close() -> None:
    made = opened(judges=2, entries=2)
    made.score(made.judges[0], 0, "83", "61")  # 74.2
    client = signed_in(made.chair)
    shown = [client.get(at(made, name)) for name in ("stage", "entry-list", "stage-close")]

    for page in shown:
        text = page.content.decode()
        assert page.status_code == 200
        assert not [leak for leak in ("74,2", "74.2", "83,00", "61,00") if leak in text]
    assert [client.get(at(made, name)).status_code for name in ("results", "results-csv")] == [
        403,
        403,
    ]
    assert results_of(made.stage) is None
    assert [row["done_count"] for row in shown[0].context["judges"]] == [1, 0]


def test_totals_hide_again_when_the_stage_is_reopened() -> None:
    made, _ranking = closed()
    client = signed_in(made.chair)
    assert client.get(at(made, "results")).status_code == 200

    stage = services.reopen_stage(made.stage, reason="Keberatan", by=made.chair, at=make.NOON)

    assert client.get(at(made, "results")).status_code == 403
    assert client.get(at(made, "results-xlsx")).status_code == 403
    assert results_of(stage) is None


def test_two_databases_that_differ_in_one_score_look_alike_before_the_close() -> None:
    """Non-interference: whatever a judge typed, the committee's pages are the same bytes."""
    made = opened(judges=2, entries=2)
    judge = made.judges[0]
    made.score(judge, 0, "83", "61")
    client = signed_in(made.organizer)
    names = ("stage", "entry-list")
    before = [client.get(at(made, name)).content for name in names]

    Score.objects.filter(criterion__key="kebaruan").update(value=12)
    Assignment.objects.filter(status="submitted").update(total="54.6")

    after = [client.get(at(made, name)).content for name in names]
    assert [_without_tokens(page) for page in before] == [_without_tokens(page) for page in after]


def _without_tokens(page: bytes) -> list[bytes]:
    return [
        line
        for line in page.splitlines()
        if b"csrfmiddlewaretoken" not in line and b"server-time" not in line
    ]


@pytest.mark.parametrize("name", ["stage", "entry-list", "stage-setup", "stage-open"])
def test_committee_pages_do_not_exist_for_others(name: str) -> None:
    made = city()
    outsiders = [made.judges[0], make.user(is_staff=True, is_superuser=True), make.user()]
    make.seat(outsiders[2], make.competition(), CommitteeSeat.Role.CHAIR)

    assert [signed_in(each).get(at(made, name)).status_code for each in outsiders] == [404] * 3
    assert Client().get(at(made, name)).status_code == 302
    assert signed_in(made.chair).get(at(made, name)).status_code == 200


def test_auditor_looks_but_does_not_touch() -> None:
    made, _ranking = closed()
    auditor = make.user()
    make.seat(auditor, made.competition, CommitteeSeat.Role.AUDITOR)
    client = signed_in(auditor)

    assert client.get(at(made, "results")).status_code == 200
    assert client.post(at(made, "stage-reopen"), {"reason": "x"}).status_code == 403
    assert client.get(at(made, "publication-propose")).status_code == 403


def law_form(made: City, **changes: str) -> dict[str, str]:
    stage = made.stage
    form = {
        "version": str(stage.version),
        "name": stage.name,
        "kind": stage.kind,
        "scale_min": "0",
        "scale_max": "100",
        "scale_step": "1",
        "method": "mean",
        "method_parameter": "",
        "rounding_step": "0.01",
        "min_readings": "1",
        "readings": "",
        "rank_style": "standard",
        "tie_margin": "0",
        "tie_break": "criterion:signifikansi,median",
        "at_line": "keep",
        "advance_count": "2",
        "stage_weights": "",
        "kriteria-TOTAL_FORMS": "2",
        "kriteria-INITIAL_FORMS": "2",
        "kriteria-0-key": "signifikansi",
        "kriteria-0-label": "Signifikansi",
        "kriteria-0-weight": "70",
        "kriteria-0-levels": "25 = Kurang\n100 = Istimewa",
        "kriteria-1-key": "kebaruan",
        "kriteria-1-label": "Kebaruan",
        "kriteria-1-weight": "30",
    }
    return {**form, **changes}


def test_setup_saves_law_and_rubric() -> None:
    made = city()
    client = signed_in(made.chair)

    shown = client.get(at(made, "stage-setup"))
    saved = client.post(at(made, "stage-setup"), law_form(made))

    assert shown.status_code == 200
    assert saved.headers["Location"] == at(made, "stage")
    made.stage.refresh_from_db()
    assert made.stage.tie_break == ["criterion:signifikansi", "median"]
    assert list(made.stage.criteria.values_list("key", "weight", "levels")) == [
        (
            "signifikansi",
            Decimal(70),
            [{"value": "25", "label": "Kurang"}, {"value": "100", "label": "Istimewa"}],
        ),
        ("kebaruan", Decimal(30), []),
    ]
    stale = client.post(at(made, "stage-setup"), law_form(made, version="1", name="Nama saya"))
    assert stale.status_code == 409
    assert "Nama saya" in stale.content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"scale_max": "-1"},
        {"scale_step": "0"},
        {"advance_count": "0"},
        {"name": "x" * 161},
        {"stage_weights": "desk: 30"},
        {"stage_weights": "desk = NaN"},
        {"kriteria-0-weight": "1e400"},
        {"kriteria-0-key": "../etc"},
        {"kriteria-1-key": "signifikansi"},
        {"kriteria-0-levels": "tinggi = 5"},
    ],
)
def test_setup_refuses_nonsense_and_keeps_what_was_typed(changes: dict[str, str]) -> None:
    made = city()

    page = signed_in(made.chair).post(
        at(made, "stage-setup"), law_form(made, **{"name": "Nama saya", **changes})
    )

    assert page.status_code == 422
    made.stage.refresh_from_db()
    assert made.stage.name == "Desk"
    assert list(made.stage.criteria.values_list("weight", flat=True)) == [60, 40]


def test_panel_is_seated_by_mail_and_needs_a_second_factor() -> None:
    made = city(judges=1)
    client = signed_in(made.chair)
    guest = {"email": "juri@kampus.example", "full_name": "Prof. Guru", "capacity": ""}

    seated = client.post(at(made, "panelist-seat"), guest)
    twice = client.post(at(made, "panelist-seat"), guest)
    bad = client.post(at(made, "panelist-seat"), {"email": "bukan", "full_name": "<script>"})

    person = User.objects.get(email="juri@kampus.example")
    assert seated.headers["Location"] == at(made, "stage")
    assert (twice.status_code, bad.status_code) == (422, 422)
    assert person.must_use_mfa
    assert Message.objects.filter(to_email=person.email).count() == 1
    seat = made.stage.panel.get(user=person)
    client.post(at(made, "panelist-unseat", seat.pk))
    assert not made.stage.panel.filter(user=person).exists()


def test_opening_previews_and_then_opens() -> None:
    made = city()
    make.membership(made.judges[0], made.agencies[0])
    client = signed_in(made.chair)

    preview = client.get(at(made, "stage-open"))
    opening = client.post(at(made, "stage-open"))

    loads = [load.entry_count for load in preview.context["opening"].loads]
    assert sorted(loads) == [2, 3]
    assert opening.headers["Location"] == at(made, "stage")
    assert client.post(at(made, "stage-open")).status_code == 403


def test_opening_says_what_is_missing() -> None:
    made = city()
    made.stage.criteria.filter(key="kebaruan").delete()
    client = signed_in(made.chair)

    preview = client.get(at(made, "stage-open"))
    refused = client.post(at(made, "stage-open"))

    assert len(preview.context["problems"]) == 1
    assert refused.status_code == 422


def test_reminding_a_judge_tells_by_mail() -> None:
    made = opened(judges=1)
    client = signed_in(made.organizer)
    seat = made.stage.panel.get()

    client.post(at(made, "panelist-remind", seat.pk))

    assert Message.objects.filter(kind="judging_sheets_open").count() == 1
    assert client.post(at(made, "panelist-remind", seat.pk + 999)).status_code == 404


def test_closing_asks_for_the_number_that_was_shown() -> None:
    made = opened(judges=1, entries=2)
    client = signed_in(made.chair)
    form = {"missing": "2", "confirm": "on"}

    shown = client.get(at(made, "stage-close"))
    unconfirmed = client.post(at(made, "stage-close"), {"missing": "2"})
    fewer = client.post(at(made, "stage-close"), {**form, "missing": "1"})
    done = client.post(at(made, "stage-close"), form)
    twice = client.post(at(made, "stage-close"), form)

    assert shown.context["missing"] == 2
    assert (unconfirmed.status_code, fewer.status_code) == (422, 409)
    assert done.headers["Location"] == at(made, "results")
    assert twice.status_code == 403
    assert Ranking.objects.count() == 1


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
    assert rows[1:] == [
        ["1", "Top 1", "Inovasi Dinas 00", "Dinas 00", "86", codes[1]],
        ["2", "Top 2", "Inovasi Dinas 01", "Dinas 01", "85", codes[2]],
    ]
    assert "Juri" not in reply.content.decode()


def test_certificates_verify_as_long_as_the_publication_stands() -> None:
    made, publication = published()
    award = publication.awards.get(place=1)
    page = reverse("judging:certificate", args=[award.code.lower()])
    pdf = reverse("judging:certificate-pdf", args=[award.code])
    archive = reverse("judging:certificates-zip", args=[made.competition.slug, publication.number])

    genuine = Client().get(page)
    paper = Client().get(pdf).content
    packed = zipfile.ZipFile(io.BytesIO(signed_in(made.organizer).get(archive).content))
    assert genuine.context["stands"]
    assert Client().get(pdf).content == paper
    assert len(pikepdf.open(io.BytesIO(paper)).pages) == 1
    assert [name[:3] for name in packed.namelist()] == ["001", "002"]
    assert packed.read(packed.namelist()[0]) == paper

    services.withdraw_publication(publication, reason="Salah", by=made.chair, at=make.NOON)

    assert not Client().get(page).context["stands"]
    assert Client().get(pdf).status_code == 404
    assert signed_in(made.organizer).get(archive).status_code == 403
    assert Client().get(reverse("judging:certificate", args=["XXXX"])).status_code == 404
    assert Client().get(reverse("judging:winner-photo", args=[award.code])).status_code == 404


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


def test_reminder_rows_name_judges_with_open_sheets() -> None:
    made = opened(judges=2, entries=2)
    done, late = made.judges
    for number in range(2):
        made.score(done, number, "1", "1")
    made.score(late, 0, "1", "1")

    round_ = made.stage.round
    rows = judges_with_open_sheets(round_)

    assert rows == [Obligation(late, None, make.NOON, 1)]
    assert judges_with_open_sheets(round_, recipient=late) == rows
    assert judges_with_open_sheets(round_, recipient=done) == []
    services.close_stage(made.stage, missing_accepted=1, by=made.chair, at=make.NOON)
    assert judges_with_open_sheets(round_) == []


def test_invariants_hold_after_a_whole_year_and_name_offenders() -> None:
    _made, publication = published()
    assert find_offenders() == []

    sheet = Assignment.objects.filter(status="submitted").first()
    assert sheet is not None
    Score.objects.filter(assignment=sheet, criterion__key="kebaruan").update(value="55.5")
    Standing.objects.filter(place=1).update(score="99")
    publication.ranking.stage.__class__.objects.update(status="closed")

    offenders = find_offenders()
    assert len(offenders) == 4
    assert offenders[0].startswith(f"Scorecard {sheet.pk} says")
    assert offenders[1].endswith("which is not on the scale of its stage.")
    assert offenders[2].endswith("says something else than its inputs.")
    assert offenders[3].endswith("is released while its stage is not locked.")


def test_reopening_needs_a_reason() -> None:
    made, _ranking = closed()
    client = signed_in(made.chair)

    shown = client.get(at(made, "stage-reopen"))
    empty = client.post(at(made, "stage-reopen"), {"reason": ""})
    done = client.post(at(made, "stage-reopen"), {"reason": "Keberatan diterima"})

    assert (shown.status_code, empty.status_code) == (200, 422)
    assert done.headers["Location"] == at(made, "stage")
    made.stage.refresh_from_db()
    assert made.stage.status == "open"
