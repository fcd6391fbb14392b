"""What a judge reads of the ledger and the team, and what never reaches the judges."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from competitions.models import Competition
from judging import services
from proposals.models import Submission
from tests import make
from tests.judging.field import City, opened

CLAIM = {
    "key": 7,
    "indicator": "Waktu tunggu",
    "before": "1095.5",
    "after": "21",
    "measure": "menit",
    "better": "lower",
    "period": "2018 dan 2019",
    "method": "Buku antrean",
    "source": None,
}
LETTER = {
    "slot": "surat",
    "label": "Surat Pernyataan",
    "name": "surat-bertanda-tangan.pdf",
    "media_type": "application/pdf",
    "sha256": "a" * 64,
    "size": 10,
    "page_count": 1,
    "thumbnail_sha256": "",
    "is_statement": True,
}


@pytest.fixture
def read(db: None) -> City:
    city = opened(judges=2)
    for sent in Submission.objects.all():
        sent.content["claims"] = [CLAIM]
        sent.content["team"] = [{"name": "Dr. Hj. Siti Aminah", "role": "Ketua"}]
        sent.content["files"] = [LETTER]
        sent.claim_checks = {
            "7": {"state": "seen", "note": "Dilihat.", "by": "P", "at": "", "version": 1}
        }
        sent.save()
    return city


def sheet_page(city: City) -> str:
    judge, client = city.judges[0], Client()
    sheet = city.sheet(judge, 0)
    services.declare_no_conflict(sheet, by=judge, at=make.NOON)
    client.force_login(judge)
    return client.get(reverse("judging:sheet", args=[sheet.pk])).content.decode()


def test_judge_reads_the_claims_with_their_findings(read: City) -> None:
    page = sheet_page(read)

    shown = ["Waktu tunggu", "1.095,5 menit", "21 menit", "Seen in the field", "Dilihat."]
    assert [words for words in shown if words not in page] == []


@pytest.mark.parametrize(("shows_team", "count"), [(True, 1), (False, 0)])
def test_judge_reads_names_only_where_the_edition_says_so(
    read: City, *, shows_team: bool, count: int
) -> None:
    Competition.objects.update(shows_team=shows_team)

    assert sheet_page(read).count("Dr. Hj. Siti Aminah") == count


def test_judge_gets_no_signed_letter(read: City) -> None:
    page = sheet_page(read)
    judge, client = read.judges[0], Client()
    client.force_login(judge)

    address = reverse("judging:sheet-attachment", args=[read.sheet(judge, 0).pk, "a" * 64])
    answer: Any = client.get(address)

    assert "surat-bertanda-tangan" not in page
    assert answer.status_code == 404
