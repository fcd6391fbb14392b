"""The verification bundle at its addresses: who gets which names, and when."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from judging import services
from judging.bundle import checker_source
from judging.models import Panelist
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, at, closed, opened, published

pytestmark = pytest.mark.django_db


def names_in(content: bytes) -> Any:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return json.loads(archive.read("names.json"))


def public(made: City, name: str, *more: object) -> str:
    return reverse(f"judging:{name}", args=[made.competition.slug, *more])


def test_public_bundle_names_winners_and_no_judge() -> None:
    made, publication = published()
    winners = list(publication.awards.values_list("title", "unit_name"))

    answer = Client().get(public(made, "public-bundle", "desk"))

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    names = names_in(answer.content)
    assert "judges" not in names
    assert sorted((each["title"], each["unit"]) for each in names["entries"].values()) == sorted(
        winners
    )
    people = [*made.judges, made.chair, made.organizer]
    assert [each.full_name for each in people if each.full_name in everything] == []
    assert [each.email for each in people if each.email in everything] == []
    assert "Inovasi Dinas 02" not in everything


def test_public_bundle_and_its_page_exist_while_a_version_is_released() -> None:
    made, publication = published()
    paths = [public(made, "public-proof"), public(made, "public-bundle", "desk")]
    released = [Client().get(path).status_code for path in paths]
    unknown = Client().get(public(made, "public-bundle", "wawancara")).status_code
    services.withdraw_publication(publication, reason="Salah SK", by=made.chair, at=make.NOON)

    withdrawn = [Client().get(path).status_code for path in paths]

    assert (released, unknown, withdrawn) == ([200, 200], 404, [404, 404])


def test_public_page_shows_the_hash_of_every_stage() -> None:
    made, publication = published()

    page = Client().get(public(made, "public-proof"))

    assert [ranking.pk for ranking in page.context["rankings"]] == [publication.ranking_id]
    assert publication.ranking.inputs_hash in page.content.decode()


def test_committee_gets_every_version_with_the_names() -> None:
    made, first = closed(judges=1, entries=2)
    services.reopen_stage(made.stage, reason="Salah ketik", by=made.chair, at=make.NOON)
    made.stage.refresh_from_db()
    client = signed_in(made.organizer)
    hidden = client.get(at(made, "bundle", 1))
    services.close_stage(made.stage, by=made.chair, at=make.NOON)

    answers = [client.get(at(made, "bundle", version)) for version in (1, 2, 3)]

    alias = Panelist.objects.get(stage=made.stage).alias
    names = names_in(answers[0].content)
    assert hidden.status_code == 403
    assert [each.status_code for each in answers] == [200, 200, 404]
    assert names["judges"] == {alias: "Juri 0"}
    assert len(names["entries"]) == 2
    assert answers[0].headers["Cache-Control"] == "private, no-store"
    assert made.stage.rankings.filter(inputs_hash=first.inputs_hash).count() == 2


def test_checker_is_downloaded_apart_from_any_bundle() -> None:
    answer = Client().get(reverse("judging:checker"))

    assert answer.content == checker_source()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_aliases_are_drawn_and_differ_from_stage_to_stage() -> None:
    first, second = opened(judges=5), opened(judges=5, name="Kota Batu")

    drawn = [
        set(Panelist.objects.filter(stage=made.stage).values_list("alias", flat=True))
        for made in (first, second)
    ]

    assert [len(each) for each in drawn] == [5, 5]
    assert drawn[0].isdisjoint(drawn[1])
