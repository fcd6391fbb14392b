"""The line of stages and the check before publication: who may, what is refused, what is told."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.audit import trail_of
from competitions.models import Competition, Round, Tier
from competitions.queries.setup import NEEDED_ROUNDS
from competitions.workflow import CompetitionStatus
from judging import services
from judging.models import Criterion, Stage
from judging.queries.readiness import stage_problems
from judging.workflow import StageStatus
from tests import make
from tests.competitions.world import World, build, enter, errors

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """A draft with one judging round that has no stage yet."""
    made = build(status=CompetitionStatus.DRAFT)
    make.round_(made.competition, Round.Kind.JUDGING)
    return made


@pytest.fixture
def organizer(client: Client, world: World) -> Client:
    return enter(client, world, "organizer")


def url(world: World, name: str, *more: object) -> str:
    return reverse(f"judging:{name}", args=[world.competition.slug, *more])


def typed(world: World) -> dict[str, str]:
    round_ = world.competition.rounds.get(key="judging")
    return {
        "name": "Seleksi Berkas",
        "round": str(round_.pk),
        "kind": "desk",
        "advance_count": "10",
    }


def test_stage_is_added_and_its_law_comes_next(organizer: Client, world: World) -> None:
    answer = organizer.post(url(world, "stage-add"), typed(world))

    stage = Stage.objects.get()
    assert answer["Location"] == url(world, "stage-setup", "seleksi-berkas")
    assert (stage.key, stage.name, stage.order, stage.advance_count, stage.round.kind) == (
        "seleksi-berkas",
        "Seleksi Berkas",
        1,
        10,
        "judging",
    )
    assert organizer.get(answer["Location"]).status_code == 200
    entry = trail_of(world.competition).get()
    assert (entry.action, entry.actor) == ("stage.added", world.people["organizer"])


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 161}, "name"),
        ({"round": "999999"}, "round"),
        ({"round": ""}, "round"),
        ({"kind": "pesta"}, "kind"),
        ({"advance_count": "0"}, "__all__"),
        ({"advance_count": "banyak"}, "advance_count"),
    ],
)
def test_bad_stage_is_refused_as_typed(
    organizer: Client, world: World, bad: dict[str, str], field: str
) -> None:
    answer = organizer.post(url(world, "stage-add"), {**typed(world), **bad})

    assert (answer.status_code, list(errors(answer))) == (422, [field])
    assert not Stage.objects.exists()


def test_round_has_one_stage(organizer: Client, world: World) -> None:
    organizer.post(url(world, "stage-add"), typed(world))

    again = organizer.post(url(world, "stage-add"), typed(world))

    assert (again.status_code, list(errors(again))) == (422, ["round"])
    assert organizer.get(url(world, "stage-add")).context["has_rounds"] is False


def test_only_judging_rounds_of_the_competition_have_stages(world: World) -> None:
    foreign = make.round_(make.competition(), Round.Kind.JUDGING)

    for round_ in (world.round, foreign):
        stage = Stage(competition=world.competition, round=round_, name="A", kind="desk")
        with pytest.raises(ValidationError) as caught:
            services.add_stage(stage, by=world.people["organizer"], at=make.NOON)
        assert list(caught.value.message_dict) == ["round"]


def test_line_is_fixed_once_a_stage_was_opened(organizer: Client, world: World) -> None:
    waiting = make.stage(world.competition, "akhir")
    make.stage(world.competition, status=StageStatus.OPEN)

    added = organizer.post(url(world, "stage-add"), typed(world))
    removed = organizer.post(url(world, "stage-remove", waiting.key), {"version": "1"})

    assert (added.status_code, removed.status_code) == (422, 422)
    assert Stage.objects.count() == 2


def test_archived_competition_gets_no_stage(organizer: Client, world: World) -> None:
    Competition.objects.update(status=CompetitionStatus.ARCHIVED)

    assert organizer.post(url(world, "stage-add"), typed(world)).status_code == 422


def test_stage_is_removed_with_its_rubric(organizer: Client, world: World) -> None:
    stage = make.stage(world.competition)
    make.criterion(stage)
    remove = url(world, "stage-remove", stage.key)

    assert "Desk" in organizer.get(remove).content.decode()
    assert organizer.post(remove, {"version": "x"}).status_code == 422
    assert organizer.post(remove, {"version": "7"}).status_code == 409
    assert Stage.objects.exists()
    assert organizer.post(remove, {"version": "1"})["Location"] == url(world, "stage-list")
    assert (Stage.objects.exists(), Criterion.objects.exists()) == (False, False)
    assert trail_of(world.competition).get().action == "stage.removed"


def test_stage_with_a_panel_stays(organizer: Client, world: World) -> None:
    stage = make.stage(world.competition)
    make.panelist(stage)

    answer = organizer.post(url(world, "stage-remove", stage.key), {"version": "1"})

    assert answer.status_code == 422
    assert Stage.objects.exists()


ROLES = """
stage-add             organizer=200 chair=200 auditor=403 author=404 judge=404 sysadmin=404
stage-remove          organizer=200 chair=200 auditor=403 author=404 judge=404 sysadmin=404
competition-publish   organizer=200 chair=200 auditor=403 author=404 judge=404 sysadmin=404
"""


@pytest.mark.parametrize("line", ROLES.strip().splitlines())
def test_every_role_gets_its_answer(world: World, line: str) -> None:
    name, *cells = line.split()
    stage = make.stage(world.competition)
    address = url(world, name, *([stage.key] if name == "stage-remove" else []))
    expected = {role: int(status) for role, status in (cell.split("=") for cell in cells)}

    answers = {role: enter(Client(), world, role).get(address).status_code for role in expected}

    assert answers == expected
    assert Client().get(address).status_code == 302
    refused = {role for role, status in expected.items() if status != 200}
    for role in refused:
        posted = enter(Client(), world, role).post(address, {"version": "1"})
        assert posted.status_code == expected[role]


def test_problems_name_the_round_and_the_law(world: World) -> None:
    stage = make.stage(world.competition)
    make.criterion(stage, weight="60")
    stray = make.stage(world.competition, "akhir", stage_weights={"desk": "50", "awal": "50"})
    make.criterion(stray)
    Round.objects.filter(stage=stray).update(kind=Round.Kind.OBJECTION)

    with translation.override("en"):
        problems = stage_problems(world.competition)

    assert problems[:1] == ["Add the stage of judging: its criteria and its law."]
    assert [problem.partition(":")[0] for problem in problems[1:]] == [
        "Desk",
        "Akhir hangs on judging, which is no judging round.",
        "Akhir",
    ]


def make_ready(world: World) -> None:
    competition = world.competition
    competition.guidelines, competition.contact_email = "Aturan", "a@demo.example"
    competition.save()
    Tier.objects.create(competition=competition, key="top", name="Top 2", size=2)
    make.section(make.track(competition))
    for kind in NEEDED_ROUNDS:
        if not competition.rounds.filter(kind=kind).exists():
            make.round_(competition, kind)


def test_draft_without_a_stage_is_not_published(organizer: Client, world: World) -> None:
    make_ready(world)

    page = organizer.get(url(world, "competition-publish"))
    answer = organizer.post(url(world, "competition-publish"))

    assert len(page.context["missing"]) == 1
    assert "<button" not in page.content.decode().partition("<main")[2].partition("</main")[0]
    assert (answer.status_code, answer.context["missing"]) == (422, page.context["missing"])
    world.competition.refresh_from_db()
    assert world.competition.status == CompetitionStatus.DRAFT


def test_ready_draft_is_published_once(organizer: Client, world: World) -> None:
    make_ready(world)
    organizer.post(url(world, "stage-add"), typed(world))
    make.criterion(Stage.objects.get())

    assert organizer.get(url(world, "competition-publish")).context["missing"] == []
    answer = organizer.post(url(world, "competition-publish"))

    assert answer["Location"] == world.url("setup-overview")
    world.competition.refresh_from_db()
    assert world.competition.status == CompetitionStatus.PUBLISHED
    assert organizer.post(url(world, "competition-publish")).status_code == 409


def test_bare_draft_lists_what_every_floor_misses(organizer: Client, world: World) -> None:
    missing = organizer.get(url(world, "competition-publish")).context["missing"]

    assert len(missing) > 4
    assert missing[-1:] == stage_problems(world.competition)


def line(world: World) -> list[str]:
    return [stage.key for stage in Stage.objects.filter(competition=world.competition)]


@pytest.fixture
def second(world: World) -> Stage:
    make.stage(world.competition, "awal", order=1)
    return make.stage(world.competition, "akhir", order=2)


def test_button_moves_the_stage_and_returns_to_it(
    organizer: Client, world: World, second: Stage
) -> None:
    up = url(world, "stage-move-up", "akhir")
    page = organizer.get(url(world, "stage-list")).content.decode()

    answer = organizer.post(up, {"version": "1"})

    assert f'action="{up}"' in page
    assert url(world, "stage-move-down", "akhir") not in page
    assert (answer.status_code, answer["Location"]) == (302, f"{url(world, 'stage-list')}#akhir")
    assert line(world) == ["akhir", "awal"]
    entry = trail_of(world.competition).get()
    assert (entry.action, entry.data) == ("stage.moved", {"name": second.name, "place": 1})
    organizer.post(url(world, "stage-move-down", "akhir"), {"version": "2"})
    assert line(world) == ["awal", "akhir"]


def test_ends_of_the_line_of_stages_stay(organizer: Client, world: World, second: Stage) -> None:
    organizer.post(url(world, "stage-move-down", second.key), {"version": "1"})

    assert line(world) == ["awal", "akhir"]
    assert not trail_of(world.competition).exists()


def test_second_press_on_an_old_list_is_told(
    organizer: Client, world: World, second: Stage
) -> None:
    up = url(world, "stage-move-up", second.key)
    organizer.post(up, {"version": "1"})

    assert organizer.post(up, {"version": "1"}).status_code == 409
    assert organizer.post(up, {"version": "x"}).status_code == 422
    assert line(world) == ["akhir", "awal"]


def test_line_keeps_its_order_once_a_stage_was_opened(
    organizer: Client, world: World, second: Stage
) -> None:
    Stage.objects.filter(key="awal").update(status=StageStatus.OPEN)

    answer = organizer.post(url(world, "stage-move-up", second.key), {"version": "1"})

    assert (answer.status_code, line(world)) == (422, ["awal", "akhir"])
    page = organizer.get(url(world, "stage-list")).content.decode()
    assert url(world, "stage-move-up", second.key) not in page
