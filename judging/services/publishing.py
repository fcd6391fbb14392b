"""Results leave in versions: one person proposes, a second one releases, nothing is edited."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audit import record
from accounts.models import User
from competitions.models import Tier
from judging.codes import draw_code
from judging.decrees import check_decree_day
from judging.models import Award, Publication, Ranking, Stage
from judging.queries.law import latest_ranking, next_stage
from judging.queries.voting import is_tied
from judging.services.freezing import refuse_sitting
from judging.services.locks import lock_stage
from judging.services.telling import tell_releasers, tell_withdrawal
from judging.services.unveiling import unveil
from judging.workflow import (
    PUBLICATION_FLOW,
    STAGE_FLOW,
    PublicationMove,
    PublicationStatus,
    StageMove,
    StageStatus,
)
from proposals.services import drop_awards

VOTE_FIRST = gettext_lazy(
    "Entries stay tied at a line, and the law leaves them to the panel. Record the vote before the "
    "results are proposed."
)


@transaction.atomic
def propose_publication(
    stage: Stage,
    *,
    decree_number: str,
    decree_on: date,
    signer_role: str = "",
    signer_name: str = "",
    note: str = "",
    visible_from: datetime | None = None,
    by: User,
    at: datetime,
) -> Publication:
    """Lay the final ranking before a second person, with the decree that it rests on.

    `visible_from`: the embargo; without it the public reads the results from their release on.
    """
    locked = lock_stage(stage)
    ranking = _final_ranking(locked)
    refuse_sitting(locked)
    _refuse_second(locked.competition_id)
    if visible_from is not None and visible_from <= at:
        raise ValidationError(
            {"visible_from": _("This moment has passed. Leave it empty to publish at once.")}
        )
    last = Publication.objects.filter(competition_id=locked.competition_id).first()
    publication = Publication(
        competition=locked.competition,
        ranking=ranking,
        number=last.number + 1 if last else 1,
        decree_number=decree_number.strip(),
        decree_on=decree_on,
        signer_role=signer_role.strip(),
        signer_name=signer_name.strip(),
        note=note.strip(),
        visible_from=visible_from,
        proposed_by=by,
        proposed_at=at,
    )
    publication.full_clean()
    _check_decree(publication, at=at)
    publication.save()
    tell_releasers(publication, at=at)
    record(by, "publication.proposed", publication, at=at, decree=publication.decree_number)
    return publication


def _refuse_second(competition_id: int) -> None:
    """Neither beside a version that waits for its release nor beside one under embargo."""
    versions = Publication.objects.filter(competition_id=competition_id)
    if versions.filter(status=PublicationStatus.PROPOSED).exists():
        raise ValidationError(_("A version waits for its release already."), code="proposed")
    if versions.filter(status=PublicationStatus.RELEASED).exists():
        raise ValidationError(
            _("A version is released and waits for its hour. Withdraw it first."), code="proposed"
        )


def _check_decree(publication: Publication, *, at: datetime) -> None:
    zone = ZoneInfo(publication.competition.time_zone)
    check_decree_day(
        publication.decree_on,
        frozen=publication.ranking.frozen_at.astimezone(zone).date(),
        visible=(publication.visible_from or at).astimezone(zone).date(),
    )


def _final_ranking(stage: Stage) -> Ranking:
    ranking = latest_ranking(stage)
    if stage.status != StageStatus.CLOSED or ranking is None:
        raise ValidationError(_("Close the stage first."), code="not_now")
    if next_stage(stage) is not None:
        raise ValidationError(_("Only the last stage decides the results."), code="not_final")
    if is_tied(stage):
        raise ValidationError(VOTE_FIRST, code="tied")
    return ranking


@transaction.atomic
def release_publication(publication: Publication, *, by: User, at: datetime) -> Publication:
    """The second pair of eyes: public at once, or from the end of the embargo on."""
    lock_stage(publication.ranking.stage)
    if publication.proposed_by_id == by.pk:
        raise ValidationError(
            _("A second person releases what one person proposed."), code="second_person"
        )
    PUBLICATION_FLOW.advance(
        publication,
        PublicationMove.RELEASE,
        released_by_id=by.pk,
        released_at=at,
        visible_from=max(publication.visible_from or at, at),
    )
    _create_awards(publication)
    record(by, "publication.released", publication, at=at, number=publication.number)
    unveil(publication, by=by, at=at)
    return publication


def _create_awards(publication: Publication) -> None:
    """One award per proposal that reaches a tier: the innermost, with names as shown today."""
    sizes = {tier["name"]: tier["size"] for tier in publication.ranking.law["tiers"]}
    names = dict(
        Tier.objects.filter(competition_id=publication.competition_id).values_list("key", "name")
    )
    awarded = publication.ranking.standings.exclude(tiers=[]).select_related(
        "entry__proposal__unit"
    )
    Award.objects.bulk_create(
        Award(
            publication=publication,
            proposal=standing.entry.proposal,
            tier_key=standing.tiers[-1],
            tier_name=names.get(standing.tiers[-1], standing.tiers[-1]),
            tier_size=sizes[standing.tiers[-1]],
            place=standing.place,
            score=standing.score,
            title=standing.entry.proposal.title,
            unit_name=standing.entry.proposal.unit.name,
            code=new_code(),
        )
        for standing in awarded
        if standing.place is not None and standing.score is not None
    )


def new_code() -> str:
    """Three groups of four: 59 bits, so that no certificate is found by guessing."""
    drawn = draw_code(12)
    return "-".join(drawn[start : start + 4] for start in (0, 4, 8))


@transaction.atomic
def withdraw_publication(
    publication: Publication, *, reason: str, by: User, at: datetime
) -> Publication:
    """Take a version back. It stays on record; a new version replaces it."""
    if not reason.strip():
        raise ValidationError(_("Write why the publication is withdrawn."), code="reason")
    stage = lock_stage(publication.ranking.stage)
    was_told = Publication.objects.filter(pk=publication.pk, unveiled_at__isnull=False).exists()
    PUBLICATION_FLOW.advance(
        publication,
        PublicationMove.WITHDRAW,
        withdrawn_at=at,
        withdrawn_reason=reason.strip(),
    )
    if was_told:
        STAGE_FLOW.advance(stage, StageMove.WITHDRAW)
        _strike_from_register(publication)
        tell_withdrawal(publication, at=at)
    record(by, "publication.withdrawn", publication, at=at, reason=reason.strip())
    return publication


def _strike_from_register(publication: Publication) -> None:
    drop_awards(
        list(publication.awards.values_list("proposal__innovation_id", flat=True)),
        contest=publication.competition.name,
        year=publication.competition.year,
    )
