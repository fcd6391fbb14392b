"""What a send reads at once is what each question alone would have answered."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db.models import Model
from pytest_django import DjangoAssertNumQueries

from competitions.models import AttachmentSlot, Category, EligibilityRule
from proposals.models import Attachment, Claim, EarlierAward, Proposal, TeamMember
from proposals.queries.freezing import content_of, form_digest
from proposals.queries.preflight import problems_of
from proposals.queries.whole import read_whole
from tests import make
from tests.proposals.scene import Scene

OF_PROPOSAL = ("answers", "attachments", "claims", "team")
OF_TRACK = ("sections", "slots", "rules")
LINE = {"saved_at": make.NOON}


@pytest.fixture
def rich(scene: Scene) -> Proposal:
    """With a row of everything, and more than one where the order counts."""
    Category.objects.create(competition=scene.competition, key="b", name="B", order=2)
    chosen = Category.objects.create(competition=scene.competition, key="a", name="Ä “a”", order=1)
    EligibilityRule.objects.create(track=scene.track, kind="min_age", limit=6, article="Pasal 5")
    EligibilityRule.objects.create(
        track=scene.track, kind="video", items=["youtube.com", "vimeo.com"], order=1
    )
    proposal = scene.draft("Judul", category=chosen, started_on=make.NOON.date(), sdgs=[3, 1])
    for year, contest in ((2018, "B"), (None, "C"), (2019, "A"), (2018, "A")):
        EarlierAward.objects.create(
            innovation=proposal.innovation, year=year, contest=contest, tier="Top 45"
        )
    AttachmentSlot.objects.filter(pk=scene.photo.pk).update(order=1)
    photo = attached(proposal, scene.photo)
    attached(proposal, make.slot(scene.track, "surat"))
    for order, source in ((2, None), (1, photo)):
        Claim.objects.create(
            proposal=proposal,
            order=order,
            indicator=f"Antrean {order}",
            before=Decimal("120.5000"),
            after=Decimal("-0.0001"),
            measure="menit",
            better=Claim.Better.LOWER,
            source=source,
            saved_by=scene.author,
            **LINE,
        )
    for order, name in ((2, "dr. Ani"), (1, 'Budi "B" \\ S.Kom')):
        TeamMember.objects.create(
            proposal=proposal, order=order, name=name, role="Ketua", saved_by=scene.author, **LINE
        )
    return Proposal.objects.for_page().get(pk=proposal.pk)


def attached(proposal: Proposal, slot: AttachmentSlot) -> Attachment:
    return Attachment.objects.create(
        proposal=proposal,
        slot=slot,
        name=f"{slot.key}.pdf",
        media_type="application/pdf",
        sha256="a" * 64,
        size=2048,
        page_count=3,
        uploaded_by=proposal.created_by,
        uploaded_at=make.NOON,
    )


def rows(owner: Model, relation: str) -> list[dict[str, object]]:
    return [
        {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        for row in getattr(owner, relation).all()
    ]


def test_every_column_of_every_row_is_as_the_database_has_it(
    rich: Proposal, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bare = Proposal.objects.for_page().get(pk=rich.pk)
    with django_assert_num_queries(1):
        read_whole(rich)

    owners = [
        (rich, bare, OF_PROPOSAL),
        (rich.track, bare.track, OF_TRACK),
        (rich.competition, bare.competition, ("categories", "rounds")),
        (rich.innovation, bare.innovation, ("history",)),
    ]
    for mine, theirs, relations in owners:
        for relation in relations:
            with django_assert_num_queries(0):
                found = rows(mine, relation)
            assert found
            if relation == "answers":
                found.sort(key=lambda row: str(row["id"]))
            assert found == rows(theirs, relation)


def test_frozen_content_is_the_same_and_costs_nothing_more(
    rich: Proposal, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bare = Proposal.objects.for_page().get(pk=rich.pk)
    with django_assert_num_queries(1):
        findings = problems_of(rich)
        content = content_of(rich, receipt="")

    assert content == content_of(bare, receipt="")
    assert content["form_sha256"] == form_digest(bare.track)
    assert [finding.code for finding in findings] == ["too_young", "video_missing"]


def test_next_look_under_a_lock_sees_what_changed(rich: Proposal) -> None:
    problems_of(rich)
    Claim.objects.filter(proposal=rich).delete()

    rich.refresh_from_db(from_queryset=Proposal.objects.for_page())

    assert content_of(rich, receipt="")["claims"] == []
