"""A save over the version seen: kept as a revision, or refused without a trace."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from competitions.models import Section
from proposals import services
from proposals.models import Answer, Proposal, Revision
from proposals.services import StaleAnswer
from tests import make
from tests.proposals.scene import MINUTE, Scene


def save(
    scene: Scene, proposal: Proposal, text: str, *, version: int, section: Section | None = None
) -> Answer:
    return services.save_answer(
        proposal,
        section=section or scene.summary,
        text=text,
        version=version,
        by=scene.author,
        at=make.NOON,
    )


def revisions(proposal: Proposal) -> list[tuple[int, str]]:
    found = Revision.objects.filter(answer__proposal=proposal).order_by("answer", "version")
    return list(found.values_list("version", "text"))


def test_every_accepted_save_is_a_revision(scene: Scene) -> None:
    proposal = make.proposal(scene.clinic, scene.track)

    saved = [
        save(scene, proposal, text, version=n) for n, text in enumerate(["satu", "dua\u200b dua"])
    ]

    stored = Answer.objects.get(proposal=proposal)
    assert [answer.version for answer in saved] == [1, 2]
    assert revisions(proposal) == [(1, "satu"), (2, "dua dua")]
    assert (stored.text, stored.version, stored.word_count) == ("dua dua", 2, 2)
    assert (stored.saved_by, stored.saved_at) == (scene.author, make.NOON)


@pytest.mark.parametrize("version", [1, 7])
def test_same_text_again_is_neither_a_revision_nor_a_conflict(scene: Scene, version: int) -> None:
    proposal = make.proposal(scene.clinic, scene.track)
    first = save(scene, proposal, "satu", version=0)

    again = save(scene, proposal, "satu", version=version)

    assert (again.pk, again.version) == (first.pk, 1)
    assert revisions(proposal) == [(1, "satu")]


def test_loser_sees_the_other_text_and_leaves_no_trace(scene: Scene) -> None:
    proposal = make.proposal(scene.clinic, scene.track)
    save(scene, proposal, "rekan", version=0)

    for version in (0, 3):
        with pytest.raises(StaleAnswer) as error:
            save(scene, proposal, "saya", version=version)
        assert error.value.theirs.text == "rekan"

    assert revisions(proposal) == [(1, "rekan")]


def test_loser_reads_a_name_only_when_it_was_somebody_else(scene: Scene) -> None:
    proposal = make.proposal(scene.clinic, scene.track)
    save(scene, proposal, "jendela lain", version=0)
    colleague = make.user()

    said = []
    for person in (scene.author, colleague):
        with pytest.raises(StaleAnswer) as error:
            services.save_answer(
                proposal,
                section=scene.summary,
                text="jendela ini",
                version=0,
                by=person,
                at=make.NOON,
            )
        said += error.value.messages

    assert said == [
        "You saved this section in another window meanwhile. Compare both texts.",
        f"{scene.author.full_name} saved this section before you. Compare both texts.",
    ]


def test_save_over_a_text_that_never_was_is_refused(scene: Scene) -> None:
    proposal = make.proposal(scene.clinic, scene.track)

    with pytest.raises(ValidationError) as error:
        save(scene, proposal, "saya", version=4)

    assert error.value.error_list[0].code == "stale"
    assert Answer.objects.count() == 0


def test_save_is_refused_once_the_proposal_is_elsewhere(scene: Scene) -> None:
    proposal = scene.sent()

    with pytest.raises(ValidationError) as error:
        save(scene, proposal, "saya", version=1)

    assert error.value.error_list[0].code == "not_now"
    assert Answer.objects.get(proposal=proposal, section=scene.summary).text == "satu dua tiga"


@pytest.mark.parametrize("text", ["a\0b", "kata " * 20_000])
def test_save_refuses_what_cannot_be_kept(scene: Scene, text: str) -> None:
    proposal = make.proposal(scene.clinic, scene.track)

    with pytest.raises(ValidationError):
        save(scene, proposal, text, version=0)

    assert Answer.objects.count() == 0


def test_another_forms_section_is_refused(scene: Scene) -> None:
    elsewhere = make.section(make.track(scene.competition, "khusus"))

    with pytest.raises(ValidationError) as error:
        save(scene, scene.draft(), "x", version=0, section=elsewhere)

    assert error.value.error_list[0].code == "foreign"


def test_restoring_makes_a_new_revision(scene: Scene) -> None:
    proposal = make.proposal(scene.clinic, scene.track)
    save(scene, proposal, "lama", version=0)
    save(scene, proposal, "baru", version=1)
    older = Revision.objects.get(version=1)

    restored = services.restore_revision(older, version=2, by=scene.endorser, at=make.NOON + MINUTE)

    assert (restored.version, restored.text) == (3, "lama")
    assert revisions(proposal) == [(1, "lama"), (2, "baru"), (3, "lama")]
    assert Revision.objects.get(version=3).saved_by == scene.endorser


def test_restoring_over_a_newer_text_is_a_conflict(scene: Scene) -> None:
    proposal = make.proposal(scene.clinic, scene.track)
    save(scene, proposal, "lama", version=0)
    save(scene, proposal, "baru", version=1)

    with pytest.raises(StaleAnswer):
        services.restore_revision(
            Revision.objects.get(version=1), version=1, by=scene.author, at=make.NOON
        )

    assert revisions(proposal) == [(1, "lama"), (2, "baru")]
