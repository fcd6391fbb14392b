"""A winner of the city goes up to the province: the shipped edition, from draft to submission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Membership, User
from competitions.models import AttachmentSlot, Competition, Section
from competitions.workflow import CompetitionStatus
from judging import services
from judging.models import Award
from kipp.editions.files import preset_path, read_edition
from kipp.editions.loading import load_edition
from proposals import services as writing
from proposals.models import Proposal
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, published
from tests.lib.samples import jpg_file, pdf_file

pytestmark = pytest.mark.django_db

# Within the shipped edition's rounds, moved to the year of the city's competition.
MAY = datetime(2026, 5, 20, 5, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Winner:
    made: City
    award: Award
    province: Competition
    author: User
    endorser: User


def province_above(made: City) -> Competition:
    """Kovablik of the province, and the city moved below it."""
    host = make.unit("Provinsi Jawa Timur", level="government")
    for unit in (made.competition.host, *made.agencies):
        unit.path = host.path.rstrip("/") + unit.path
        unit.save(update_fields=["path"])
    text = preset_path("kovablik-jatim").read_text().replace('"2022-', '"2026-')
    loaded = load_edition(read_edition(text.encode()), host=host, by=None, at=make.NOON)
    Competition.objects.filter(pk=loaded.pk).update(status=CompetitionStatus.PUBLISHED)
    return Competition.objects.get(pk=loaded.pk)


def winner() -> Winner:
    made, publication = published()
    author, endorser = make.user("Penulis Dinas"), make.user("Bagian Organisasi")
    make.membership(author, made.agencies[0], Membership.Role.AUTHOR)
    make.membership(endorser, made.competition.host, Membership.Role.ENDORSER)
    province = province_above(made)
    award = publication.awards.select_related(
        "publication__competition__host", "proposal__innovation", "proposal__unit"
    ).get(place=1)
    return Winner(made, award, province, author, endorser)


def complete(draft: Proposal, *, by: User) -> None:
    """What the province asks for beyond what the city had."""
    track = draft.track
    category = draft.competition.categories.get(key="tpb")
    writing.describe_proposal(
        draft,
        header={
            "category": category,
            "started_on": date(2024, 1, 15),
            "video_url": "https://youtu.be/dQw4w9WgXcQ",
            "contact_phone": "0341-123456",
        },
        version=draft.version,
        by=by,
        at=MAY,
    )
    for section in Section.objects.filter(track=track):
        text = "Layanan ini dipakai warga setiap hari."
        kept = draft.answers.filter(section=section).first()
        version = kept.version if kept else 0
        writing.save_answer(draft, section=section, text=text, version=version, by=by, at=MAY)
    for slot in track.slots.all():
        attach(draft, slot, by=by)


def attach(draft: Proposal, slot: AttachmentSlot, *, by: User) -> None:
    is_image = slot.kind == "image"
    content, ending = (jpg_file(640, 480), "jpg") if is_image else (pdf_file(), "pdf")
    writing.attach_file(
        draft, slot=slot, file=BytesIO(content), name=f"{slot.key}.{ending}", by=by, at=MAY
    )


def test_winner_of_the_city_is_endorsed_by_the_city_in_the_province() -> None:
    found = winner()
    track = found.province.tracks.get(key="umum")

    draft = services.nominate_winner(found.award, track=track, by=found.made.chair, at=MAY)
    complete(draft, by=found.author)
    writing.send_for_endorsement(draft, by=found.author, at=MAY)
    draft.refresh_from_db()
    sent = draft.status
    submission = writing.submit_proposal(draft, token=uuid4(), by=found.endorser, at=MAY)

    draft.refresh_from_db()
    assert (draft.competition, draft.unit) == (found.province, found.made.agencies[0])
    assert draft.endorsing_unit == found.made.competition.host
    assert (sent, draft.status) == ("awaiting", "submitted")
    assert submission.content["header"]["title"] == found.award.title
    assert draft.endorsements.get().decided_by == found.endorser


def test_draft_appears_to_the_unit_and_nobody_endorses_it_unfinished() -> None:
    found = winner()
    track = found.province.tracks.get(key="umum")
    publication = found.award.publication

    page = signed_in(found.made.organizer).get(
        reverse(
            "judging:award-nominate",
            args=[found.made.competition.slug, publication.number, found.award.pk],
        )
    )
    draft = services.nominate_winner(found.award, track=track, by=found.made.chair, at=MAY)

    offered = [label for _pk, label in page.context["form"].fields["track"].choices]
    assert f"{found.province} - {track}" in offered
    shown = signed_in(found.author).get(reverse("proposals:innovation-list"))
    assert draft.title in shown.content.decode()
    with pytest.raises(ValidationError) as error:
        writing.send_for_endorsement(draft, by=found.author, at=MAY)
    assert error.value.error_list[0].code == "incomplete"
