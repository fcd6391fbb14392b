from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.html import escape

from accounts.audit import trail_of
from accounts.models import User
from competitions import services
from competitions.models import CommitteeSeat, Competition
from competitions.workflow import CompetitionStatus
from kipp.editions.cloning import clone_edition, preview_rounds, shift_rounds
from kipp.editions.dumping import dump_edition
from kipp.editions.files import preset_path, read_edition
from kipp.editions.loading import load_edition
from tests import make

pytestmark = pytest.mark.django_db

FIRST_DAY = date(2021, 1, 21)


@pytest.fixture
def source() -> Competition:
    definition = read_edition(preset_path("kipp-kota").read_bytes())
    host = make.unit("Kota Malang", level="government")
    loaded = load_edition(definition, host=host, by=None, at=make.NOON)
    Competition.objects.update(status=CompetitionStatus.PUBLISHED)
    loaded.refresh_from_db()
    return loaded


@pytest.fixture
def organizer(source: Competition) -> User:
    person = make.user()
    make.seat(person, source)
    return person


def copy(source: Competition, *, by: User, slug: str = "kipp-2021") -> Competition:
    return clone_edition(
        source, name="KIPP 2021", year=2021, slug=slug, first_day=FIRST_DAY, by=by, at=make.NOON
    )


def test_clone_is_the_definition_with_shifted_dates(source: Competition, organizer: User) -> None:
    old = dump_edition(source)

    made = copy(source, by=organizer)

    new = dump_edition(made)
    assert (made.status, new["rounds"][0]["starts"]) == (
        "draft",
        datetime.fromisoformat("2021-01-21T08:00"),
    )
    days = {
        row["starts"] - before["starts"]
        for row, before in zip(new["rounds"], old["rounds"], strict=True)
    }
    assert [delta.days for delta in days] == [364]
    shown, held = (edition["stages"][-1].pop("timetable")["days"] for edition in (new, old))
    assert [(row["ends"] - was["ends"]).days for row, was in zip(shown, held, strict=True)] == [
        364,
        364,
    ]
    for part in ("categories", "tiers", "tracks", "stages"):
        assert new[part] == old[part]


def test_clone_plans_with_the_ends_before_any_extension(
    source: Competition, organizer: User
) -> None:
    submission = source.rounds.get(kind="submission")
    agency = make.unit(parent=source.host)
    at = submission.starts_at
    for days, unit in ((1, None), (3, agency), (6, None)):
        services.extend_round(
            submission,
            by=organizer,
            at=at,
            new_ends_at=submission.ends_at + days * make.DAY,
            reason="Listrik padam",
            letter_number="005/1",
            unit=unit,
        )

    made = copy(source, by=organizer)

    moved = made.rounds.get(kind="submission")
    assert moved.ends_at == submission.ends_at + 364 * make.DAY
    assert preview_rounds(source, first_day=FIRST_DAY)[1].new_ends == datetime.fromisoformat(
        "2021-02-28T00:00"
    )


def test_clone_keeps_the_committee_and_its_origin(source: Competition, organizer: User) -> None:
    made = copy(source, by=organizer)

    made.refresh_from_db()
    assert made.cloned_from == source
    assert [(seat.user, seat.role) for seat in made.committee.all()] == [(organizer, "organizer")]
    assert [entry.data for entry in trail_of(made)][-1] == {"source": "kipp-malang-2020"}


def test_clone_never_replaces_a_competition(source: Competition, organizer: User) -> None:
    with pytest.raises(ValidationError) as caught:
        copy(source, by=organizer, slug="kipp-malang-2020")
    assert list(caught.value.message_dict) == ["slug"]


def test_edition_without_rounds_is_copied_as_it_is() -> None:
    assert shift_rounds({"rounds": []}, first_day=date(2021, 1, 1)) == {"rounds": []}


def test_preview_shows_the_last_minute(source: Competition) -> None:
    rows = preview_rounds(source, first_day=date(2021, 1, 21))

    assert (rows[0].shown_end, rows[1].shown_end) == (
        datetime.fromisoformat("2021-01-21T12:00"),
        datetime.fromisoformat("2021-02-27T23:59"),
    )


URL = "/kompetisi/kipp-malang-2020/panitia/salin/"
TYPED = {"name": "KIPP 2021", "year": "2021", "slug": "kipp-2021", "first_day": "2021-01-21"}


def test_browser_suggests_previews_and_creates(
    client: Client, source: Competition, organizer: User
) -> None:
    client.force_login(organizer)

    form = client.get(URL).context["form"]
    preview = client.get(f"{URL}periksa/", TYPED)
    answer = client.post(URL, TYPED)

    assert form.initial == {
        "name": "Kompetisi Inovasi Pelayanan Publik Kota Malang 2021",
        "year": "2021",
        "slug": "kipp-malang-2021",
        "first_day": date(2021, 1, 21),
    }
    assert len(preview.context["rounds"]) == 8
    assert (answer.status_code, answer["Location"]) == (302, "/kompetisi/kipp-2021/panitia/")


@pytest.mark.parametrize(
    "bad",
    [{"slug": "a b"}, {"year": "1"}, {"first_day": "besok"}, {"name": ""}, {"name": "x" * 201}],
)
def test_bad_copy_is_refused_as_typed(
    client: Client, source: Competition, organizer: User, bad: dict[str, str]
) -> None:
    client.force_login(organizer)

    for answer in (
        client.get(f"{URL}periksa/", {**TYPED, **bad}),
        client.post(URL, {**TYPED, **bad}),
    ):
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, list(bad))
    assert client.post(URL, {**TYPED, "slug": source.slug}).status_code == 422
    assert Competition.objects.count() == 1


def test_copying_is_for_organizer_and_chair(client: Client, source: Competition) -> None:
    auditor, stranger = make.user(), make.user()
    make.seat(auditor, source, CommitteeSeat.Role.AUDITOR)

    for person in (auditor, stranger):
        client.force_login(person)
        assert client.get(URL).status_code == 403
        assert client.get(f"{URL}periksa/", TYPED).status_code == 403
        assert client.post(URL, TYPED).status_code == 403


def test_suggested_first_day_is_the_same_weekday_on_the_local_calendar(
    client: Client, source: Competition, organizer: User
) -> None:
    """At 17.00 UTC a new day has begun in Malang."""
    begins = datetime(2020, 1, 21, 17, 0, tzinfo=UTC)
    source.rounds.filter(kind="workshop").update(starts_at=begins, ends_at=begins + make.DAY)
    client.force_login(organizer)

    page = client.get(f"/kompetisi/{source.slug}/panitia/salin/")

    assert page.context["form"]["first_day"].value() == date(2021, 1, 20)
    assert date(2021, 1, 20).weekday() == date(2020, 1, 22).weekday()


def test_way_back_from_the_preview_keeps_what_was_typed(
    client: Client, source: Competition, organizer: User
) -> None:
    client.force_login(organizer)
    url = f"/kompetisi/{source.slug}/panitia/salin/"
    typed = {"name": "KIPP & Malang", "year": "2022", "slug": "k-22", "first_day": "2022-03-01"}

    preview = client.get(f"{url}periksa/", typed)
    back = f"{url}?{urlencode(typed)}"

    assert escape(back) in preview.content.decode()
    form = client.get(back).context["form"]
    assert {name: form[name].value() for name in typed} == typed
