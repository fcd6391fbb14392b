from __future__ import annotations

import pytest

from judging import services
from proposals.models import EarlierAward
from tests import make
from tests.judging.field import closed, propose

pytestmark = pytest.mark.django_db


def won() -> list[tuple[str, str, int | None]]:
    rows = EarlierAward.objects.order_by("innovation__title", "tier")
    return list(rows.values_list("innovation__title", "tier", "year"))


def test_release_enters_every_tier_reached_into_the_register() -> None:
    made, _ranking = closed(entries=3)

    services.release_publication(propose(made), by=made.chair, at=make.NOON)

    assert won() == [
        ("Inovasi Dinas 00", "Top 1", 2026),
        ("Inovasi Dinas 00", "Top 2", 2026),
        ("Inovasi Dinas 01", "Top 2", 2026),
    ]


def test_withdrawal_strikes_them_out_again() -> None:
    made, _ranking = closed(entries=3)
    publication = propose(made)
    services.release_publication(publication, by=made.chair, at=make.NOON)

    services.withdraw_publication(publication, reason="Salah SK", by=made.chair, at=make.NOON)

    assert won() == []
