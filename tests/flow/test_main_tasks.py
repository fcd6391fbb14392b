"""The three main tasks without a script, and with nothing but a keyboard."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from judging import services
from judging.models import Assignment, Publication
from judging.queries.desk import COMES_BACK
from proposals import services as proposals
from proposals.models import Proposal
from tests import make, small_year
from tests.flow import desk
from tests.flow.desk import Lobby
from tests.judging.field import City, city
from tests.lib import samples
from tests.small_year import Year

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

TEXTS = {"ringkasan": small_year.SUMMARY, "dampak": small_year.IMPACT}


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    file = tmp_path / "surat.pdf"
    file.write_bytes(samples.pdf_file())
    return file


def begun() -> Year:
    """An innovation of the unit is entered; its proposal is empty."""
    year = small_year.published(at=timezone.now())
    author = year.people["author"]
    year.innovation = proposals.register_innovation(
        year.clinic, title="Antrean Rumah", by=author, at=year.at
    )
    track = year.competition.tracks.get()
    year.proposal = proposals.start_proposal(
        year.innovation, track=track, unit=year.clinic, by=author, at=year.at
    )
    return year


def before_the_judges() -> tuple[Year, int]:
    year = small_year.judged(at=timezone.now())
    return year, year.sheet("judge").pk


def status_of(year: Year) -> str:
    return Proposal.objects.get(pk=year.proposal.pk).status


def link_to(name: str, *args: object) -> str:
    return f'main a[href="{reverse(name, args=args)}"]'


def button_of(name: str, *args: object) -> str:
    return f'main form[action*="{reverse(name, args=args)}"] button'


def button_to(name: str, *args: object) -> str:
    return f'main button[formaction="{reverse(name, args=args)}"]'


def without_script(lobby: Lobby, year: Year, role: str) -> Page:
    return lobby.enter(year.people[role], java_script_enabled=False)


def test_proposal_is_written_sent_and_endorsed_without_a_script(lobby: Lobby, letter: Path) -> None:
    year = begun()
    page = lobby.sign_in(year.people["author"], java_script_enabled=False)
    pk = year.proposal.pk

    desk.go(page, "proposals:header-edit", pk)
    page.locator("[name=category]").select_option(label="Kesehatan")
    desk.fill(page, started_on=f"{year.at.year - 2}-01-15")
    desk.send(page)
    desk.go(page, "proposals:section-edit", pk, "ringkasan")
    for key, text in TEXTS.items():
        desk.expect_at(page, "proposals:section-edit", pk, key)
        desk.fill(page, text=text)
        page.locator("button[form=page-form]").click()
    desk.go(page, "proposals:attachment-list", pk)
    page.locator("#file-surat").set_input_files(letter)
    desk.press(page, "proposals:attachment-upload", pk, "surat")
    desk.go(page, "proposals:proposal-check", pk)
    desk.send(page, "proposals:proposal-send", pk)
    assert status_of(year) == "awaiting"
    page = without_script(lobby, year, "endorser")
    desk.go(page, "proposals:endorsement-page", pk)
    page.locator("[name=statement]").check()
    desk.send(page, "proposals:endorsement-submit", pk)

    desk.expect_at(page, "proposals:receipt", pk)
    assert status_of(year) == "submitted"


def form_stands(page: Page, *, width: int) -> str:
    """Where the scorecard is, seen from what its judge reads."""
    page.set_viewport_size({"width": width, "height": 900})
    reading = page.locator(".reading > :first-child").bounding_box()
    form = page.locator("#scorecard").bounding_box()
    assert reading is not None
    assert form is not None
    if form["x"] >= reading["x"] + reading["width"]:
        return "beside"
    return "below" if form["y"] >= reading["y"] + reading["height"] else "over"


def test_sheet_is_scored_without_a_script(lobby: Lobby) -> None:
    year, sheet = before_the_judges()
    page = without_script(lobby, year, "judge")

    desk.go(page, "judging:sheet", sheet)
    assert [form_stands(page, width=width) for width in (360, 1280)] == ["below", "beside"]
    desk.fill(page, **{"nilai-kebaruan": "3"})
    desk.choose(page, "nilai-dampak", "3")
    desk.press(page, "judging:sheet-submit", sheet)

    assert Assignment.objects.get(pk=sheet).status == "submitted"


def test_results_are_proposed_and_released_without_a_script(lobby: Lobby) -> None:
    year = small_year.decided(at=timezone.now())
    slug, stage = year.competition.slug, year.stage("paparan").key
    organizer = without_script(lobby, year, "organizer")

    desk.go(organizer, "judging:publication-propose", slug, stage)
    desk.fill(organizer, decree_number="188.45/1/2026", decree_on=f"{year.at.year}-01-02")
    desk.send(organizer)
    desk.expect_at(organizer, "judging:publication", slug, 1)
    chair = without_script(lobby, year, "chair")
    desk.go(chair, "judging:publication-release", slug, 1)
    desk.fill(chair, password=small_year.PASSWORD)  # asked once more before the release
    desk.send(chair)
    desk.send(chair, "judging:publication-release", slug, 1)

    desk.expect_at(chair, "judging:public-results", slug)
    assert Publication.objects.get().status == "released"


def test_proposal_is_written_sent_and_endorsed_by_keyboard(lobby: Lobby, letter: Path) -> None:
    year = begun()
    page, pk = lobby.enter(year.people["author"]), year.proposal.pk
    page.on("filechooser", lambda chooser: chooser.set_files(letter))

    desk.go(page, "proposals:proposal-page", pk)
    desk.enter_on(page, link_to("proposals:header-edit", pk))
    desk.tab_to(page, "[name=category]")
    page.keyboard.press("ArrowDown")
    desk.tab_to(page, "[name=started_on]")
    page.keyboard.type(f"0101{year.at.year - 2}")  # in whatever order of day and month
    desk.enter_on(page, "#page-form .btn-primary")
    for key, text in TEXTS.items():
        desk.expect_at(page, "proposals:section-edit", pk, key)
        desk.type_into(page, "[name=text]", text)
        desk.enter_on(page, "button[form=page-form]")
    desk.expect_at(page, "proposals:attachment-list", pk)
    desk.tab_to(page, "#file-surat")
    page.keyboard.press("Enter")
    expect(page.locator("#slot-surat a.file-name")).to_have_text(letter.name)
    desk.enter_on(page, link_to("proposals:proposal-check", pk))
    desk.enter_on(page, button_of("proposals:proposal-send", pk))
    assert status_of(year) == "awaiting"
    page = lobby.enter(year.people["endorser"])
    desk.go(page, "proposals:endorsement-queue")
    desk.enter_on(page, link_to("proposals:endorsement-page", pk))
    desk.tab_to(page, "[name=statement]")
    page.keyboard.press("Space")
    desk.enter_on(page, button_of("proposals:endorsement-submit", pk))

    assert status_of(year) == "submitted"


def thirty_sheets() -> City:
    """One judge has thirty entries to read; one criterion is typed and one is chosen."""
    made = city(judges=1, entries=30, scale_max=4, scale_step=1)
    levels = [{"value": value, "label": f"Tingkat {value}"} for value in range(5)]
    made.stage.criteria.filter(key="kebaruan").update(levels=levels)
    services.open_stage(made.stage, by=made.chair, at=make.NOON, seed=7)
    return made


def test_thirty_sheets_are_scored_by_keyboard_each_in_k_plus_2_activations(lobby: Lobby) -> None:
    """Two of them are kept for later; the portal leads to them last, and to their list."""
    made = thirty_sheets()
    own = Assignment.objects.order_by("position")
    sheets = list(own.values_list("pk", flat=True))
    later = [sheets[4], sheets[29]]
    page, counts = lobby.enter(made.judges[0]), []
    page.add_init_script(desk.COUNT_ACTIVATIONS)

    desk.go(page, "judging:queue", made.stage.pk)
    desk.enter_on(page, link_to("judging:sheet", sheets[0]))
    for sheet in sheets:
        desk.expect_at(page, "judging:declaration", sheet)
        desk.count_anew(page)
        assert desk.skip_to(page, "#declare") <= 2
        desk.enter_on(page, "#declare button")
        desk.expect_at(page, "judging:sheet", sheet)
        assert desk.skip_to(page, "#scorecard") <= 2
        if sheet in later:
            desk.tab_to(page, "[name=kembali]")
            page.keyboard.press("Space")
            desk.enter_on(page, button_to("judging:sheet-save-next", sheet))
        else:
            score_and_go_on(page, sheet)
        counts.append(desk.activations(page))
    for sheet in later:
        desk.expect_at(page, "judging:sheet", sheet)
        desk.count_anew(page)
        assert desk.skip_to(page, "#scorecard") <= 2
        score_and_go_on(page, sheet)
        counts.append(desk.activations(page))
    page.wait_for_url(f"**{reverse('judging:queue', args=[made.stage.pk])}?keadaan={COMES_BACK}")
    desk.enter_on(page, link_to("judging:sheet", later[0]))
    desk.enter_on(page, button_of("judging:sheet-mark", later[0]))

    assert max(counts) == made.stage.criteria.count() + 2
    assert set(own.values_list("status", "total")) == {("submitted", Decimal("1.6"))}
    assert list(own.filter(comes_back=True).values_list("pk", flat=True)) == later[1:]


def score_and_go_on(page: Page, sheet: int) -> None:
    assert desk.type_into(page, "[name=nilai-signifikansi]", "2") == 1
    desk.tab_to(page, "[name=nilai-kebaruan]")
    page.keyboard.press("ArrowDown")
    desk.enter_on(page, button_to("judging:sheet-submit", sheet))


def test_results_are_proposed_and_released_by_keyboard(lobby: Lobby) -> None:
    year = small_year.decided(at=timezone.now())
    slug, stage = year.competition.slug, year.stage("paparan").key
    organizer = lobby.enter(year.people["organizer"])

    desk.go(organizer, "judging:results", slug, stage)
    desk.enter_on(organizer, link_to("judging:publication-propose", slug, stage))
    desk.type_into(organizer, "[name=decree_number]", "188.45/1/2026")
    desk.tab_to(organizer, "[name=decree_on]")
    organizer.keyboard.type(f"0101{year.at.year}")
    desk.enter_on(organizer, "main form[method=post] button.btn-primary")
    desk.expect_at(organizer, "judging:publication", slug, 1)
    chair = lobby.enter(year.people["chair"])
    desk.go(chair, "judging:publication", slug, 1)
    desk.enter_on(chair, link_to("judging:publication-release", slug, 1))
    desk.type_into(chair, "main [name=password]", small_year.PASSWORD)
    desk.enter_on(chair, "main form[method=post] .btn-primary")
    desk.enter_on(chair, button_of("judging:publication-release", slug, 1))

    assert Publication.objects.get().status == "released"
