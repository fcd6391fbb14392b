from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.audit import trail_of
from competitions.models import Round, Section, Track
from judging import services
from judging.models import Award
from proposals.models import Proposal, Submission
from proposals.queries.preflight import problems_of
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, published

pytestmark = pytest.mark.django_db


def province_above(made: City, *, is_above: bool = True) -> Track:
    """A province with an open competition; the city is moved below it."""
    province = make.unit("Jawa Timur", level="government")
    if is_above:
        host = made.competition.host
        for unit in (host, *made.agencies):
            unit.path = province.path.rstrip("/") + unit.path
            unit.save(update_fields=["path"])
    competition = make.competition(host=province)
    make.round_(competition, Round.Kind.SUBMISSION)
    return make.track(competition)


def test_nomination_starts_a_draft_that_the_city_endorses() -> None:
    made, publication = published()
    track = province_above(made)
    award = publication.awards.select_related("publication__competition__host").get(place=1)

    draft = services.nominate_winner(award, track=track, by=made.chair, at=make.NOON)

    found = Proposal.objects.get(pk=draft.pk)
    assert (found.competition, found.status, found.unit) == (
        track.competition,
        "draft",
        made.agencies[0],
    )
    assert found.endorsing_unit == made.competition.host
    assert found.innovation == award.proposal.innovation
    last = trail_of(publication).last()
    assert last is not None
    assert (last.action, last.data["proposal"]) == ("award.nominated", draft.pk)


def test_nomination_goes_upward_only_and_needs_a_released_award() -> None:
    made, publication = published()
    beside = province_above(made, is_above=False)
    award = Award.objects.select_related("publication__competition__host").get(place=1)

    with pytest.raises(ValidationError) as error:
        services.nominate_winner(award, track=beside, by=made.chair, at=make.NOON)
    assert error.value.error_list[0].code == "not_above"

    services.withdraw_publication(publication, reason="Salah", by=made.chair, at=make.NOON)
    award = Award.objects.select_related("publication__competition__host").get(place=1)
    with pytest.raises(ValidationError) as error:
        services.nominate_winner(award, track=beside, by=made.chair, at=make.NOON)
    assert error.value.error_list[0].code == "not_released"


def test_nomination_page_offers_tracks_above_and_refuses_doubles() -> None:
    made, publication = published()
    track = province_above(made)
    track.competition.rounds.update(ends_at=make.NOON + 3650 * make.DAY)
    award = publication.awards.get(place=1)
    url = reverse(
        "judging:award-nominate", args=[made.competition.slug, publication.number, award.pk]
    )
    client = signed_in(made.organizer)

    shown = client.get(url)
    foreign = client.post(url, {"track": track.pk + 1})
    done = client.post(url, {"track": track.pk})
    twice = client.post(url, {"track": track.pk})

    assert [pk for pk, _label in shown.context["form"].fields["track"].choices] == [str(track.pk)]
    assert foreign.status_code == 422
    assert done.status_code == 302
    assert twice.status_code == 422
    assert Proposal.objects.filter(competition=track.competition).count() == 1


def test_draft_begins_with_what_was_judged_and_flags_what_is_too_long() -> None:
    made, publication = published()
    track = province_above(made)
    award = publication.awards.select_related("publication__competition__host").get(place=1)
    judged = Submission.objects.get(proposal=award.proposal_id)
    text = "Layanan dekat warga. " * 20
    judged.content["header"] |= {"sdgs": [3, 9], "started_on": "2024-01-15"}
    judged.content["sections"] = [
        {"key": "ringkasan", "label": "Ringkasan", "text": "Pendek."},
        {"key": "kota_saja", "label": "Dampak bagi warga", "text": text},
        {"key": "sisa", "label": "Catatan", "text": "Tidak ada tempatnya."},
    ]
    judged.save(update_fields=["content"])
    make.section(track, "ringkasan")
    impact = make.section(track, "dampak", word_limit=10)
    Section.objects.filter(pk=impact.pk).update(label="DAMPAK bagi Warga")

    draft = services.nominate_winner(award, track=track, by=made.chair, at=make.NOON)

    draft.refresh_from_db()
    assert dict(draft.answers.values_list("section__key", "text")) == {
        "ringkasan": "Pendek.",
        "dampak": text,
    }
    assert (draft.sdgs, draft.started_on) == ([3, 9], date(2024, 1, 15))
    assert "section:dampak" in {problem.target for problem in problems_of(draft)}
    trail = trail_of(draft).filter(action="proposal.carried").get().data
    assert (trail["too_long"], trail["left"]) == (["dampak"], ["Catatan"])
