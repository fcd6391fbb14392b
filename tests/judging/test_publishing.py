"""Results: proposed by one, released by another, withdrawn."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Message
from judging import services
from judging.models import Award, Publication
from judging.queries.results import announced
from judging.workflow import PublicationStatus, StageStatus
from tests import make
from tests.judging.field import closed, code_of, opened, propose

pytestmark = pytest.mark.django_db


def test_release_by_a_second_person_publishes_awards_and_tells_everybody() -> None:
    made, _ranking = closed(entries=3)
    authors = [make.user() for _agency in made.agencies]
    for author, agency in zip(authors, made.agencies, strict=True):
        make.membership(author, agency)
    publication = propose(made)
    asked = Message.objects.filter(kind="results_proposed").values_list("recipient", flat=True)
    assert list(asked) == [made.chair.pk]

    services.release_publication(publication, by=made.chair, at=make.NOON)

    made.stage.refresh_from_db()
    assert made.stage.status == StageStatus.PUBLISHED
    awards = Award.objects.values_list("place", "tier_key", "tier_size", "unit_name", "title")
    assert list(awards) == [
        (1, "top1", 1, "Dinas 00", "Inovasi Dinas 00"),
        (2, "top2", 2, "Dinas 01", "Inovasi Dinas 01"),
    ]
    told = Message.objects.filter(kind="results_released")
    assert set(told.values_list("recipient", flat=True)) == {author.pk for author in authors}
    assert "Inovasi Dinas 00: Top 1" in told.get(recipient=authors[0]).text


def test_release_by_the_proposer_is_refused_by_service_and_database() -> None:
    made, _ranking = closed()
    publication = propose(made)

    with pytest.raises(ValidationError) as error:
        services.release_publication(publication, by=made.organizer, at=make.NOON)
    assert code_of(error) == "second_person"
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.filter(pk=publication.pk).update(
            status="released", released_by=made.organizer, released_at=make.NOON
        )
    publication.refresh_from_db()
    assert publication.status == PublicationStatus.PROPOSED


def test_only_a_closed_final_stage_is_proposed_and_only_once() -> None:
    made, _ranking = closed()
    publication = propose(made)
    with pytest.raises(ValidationError) as error:
        propose(made)
    assert code_of(error) == "proposed"
    with pytest.raises(ValidationError) as error:
        services.reopen_stage(made.stage, reason="Salah", by=made.chair, at=make.NOON)
    assert code_of(error) == "proposed"

    services.withdraw_publication(publication, reason="Salah nomor", by=made.chair, at=make.NOON)
    make.stage(made.competition, "final")
    with pytest.raises(ValidationError) as error:
        propose(made)
    assert code_of(error) == "not_final"


def test_open_stage_cannot_be_proposed() -> None:
    made = opened()

    with pytest.raises(ValidationError) as error:
        propose(made)

    assert code_of(error) == "not_now"


def test_withdrawal_keeps_the_version_and_makes_room_for_the_next() -> None:
    made, _ranking = closed()
    author = make.user()
    make.membership(author, made.agencies[0])
    publication = propose(made)
    services.release_publication(publication, by=made.chair, at=make.NOON)

    with pytest.raises(ValidationError) as error:
        services.withdraw_publication(publication, reason="", by=made.chair, at=make.NOON)
    assert code_of(error) == "reason"
    services.withdraw_publication(publication, reason="Salah SK", by=made.chair, at=make.NOON)
    second = propose(made)
    services.release_publication(second, by=made.chair, at=make.NOON)

    assert list(Publication.objects.values_list("number", "status", "withdrawn_reason")) == [
        (2, "released", ""),
        (1, "withdrawn", "Salah SK"),
    ]
    assert publication.awards.count() == second.awards.count() == 2
    kinds = Message.objects.filter(recipient=author).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["results_released", "results_withdrawn", "results_released"]


def test_results_keep_the_names_of_their_release() -> None:
    made, _ranking = closed()
    publication = propose(made)
    made.competition.tiers.filter(key="top1").update(name="Juara")
    assert [tier.name for tier in announced(publication).tiers] == ["Juara", "Top 2"]

    services.release_publication(publication, by=made.chair, at=make.NOON)
    made.competition.tiers.update(name="Lain")

    assert [tier.name for tier in announced(publication).tiers] == ["Juara", "Top 2"]
