"""Conflicts that the portal finds by itself: the unit tree, team lists, earlier proposals.

A note is for the committee of this competition: it names no draft and no other committee's paper,
and never an NIP.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts.identity import plain_address, plain_person
from accounts.models import Membership, Unit, User
from judging.models import Conflict, NamesakeDismissal, Panelist, Stage
from proposals.models import (
    Attachment,
    Claim,
    Endorsement,
    Proposal,
    Revision,
    Submission,
    TeamMember,
)

# Whoever left a unit within this time is still in conflict with its proposals.
CONFLICT_MEMORY = timedelta(days=730)
Ground = Conflict.Ground
# Where more than one holds, the first is the ground and all are in the note.
WEIGHT = (Ground.UNIT, Ground.TEAM, Ground.EARLIER, Ground.TIE)
WRITERS = (
    (Revision, "answer__proposal", "saved_by"),
    (Submission, "proposal", "submitted_by"),
    (Attachment, "proposal", "uploaded_by"),
    (Claim, "proposal", "saved_by"),
    (TeamMember, "proposal", "saved_by"),
    (Endorsement, "proposal", "decided_by"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A judge and an entry that must be kept apart."""

    panelist: Panelist
    submission: Submission
    ground: Ground
    note: str
    # Whether a name alone, without a number, is among the reasons: that may be another person.
    is_namesake: bool = False

    @property
    def ground_label(self) -> str:
        return str(self.ground.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One reason among possibly several."""

    panelist: int
    proposal: int
    ground: Ground
    note: str
    is_namesake: bool = False


def find_conflicts(
    panel: Sequence[Panelist], submissions: Sequence[Submission], *, at: datetime
) -> list[Found]:
    """One for each pair, in the order of panel and entries; a fixed number of statements."""
    if not panel or not submissions:
        return []
    signs: dict[tuple[int, int], list[Sign]] = defaultdict(list)
    for sign in [
        *_kinships(panel, submissions, at=at),
        *_ties(panel, submissions),
        *_works(panel, submissions),
        *_undismissed(panel, list(_namesakes(panel, submissions))),
    ]:
        signs[sign.panelist, sign.proposal].append(sign)
    return [
        _found(panelist, submission, signs[panelist.pk, submission.proposal_id])
        for panelist in panel
        for submission in submissions
        if (panelist.pk, submission.proposal_id) in signs
    ]


def _found(panelist: Panelist, submission: Submission, signs: list[Sign]) -> Found:
    heaviest = min((sign.ground for sign in signs), key=WEIGHT.index)
    notes = dict.fromkeys(sign.note for sign in signs if sign.note)
    return Found(
        panelist=panelist,
        submission=submission,
        ground=heaviest,
        note="; ".join(notes),
        is_namesake=any(sign.is_namesake for sign in signs),
    )


class Tree:
    """The entries by the units above and below them, so that no pair is looked at in vain."""

    def __init__(self, submissions: Iterable[Submission]) -> None:
        self._below: dict[int, set[int]] = defaultdict(set)
        self._of: dict[int, set[int]] = defaultdict(set)
        for submission in submissions:
            unit = submission.proposal.unit
            self._of[unit.pk].add(submission.proposal_id)
            for above in unit.lineage:
                self._below[above].add(submission.proposal_id)

    def kin_of(self, unit: Unit) -> set[int]:
        """Proposals of the unit, of those below it and of those above it."""
        found = set(self._below.get(unit.pk, ()))
        for above in unit.lineage:
            found |= self._of.get(above, set())
        return found


def _kinships(
    panel: Sequence[Panelist], submissions: Sequence[Submission], *, at: datetime
) -> Iterator[Sign]:
    """Members of the proposal's unit, or of one above or below it, now or in the last two years."""
    seats = {panelist.user_id: panelist.pk for panelist in panel}
    tree = Tree(submissions)
    memberships = Membership.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=at - CONFLICT_MEMORY), user__in=seats
    )
    for each in memberships.select_related("unit").order_by("unit__name"):
        for proposal in tree.kin_of(each.unit):
            yield Sign(
                panelist=seats[each.user_id],
                proposal=proposal,
                ground=Ground.UNIT,
                note=each.unit.name,
            )


def _ties(panel: Sequence[Panelist], submissions: Sequence[Submission]) -> Iterator[Sign]:
    """Units that the judge named when accepting."""
    tree = Tree(submissions)
    named = Panelist.tied_units.through.objects.filter(panelist__in=panel).select_related("unit")
    for each in named:
        for proposal in tree.kin_of(each.unit):
            yield Sign(
                panelist=each.panelist_id,
                proposal=proposal,
                ground=Ground.TIE,
                note=each.unit.name,
            )


def _works(panel: Sequence[Panelist], submissions: Sequence[Submission]) -> Iterator[Sign]:
    """Whoever wrote, filed, endorsed or sent this proposal or an earlier one of the innovation."""
    seats = _accounts_of(panel)
    entered = _by_innovation(submissions)
    for proposal, innovation, user in _traces(list(seats)):
        for submission in entered.get(innovation, ()):
            is_own = submission.proposal_id == proposal
            yield Sign(
                panelist=seats[user],
                proposal=submission.proposal_id,
                ground=Ground.TEAM if is_own else Ground.EARLIER,
                note=_("worked on this proposal") if is_own else "",
            )


def _traces(users: list[int]) -> list[tuple[int, int, int]]:
    """Proposal, innovation and person of every act, each once."""
    own = Proposal.objects.filter(created_by__in=users).order_by()
    acts: list[QuerySet[Any, Any]] = [
        model._default_manager.filter(**{f"{person}__in": users})
        .order_by()
        .values_list(f"{path}__pk", f"{path}__innovation_id", person)
        for model, path, person in WRITERS
    ]
    return list(own.values_list("pk", "innovation_id", "created_by_id").union(*acts))


def _accounts_of(panel: Sequence[Panelist]) -> Mapping[int, int]:
    """Every account of a judge, found by NIP and by mailbox, to the seat."""
    by_nip = {each.user.nip: each.pk for each in panel if each.user.nip}
    by_address = {plain_address(each.user.email): each.pk for each in panel}
    mailbox = Func(F("email"), Value(r"\+[^@]*@"), Value("@"), function="regexp_replace")
    people = User.objects.annotate(mailbox=Lower(mailbox)).filter(
        Q(nip__in=by_nip) | Q(mailbox__in=by_address)
    )
    found = {
        pk: by_nip.get(nip) or by_address[address]
        for pk, nip, address in people.values_list("pk", "nip", "mailbox")
    }
    return found | {each.user_id: each.pk for each in panel}


def _namesakes(panel: Sequence[Panelist], submissions: Sequence[Submission]) -> Iterator[Sign]:
    """Judges in the team list of this proposal or of an earlier one of the innovation."""
    by_nip = {each.user.nip: each.pk for each in panel if each.user.nip}
    by_name: dict[str, list[int]] = defaultdict(list)
    for each in panel:
        by_name[plain_person(each.user.full_name)].append(each.pk)
    entered = _by_innovation(submissions)
    team = TeamMember.objects.filter(proposal__innovation__in=entered).order_by("pk")
    rows = team.values_list("proposal_id", "proposal__innovation_id", "name", "nip")
    for proposal, innovation, name, nip in rows.iterator():
        is_namesake = nip not in by_nip
        seats = set(by_name.get(plain_person(name), ())) if is_namesake else {by_nip[nip]}
        for submission in entered[innovation] if seats else ():
            is_own = submission.proposal_id == proposal
            for seat in seats:
                yield Sign(
                    panelist=seat,
                    proposal=submission.proposal_id,
                    ground=Ground.TEAM if is_own else Ground.EARLIER,
                    note=_("team member %(name)s") % {"name": name} if is_own else "",
                    is_namesake=is_namesake,
                )


def _undismissed(panel: Sequence[Panelist], signs: Sequence[Sign]) -> list[Sign]:
    """A name alone may have been found to be somebody else's; a number is nobody else's."""
    if not any(sign.is_namesake for sign in signs):
        return list(signs)
    seats = {panelist.user_id: panelist.pk for panelist in panel}
    rows = NamesakeDismissal.objects.filter(user__in=seats).values_list("user", "proposal")
    dismissed = {(seats[user], proposal) for user, proposal in rows}
    return [
        sign
        for sign in signs
        if not sign.is_namesake or (sign.panelist, sign.proposal) not in dismissed
    ]


def _by_innovation(submissions: Iterable[Submission]) -> Mapping[int, list[Submission]]:
    found: dict[int, list[Submission]] = defaultdict(list)
    for submission in submissions:
        found[submission.proposal.innovation_id].append(submission)
    return dict(found)


def dismissals_in(stage: Stage) -> QuerySet[NamesakeDismissal]:
    """Of judges of the stage, for proposals of its competition."""
    judges = stage.panel.values("user")
    rows = NamesakeDismissal.objects.filter(
        user__in=judges, proposal__competition=stage.competition_id
    )
    return rows.select_related("user", "proposal", "dismissed_by")
