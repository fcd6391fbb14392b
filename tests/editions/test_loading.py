from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import translation

from accounts.audit import trail_of
from accounts.models import Unit
from competitions.models import Attendee, Competition, Extension, Material, Reminder, Round
from judging.models import Panelist, Stage
from kipp.editions.dumping import dump_edition
from kipp.editions.files import preset_names, preset_path, read_edition, write_edition
from kipp.editions.loading import find_host, load_edition
from tests import make
from tests.editions.test_checking import MINIMAL

pytestmark = pytest.mark.django_db

HOSTS = {
    "kipp-kota": "Kota Malang",
    "kovablik-jatim": "Provinsi Jawa Timur",
    "kipp-nasional-2023": "Kementerian PANRB",
}


@pytest.fixture
def host() -> Unit:
    return make.unit("Kota Malang", level="government")


def load(text: str, *, host: Unit) -> Competition:
    return load_edition(read_edition(text.encode()), host=host, by=None, at=make.NOON)


@pytest.mark.parametrize("name", preset_names())
def test_preset_comes_back_byte_for_byte(name: str) -> None:
    text = preset_path(name).read_text()
    loaded = load(text, host=make.unit(HOSTS[name], level="government"))

    assert write_edition(dump_edition(Competition.objects.get(pk=loaded.pk))) == text


def test_load_turns_local_times_into_exclusive_instants(host: Unit) -> None:
    competition = load(MINIMAL.replace("year", 'time_zone = "Asia/Makassar"\nyear'), host=host)

    submission = competition.rounds.get(kind=Round.Kind.SUBMISSION)
    assert (submission.starts_at, submission.ends_at) == (
        datetime(2026, 2, 1, 0, 0, tzinfo=UTC),
        datetime(2026, 2, 28, 16, 0, tzinfo=UTC),
    )


def test_load_keeps_numbers_exact(host: Unit) -> None:
    text = MINIMAL.replace("advance_count = 10", "advance_count = 10\nrounding_step = 0.0005")

    stage = Stage.objects.get(competition=load(text, host=host))

    assert stage.rounding_step == Decimal("0.0005")


def test_stage_on_paper_comes_back(host: Unit) -> None:
    paper = MINIMAL.replace('kind = "desk"', 'kind = "desk"\nscored_on = "paper"')

    text = write_edition(dump_edition(load(paper, host=host)))

    assert read_edition(text.encode()) == read_edition(paper.encode())
    assert 'scored_on = "paper"\n' in text


def test_step_of_the_scale_comes_back(host: Unit) -> None:
    loaded = load(MINIMAL, host=host)
    Stage.objects.update(scale_step="0.5")

    text = write_edition(dump_edition(Competition.objects.get(pk=loaded.pk)))

    assert "scale_step = 0.5\n" in text
    assert read_edition(text.encode())["stages"][0]["scale_step"] == Decimal("0.5")


def test_load_again_replaces_the_definition_of_a_draft(host: Unit) -> None:
    first = load(MINIMAL, host=host)
    seat = make.seat(make.user(), first)

    second = load(MINIMAL.replace("Ringkasan", "Ikhtisar"), host=host)

    assert second.pk == first.pk
    assert second.version == 2
    assert [section.label for section in second.tracks.get().sections.all()] == ["Ikhtisar"]
    assert list(second.committee.all()) == [seat]
    assert [entry.action for entry in trail_of(second)] == ["competition.loaded"] * 2


def use_workshop(competition: Competition) -> None:
    person = make.user()
    workshop = make.workshop(competition)
    Attendee.objects.create(
        workshop=workshop,
        unit=competition.host,
        full_name="Ani",
        ticket="t",
        signed_up_by=person,
        signed_up_at=make.NOON,
    )
    Material.objects.create(workshop=workshop, title="Bahan", url="https://example.org/")


def use_extension(competition: Competition) -> None:
    Extension.objects.create(
        round=competition.rounds.get(kind="submission"),
        old_ends_at=make.NOON,
        new_ends_at=make.NOON + make.DAY,
        reason="-",
        letter_number="-",
        granted_by=make.user(),
        granted_at=make.NOON,
    )


def use_panel(competition: Competition) -> None:
    Panelist.objects.create(stage=competition.stages.get(), user=make.user(), seated_at=make.NOON)


def use_proposal(competition: Competition) -> None:
    make.submission(competition.host, competition.tracks.get())


@pytest.mark.parametrize(
    ("use", "named"),
    [
        (use_workshop, "people signed up for the workshop, workshop materials"),
        (use_extension, "extensions"),
        (use_panel, "stages with a panel"),
        (use_proposal, "proposals"),
    ],
)
def test_load_refuses_to_replace_what_is_in_use(
    host: Unit, use: Callable[[Competition], None], named: str
) -> None:
    competition = load(MINIMAL, host=host)
    use(competition)

    with translation.override("en"), pytest.raises(ValidationError) as caught:
        load(MINIMAL, host=host)

    assert caught.value.messages == [
        f"The definition of kipp-2026 is in use and cannot be replaced: {named}."
    ]


def test_host_must_be_one_unit(host: Unit) -> None:
    make.unit("Dinas", parent=host)
    make.unit("Dinas", parent=make.unit("Kota Batu"))

    assert find_host(" kota malang ") == host
    with translation.override("en"):
        with pytest.raises(ValidationError, match="no unit named Kota Lain"):
            find_host("Kota Lain")
        with pytest.raises(ValidationError, match="several units named Dinas"):
            find_host("Dinas")


def run(command: str, *args: str) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command(command, *args, stdout=out)
    return out.getvalue()


def test_commands_load_a_preset_and_dump_it(host: Unit) -> None:
    assert run("load_edition", "kipp-kota", "--slug", "kipp-26") == (
        "kipp-26: Kompetisi Inovasi Pelayanan Publik Kota Malang 2020\n"
    )
    dumped = run("dump_edition", "kipp-26")
    assert dumped == preset_path("kipp-kota").read_text().replace("kipp-malang-2020", "kipp-26")


def test_load_command_takes_another_host(tmp_path: Path) -> None:
    host = make.unit("Kota Batu", level="government")
    file = tmp_path / "edition.toml"
    file.write_text(MINIMAL)

    run("load_edition", str(file), "--host", "Kota Batu")

    assert Competition.objects.get(slug="kipp-2026").host == host


@pytest.mark.parametrize(
    ("content", "args", "sentence"),
    [
        (None, (), "{file}: No such file or directory"),
        ("x = 1" + MINIMAL, (), "{file}: x: is not known here"),
        (MINIMAL, ("--slug", "a b"), "{file}: competition.slug: has at most 60"),
        (MINIMAL, ("--host", "Atlantis"), "{file}: There is no unit named Atlantis."),
    ],
)
def test_load_command_says_what_is_wrong(
    tmp_path: Path, content: str | None, args: tuple[str, ...], sentence: str
) -> None:
    file = tmp_path / "edition.toml"
    if content is not None:
        file.write_text(content)

    with pytest.raises(CommandError) as caught:
        run("load_edition", str(file), *args)

    assert str(caught.value).startswith(sentence.format(file=file))
    assert not Competition.objects.exists()
    assert not Reminder.objects.exists()


def test_dump_command_names_an_unknown_slug() -> None:
    with pytest.raises(CommandError, match=r"^There is no competition nowhere\.$"):
        run("dump_edition", "nowhere")
