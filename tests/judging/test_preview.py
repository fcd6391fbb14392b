"""Whoever releases sees what the public will see, photos too; nobody else sees it before."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from judging import services
from judging.models import Publication
from kipp.lib.files import store_file
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, closed

pytestmark = pytest.mark.django_db

ADDRESS = re.compile(r' (src|href)="[^"]*"')


def proposed() -> tuple[City, Publication]:
    """Three entries, two winners; the first one has a photo."""
    made, _ranking = closed()
    photo = store_file(io.BytesIO(b"\xff\xd8 foto"))
    sent = made.sheet(made.judges[0], 0).entry.submission
    sent.content["files"] = [
        {
            "slot": "foto",
            "label": "Foto",
            "name": "foto.jpg",
            "media_type": "image/jpeg",
            "sha256": "1" * 64,
            "size": photo.size,
            "thumbnail_sha256": photo.sha256,
        }
    ]
    sent.save(update_fields=["content"])
    publication = services.propose_publication(
        made.stage,
        decree_number="188.45/1/2026",
        decree_on=date(2026, 3, 2),
        note="Selamat kepada semua.",
        by=made.organizer,
        at=make.NOON,
    )
    return made, publication


def url(name: str, publication: Publication, *more: object) -> str:
    slug = publication.competition.slug
    return reverse(f"judging:{name}", args=[slug, publication.number, *more])


def announced(page: str) -> str:
    return page[page.index('<div id="announced">') :].partition("\n</div>")[0]


def test_preview_is_the_public_page_but_for_the_addresses() -> None:
    made, publication = proposed()
    chair = signed_in(made.chair)

    pages = [chair.get(url(name, publication)) for name in ("publication", "publication-release")]
    previews = [announced(page.content.decode()) for page in pages]
    services.release_publication(publication, by=made.chair, at=make.NOON)
    public = Client().get(reverse("judging:public-results", args=[made.competition.slug]))

    shown = announced(public.content.decode())
    assert previews[0] == previews[1]
    assert ADDRESS.sub("", previews[0]) == ADDRESS.sub("", shown)
    assert [text.count("<img") for text in (*previews, shown)] == [1, 1, 1]
    assert Client().get(_photo(shown)).getvalue() == b"\xff\xd8 foto"


def _photo(page: str) -> str:
    found = re.search(r'<img src="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_photos_of_the_preview_are_the_committees_alone() -> None:
    made, publication = proposed()
    first, second, third = publication.ranking.standings.all()
    address = url("publication-photo", publication, first.pk)

    page = signed_in(made.organizer).get(url("publication", publication)).content.decode()
    served = signed_in(made.organizer).get(address)

    assert _photo(announced(page)) == address
    assert served.getvalue() == b"\xff\xd8 foto"
    assert served.headers["Content-Type"] == "image/webp"
    assert served.headers["Cache-Control"].startswith("private")
    assert signed_in(made.judges[0]).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    others = [url("publication-photo", publication, each.pk) for each in (second, third)]
    assert [signed_in(made.chair).get(each).status_code for each in others] == [404, 404]


def test_photos_of_a_withdrawn_version_are_the_committees_again() -> None:
    made, publication = proposed()
    services.release_publication(publication, by=made.chair, at=make.NOON)
    services.withdraw_publication(publication, reason="Salah SK", by=made.chair, at=make.NOON)

    client = signed_in(made.organizer)
    page = client.get(url("publication", publication)).content.decode()

    assert client.get(_photo(announced(page))).getvalue() == b"\xff\xd8 foto"
