"""Certificates of released awards."""

from __future__ import annotations

from datetime import UTC, datetime, time

from django.conf import settings
from django.urls import reverse
from django.utils.text import slugify

from judging.models import Award
from kipp.lib import clock
from kipp.lib.documents import render_document
from kipp.lib.qr import qr_svg


def certificate_pdf(award: Award) -> bytes:
    """The same award gives the same bytes: its date is the decree's."""
    publication = award.publication
    decreed = datetime.combine(publication.decree_on, time(), tzinfo=UTC)
    return render_document("certificate", certificate_facts(award), at=decreed)


def certificate_facts(award: Award) -> dict[str, object]:
    publication = award.publication
    competition = publication.competition
    url = settings.SITE_URL + reverse("judging:certificate", args=[award.code])
    return {
        "site": settings.PORTAL["name"],
        "owner": competition.host.name,
        "competition": competition.name,
        "number": award.code,
        "tier": award.tier_name,
        "title": award.title,
        "unit": award.unit_name,
        "decree": publication.decree_number,
        "place": competition.host.name,
        "date": clock.show_date(publication.decree_on),
        "signer_role": publication.signer_role,
        "signer_name": publication.signer_name,
        "signer_id": "",
        "verify_url": url,
        "qr": qr_svg(url),
    }


def file_name(award: Award) -> str:
    return f"{award.place:03}-{slugify(award.title)[:60] or 'sertifikat'}-{award.code}.pdf"
