"""What the set-up pages ask: is the form locked, what is missing, who else is in the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from competitions.models import (
    Attendee,
    CommitteeSeat,
    Competition,
    Material,
    Round,
    Section,
    Tier,
    Track,
    Workshop,
)
from competitions.workflow import CompetitionStatus
from kipp.lib.together import ask_together

# The way from a part of the definition up to its competition, and its list.
PARENTS = {
    "category": "competition",
    "tier": "competition",
    "track": "competition",
    "round": "competition",
    "section": "track",
    "attachmentslot": "track",
    "eligibilityrule": "track",
    "reminderrule": "round",
    "workshop": "round",
}
NEEDED_ROUNDS = (
    Round.Kind.SUBMISSION,
    Round.Kind.ENDORSEMENT,
    Round.Kind.SCREENING,
    Round.Kind.JUDGING,
    Round.Kind.ANNOUNCEMENT,
)


def parent_of(part: models.Model) -> Any:
    return getattr(part, PARENTS[str(part._meta.model_name)])


def competition_of(part: models.Model) -> Competition:
    parent = parent_of(part)
    return parent if isinstance(parent, Competition) else parent.competition


def line_of(part: models.Model) -> models.QuerySet[Any]:
    """The list that the part stands in, in its order."""
    field = PARENTS[str(part._meta.model_name)]
    return type(part)._default_manager.filter(**{field: parent_of(part)})


def siblings_of(part: models.Model) -> models.QuerySet[Any]:
    return line_of(part).exclude(pk=part.pk)


def is_form_locked(competition: Competition, *, at: datetime) -> bool:
    """From the first minute of the submission every proposal answers the same questions."""
    begun = competition.rounds.filter(kind=Round.Kind.SUBMISSION, starts_at__lte=at)
    return competition.status != CompetitionStatus.DRAFT and begun.exists()


def is_workshop_used(part: Round | Workshop) -> bool:
    workshops = Workshop.objects.filter(
        **({"round": part} if isinstance(part, Round) else {"pk": part.pk})
    )
    return (
        Attendee.objects.filter(workshop__in=workshops).exists()
        or Material.objects.filter(workshop__in=workshops).exists()
    )


def missing_for_publication(competition: Competition) -> list[str]:
    """What stands between the draft and its publication, as sentences that say what to do."""
    tiers, rounds, tracks, weights, roles = ask_together(
        competition.tiers.all(),
        competition.rounds.values_list("kind", "name", "workshop"),
        competition.tracks.all(),
        Section.objects.filter(track__competition=competition).values_list("track", "weight"),
        competition.committee.order_by().values_list("role"),
    )
    return [
        *_missing_facts(competition, tiers=tiers),
        *_missing_rounds(rounds),
        *_missing_forms(tracks, weights=weights),
        *_missing_people({role for (role,) in roles}),
    ]


def _missing_facts(competition: Competition, *, tiers: Sequence[Tier]) -> Iterator[str]:
    if not competition.guidelines:
        yield _("Write the guidelines.")
    if not (competition.contact_email or competition.contact_phone):
        yield _("Give a contact: an e-mail or a WhatsApp number.")
    if not tiers:
        yield _("Name at least one tier of the results.")


def _missing_rounds(rounds: Sequence[Any]) -> Iterator[str]:
    kinds = {kind for kind, _name, _workshop in rounds}
    for kind in NEEDED_ROUNDS:
        if kind not in kinds:
            yield _("Set the dates of the round: %(kind)s.") % {"kind": kind.label}
    for kind, name, workshop in rounds:
        if kind == Round.Kind.WORKSHOP and workshop is None:
            yield _("Give %(round)s its seats and its place.") % {"round": name}


def _missing_forms(tracks: Sequence[Track], *, weights: Sequence[Any]) -> Iterator[str]:
    if not tracks:
        yield _("Add at least one track with its form.")
    for track in tracks:
        own = [weight for pk, weight in weights if pk == track.pk]
        if not own:
            yield _("Add sections to the track %(track)s.") % {"track": track.name}
        elif sum(own) not in {0, 100}:
            yield _(
                "The weights of the track %(track)s add up to %(total)s; make them 100, or all 0."
            ) % {"track": track.name, "total": sum(own)}


def _missing_people(roles: set[str]) -> Iterator[str]:
    for role in (CommitteeSeat.Role.ORGANIZER, CommitteeSeat.Role.CHAIR):
        if role not in roles:
            yield _("Seat a person in the committee as: %(role)s.") % {"role": role.label}
