"""The demonstration year, played through the services up to a chosen moment."""

from __future__ import annotations

from concurrent.futures import Executor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.audit import gathering
from competitions.models import Competition
from kipp.demo.content import FOLDER, load_competition, load_proposals
from kipp.demo.processes import second_process
from kipp.demo.seeding.cast import Cast, assemble
from kipp.demo.seeding.desks import enter_desks
from kipp.demo.seeding.diary import Diary
from kipp.demo.seeding.opening import enter_opening
from kipp.demo.seeding.papers import enter_papers, set_up
from kipp.demo.seeding.verdicts import enter_verdicts
from kipp.editions.cloning import move_dates
from kipp.editions.files import preset_path, read_edition
from kipp.editions.loading import load_edition
from kipp.editions.shape import Plain

PRESET = "kipp-kota"
VERIFICATION = FOLDER / "verification.toml"
PRESENTATION = b'\n[[stages]]\nkey = "paparan"'
# Which day of the calendar of 2020 today is, for each moment of the demo.
TODAY = {
    "workshop": datetime(2020, 1, 23),  # noqa: DTZ001 - a day of the local calendar
    "submission": datetime(2020, 2, 24),  # noqa: DTZ001
    "screening": datetime(2020, 3, 6),  # noqa: DTZ001
    "judging": datetime(2020, 3, 16),  # noqa: DTZ001
    "presentation": datetime(2020, 3, 23),  # noqa: DTZ001
    "winners": datetime(2020, 4, 1),  # noqa: DTZ001
}
# The committee begins two months before the first round.
LEAD = timedelta(days=60)


@transaction.atomic
@gathering()
def seed_year(until: str, *, at: datetime) -> int:
    """Build the year around `at` and return the number of acts that were played."""
    with second_process() as pool:
        return open_year(until, at=at, pool=pool).run(until=at)


def open_year(until: str, *, at: datetime, pool: Executor) -> Diary:
    """People, register and edition of a year whose moment `until` is `at`, nothing played yet.

    `pool` makes what the units attach.
    """
    pool.submit(load_proposals)  # so a process of its own starts while we make units and people
    definition = read_definition()
    zone = ZoneInfo(definition["competition"]["time_zone"])
    days = (at.astimezone(zone).replace(tzinfo=None) - TODAY[until]).days
    definition = move_dates(definition, by=timedelta(days=days))
    words = load_competition()
    definition["competition"] |= {
        "theme": words.theme,
        "summary": words.summary,
        "contact_email": "panitia@demo.example",
        "contact_phone": "081200002020",
    }
    begun = definition["rounds"][0]["starts"].replace(tzinfo=zone) - LEAD
    cast = assemble(at=begun)
    competition = load_edition(
        definition, host=cast.units["kota-malang"], by=cast.first("organizer"), at=begun
    )
    diary = Diary()
    enter_year(diary, cast, competition, begun=begun, pool=pool)
    return diary


def read_definition() -> Plain:
    """The city's edition, with a field verification between the desk and the presentation."""
    desk, presentation, rest = preset_path(PRESET).read_bytes().partition(PRESENTATION)
    return read_edition(desk + VERIFICATION.read_bytes() + presentation + rest)


def enter_year(
    diary: Diary, cast: Cast, competition: Competition, *, begun: datetime, pool: Executor
) -> None:
    desk = set_up(cast, competition, at=begun)
    enter_opening(diary, cast, competition, begun=begun)
    enter_papers(diary, desk, pool=pool)
    enter_desks(diary, desk)
    enter_verdicts(diary, cast, competition, paper_of=desk.keys)
