from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.audit import trail_of
from accounts.models import User
from competitions import queries, services
from competitions.models import Category, Competition, Round, Section, Tier, Track, Workshop
from competitions.queries.setup import NEEDED_ROUNDS
from competitions.services.setup import free_key
from competitions.workflow import CompetitionStatus
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return make.user()


@pytest.fixture
def draft() -> Competition:
    return make.competition(status=CompetitionStatus.DRAFT)


def set_status(competition: Competition, status: str) -> None:
    Competition.objects.filter(pk=competition.pk).update(status=status)


def test_facts_are_changed_and_recorded(draft: Competition, by: User) -> None:
    services.change_facts(
        draft, by=by, at=make.NOON, version=1, facts={"theme": "Cepat", "name": draft.name}
    )

    draft.refresh_from_db()
    assert (draft.theme, draft.version) == ("Cepat", 2)
    entry = trail_of(draft).get()
    assert (entry.action, entry.data["fields"]) == ("competition.part_changed", ["theme"])


def test_facts_of_an_old_form_are_refused(draft: Competition, by: User) -> None:
    services.change_facts(draft, by=by, at=make.NOON, version=1, facts={"theme": "Satu"})

    with pytest.raises(ValidationError) as caught:
        services.change_facts(draft, by=by, at=make.NOON, version=1, facts={"theme": "Dua"})

    assert caught.value.code == "stale"
    assert Competition.objects.get().theme == "Satu"


def test_part_gets_key_and_place(draft: Competition, by: User) -> None:
    for name in ("Tata Kelola", "Tata kelola"):
        services.add_part(Category(competition=draft, name=name), by=by, at=make.NOON)

    with pytest.raises(ValidationError) as caught:
        services.add_part(Category(competition=draft, name="Tata Kelola"), by=by, at=make.NOON)
    assert caught.value.code == "twice"
    assert list(draft.categories.values_list("key", "order")) == [
        ("tata-kelola", 1),
        ("tata-kelola-2", 2),
    ]


@pytest.mark.parametrize(
    ("name", "taken", "key"),
    [("Top 10", set(), "top-10"), ("***", set(), "x"), ("a", {"a", "a-2"}, "a-3")],
)
def test_free_key_is_made_from_the_name(name: str, taken: set[str], key: str) -> None:
    assert free_key(name, taken=taken) == key


def test_broken_part_is_refused_with_its_fields(draft: Competition, by: User) -> None:
    Tier.objects.create(competition=draft, key="a", name="A", size=3)

    with translation.override("en"), pytest.raises(ValidationError) as caught:
        services.add_part(Tier(competition=draft, name="B", size=3), by=by, at=make.NOON)

    assert caught.value.messages == ["Two tiers of one size are one tier."]


def test_changed_part_keeps_what_was_not_touched(draft: Competition, by: User) -> None:
    section = make.section(make.track(draft))
    section.word_limit = 300

    services.change_part(section, by=by, at=make.NOON, version=1)

    stored = Section.objects.get()
    assert (stored.word_limit, stored.key, stored.version) == (300, "ringkasan", 2)


def test_unchanged_part_leaves_no_trace(draft: Competition, by: User) -> None:
    services.change_part(make.track(draft), by=by, at=make.NOON, version=1)

    assert not trail_of(draft).exists()


def test_overtaken_part_is_refused(draft: Competition, by: User) -> None:
    track = make.track(draft)
    services.change_part(track, by=by, at=make.NOON, version=1)

    for act in (services.change_part, services.remove_part):
        with pytest.raises(ValidationError) as caught:
            act(track, by=by, at=make.NOON, version=1)
        assert caught.value.code == "stale"
    Track.objects.all().delete()
    with pytest.raises(ValidationError) as caught:
        services.change_part(track, by=by, at=make.NOON, version=2)
    assert caught.value.code == "stale"


def test_part_is_removed_and_named_in_the_history(draft: Competition, by: User) -> None:
    services.remove_part(make.track(draft), by=by, at=make.NOON, version=1)

    assert not Track.objects.exists()
    assert trail_of(draft).get().data["name"] == "Umum"


def test_part_in_use_stays(draft: Competition, by: User) -> None:
    round_ = make.round_(draft, starts_at=make.NOON + make.DAY)
    make.extension(round_)

    with pytest.raises(ValidationError) as caught:
        services.remove_part(round_, by=by, at=make.NOON, version=1)
    assert caught.value.code == "in_use"


def test_form_is_locked_once_the_submission_has_begun(draft: Competition, by: User) -> None:
    track = make.track(draft)
    make.round_(draft)
    services.add_part(
        Section(track=track, label="A", word_limit=9), by=by, at=make.NOON
    )  # a draft is free
    set_status(draft, CompetitionStatus.PUBLISHED)

    new = Section(track=track, label="B", word_limit=9)
    with pytest.raises(ValidationError) as caught:
        services.add_part(new, by=by, at=make.NOON)
    assert caught.value.code == "locked"
    for act in (services.change_part, services.remove_part):
        with pytest.raises(ValidationError) as caught:
            act(track, by=by, at=make.NOON, version=1)
        assert caught.value.code == "locked"
    services.add_part(Category(competition=draft, name="Baru"), by=by, at=make.NOON)


def test_dates_of_a_begun_round_move_by_extension_only(draft: Competition, by: User) -> None:
    round_ = make.round_(draft, Round.Kind.SCREENING)
    set_status(draft, CompetitionStatus.PUBLISHED)
    round_.name = "Seleksi"
    services.change_part(round_, by=by, at=make.NOON, version=1)

    round_.ends_at += make.DAY
    with pytest.raises(ValidationError) as caught:
        services.change_part(round_, by=by, at=make.NOON, version=2)
    assert caught.value.code == "begun"
    with pytest.raises(ValidationError) as caught:
        services.remove_part(round_, by=by, at=make.NOON, version=2)
    assert caught.value.code == "begun"


def test_dates_of_a_coming_round_are_free(draft: Competition, by: User) -> None:
    round_ = make.round_(draft, starts_at=make.NOON + make.DAY)
    set_status(draft, CompetitionStatus.PUBLISHED)
    round_.ends_at += make.DAY

    services.change_part(round_, by=by, at=make.NOON, version=1)

    stored = Round.objects.get()
    assert (stored.ends_at, stored.version) == (round_.ends_at, 2)


def test_endorsement_cannot_end_before_the_submission(draft: Competition, by: User) -> None:
    submission = make.round_(draft)
    early = Round(
        competition=draft,
        kind=Round.Kind.ENDORSEMENT,
        name="Pengesahan",
        starts_at=submission.starts_at,
        ends_at=submission.ends_at - make.DAY,
    )

    with pytest.raises(ValidationError) as caught:
        services.add_part(early, by=by, at=make.NOON)
    assert list(caught.value.message_dict) == ["ends_at"]


def test_workshop_with_people_stays(draft: Competition, by: User) -> None:
    workshop = make.workshop(draft)
    make.attendee(workshop)

    for part in (workshop, workshop.round):
        with pytest.raises(ValidationError) as caught:
            services.remove_part(part, by=by, at=make.NOON, version=1)
        assert caught.value.code == "in_use"
    assert Workshop.objects.exists()


def test_archived_competition_stays_as_it_is(draft: Competition, by: User) -> None:
    set_status(draft, CompetitionStatus.ARCHIVED)

    with pytest.raises(ValidationError) as caught:
        services.add_part(Category(competition=draft, name="Baru"), by=by, at=make.NOON)
    assert caught.value.code == "archived"


def make_ready(competition: Competition) -> None:
    competition.guidelines, competition.contact_email = "Aturan", "a@demo.example"
    competition.save()
    Tier.objects.create(competition=competition, key="top", name="Top 3", size=3)
    make.section(make.track(competition))
    for kind in NEEDED_ROUNDS:
        make.round_(competition, kind)
    make.seat(make.user(), competition)
    make.seat(make.user(), competition, "chair")


def test_bare_draft_lists_all_that_is_missing(draft: Competition, by: User) -> None:
    make.track(draft)
    make.round_(draft, Round.Kind.WORKSHOP)
    heavy = make.section(make.track(draft, "khusus"))
    Section.objects.filter(pk=heavy.pk).update(weight=40)

    with translation.override("en"), pytest.raises(ValidationError) as caught:
        services.publish_competition(draft, by=by, at=make.NOON)

    assert caught.value.messages == [
        "Write the guidelines.",
        "Give a contact: an e-mail or a WhatsApp number.",
        "Name at least one tier of the results.",
        "Set the dates of the round: Submission.",
        "Set the dates of the round: Endorsement.",
        "Set the dates of the round: Screening.",
        "Set the dates of the round: Judging.",
        "Set the dates of the round: Announcement of results.",
        "Give workshop its seats and its place.",
        "Add sections to the track Umum.",
        "The weights of the track Khusus add up to 40.00; make them 100, or all 0.",
        "Seat a person in the committee as: Organizer.",
        "Seat a person in the committee as: Chair.",
    ]
    Track.objects.all().delete()
    with translation.override("en"):
        assert "Add at least one track with its form." in queries.missing_for_publication(draft)


def test_ready_draft_is_published_then_archived(draft: Competition, by: User) -> None:
    make_ready(draft)

    services.publish_competition(draft, by=by, at=make.NOON)
    assert draft.status == CompetitionStatus.PUBLISHED
    services.archive_competition(draft, by=by, at=make.NOON)

    draft.refresh_from_db()
    assert draft.status == CompetitionStatus.ARCHIVED
    assert [entry.action for entry in trail_of(draft)] == [
        "competition.published",
        "competition.archived",
    ]


def test_published_competition_is_not_published_again(draft: Competition, by: User) -> None:
    make_ready(draft)
    services.publish_competition(draft, by=by, at=make.NOON)

    with pytest.raises(ValidationError) as caught:
        services.publish_competition(draft, by=by, at=make.NOON)
    assert caught.value.code == "not_now"


def test_announcement_is_written_changed_and_removed(draft: Competition, by: User) -> None:
    news = services.announce(draft, by=by, at=make.NOON, title="Kabar", body="Isi")
    given = {"title": "Kabar baru", "body": "Isi"}
    services.change_announcement(news, by=by, at=make.NOON, version=1, **given)

    with pytest.raises(ValidationError) as caught:
        services.change_announcement(news, by=by, at=make.NOON, version=1, **given)
    assert caught.value.code == "stale"
    services.remove_announcement(news, by=by, at=make.NOON)
    with pytest.raises(ValidationError) as caught:
        services.remove_announcement(news, by=by, at=make.NOON)
    assert caught.value.code == "stale"

    with translation.override("en"):
        texts = [line.text for line in queries.history_of(trail_of(draft))]
    assert texts == [
        "Announced: Kabar",
        "Announcement changed: Kabar baru",
        "Announcement removed: Kabar baru",
    ]


def test_removed_section_leaves_its_attachments_to_the_whole(draft: Competition, by: User) -> None:
    track = make.track(draft)
    section = make.section(track, "dampak")
    slot = make.slot(track, "bukti", section_key="dampak")

    services.remove_part(section, by=by, at=make.NOON, version=1)

    slot.refresh_from_db()
    assert slot.section_key == ""
