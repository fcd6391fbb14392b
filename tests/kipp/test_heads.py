"""Link checkers and mail programs ask with HEAD first."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests import make


@pytest.mark.django_db
def test_public_pages_answer_head_like_get(client: Client) -> None:
    competition = make.competition(slug="kipp-2020")
    addresses = [
        reverse("home"),
        reverse("competitions:competition-page", args=[competition.slug]),
        reverse("competitions:competition-calendar", args=[competition.slug]),
        reverse("proposals:receipt-ask"),
        reverse("judging:public-results", args=[competition.slug]),
    ]

    answers = [client.head(address) for address in addresses]

    expected = [client.get(address).status_code for address in addresses]
    assert [answer.status_code for answer in answers] == expected
    assert 405 not in expected
    assert {answer.content for answer in answers} == {b""}
