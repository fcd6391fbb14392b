"""A judge prints what the judge's page shows and nothing else."""

from __future__ import annotations

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from competitions.models import Competition
from tests import small_year


@pytest.mark.django_db
def test_judge_gets_no_letter_no_number_and_names_only_where_they_are_shown() -> None:
    year = small_year.judged(at=timezone.now())
    client = Client()
    client.force_login(year.people["judge"])
    url = reverse("judging:sheet-pdf", args=[year.sheet("judge").pk, "f4"])

    hidden = text_of(client.get(url).content)
    Competition.objects.update(shows_team=True)
    shown = text_of(client.get(url).content)

    assert small_year.IMPACT.split()[-1] in hidden
    for told in ("Antrean Rumah", "Puskesmas Anggrek", "Waktu tunggu", "a.jpg"):
        assert told in hidden
    sent = small_year.current_submission(year)
    for kept in ("surat.pdf", sent.receipt, sent.sha256, "Siti Aminah"):
        assert kept not in hidden
    assert "Siti Aminah" in shown
    assert client.get(url.replace("f4.pdf", "a3.pdf")).status_code == 404


def text_of(content: bytes) -> str:
    pages = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_range() for page in pages)
