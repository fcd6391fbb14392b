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
from accounts.queries import carriers_in, successions
from judging.models import Conflict, NamesakeDismissal, Panelist, Stage
from kipp.lib.together import ask_together
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
Rows = QuerySet[Any, tuple[Any, ...]]
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
    """One for each pair, in the order of panel and entries; two statements."""
    if not panel or not submissions:
        return []
    seats = {panelist.user_id: panelist.pk for panelist in panel}
    entered = _by_innovation(submissions)
    ended, places, ties, accounts, team, dismissed = ask_together(
        successions(),
        _places_of(seats, at=at),
        _ties_of(panel),
        _accounts_of(panel),
        _team_of(entered),
        _dismissals_of(seats),
    )
    tree = Tree(submissions, carriers=carriers_in(ended))
    signs: dict[tuple[int, int], list[Sign]] = defaultdict(list)
    for sign in [
        *_kinships(places, seats=seats, tree=tree),
        *_named(ties, tree=tree),
        *_works(_seats_by_account(panel, accounts) | seats, entered),
        *_undismissed(_namesakes(panel, team, entered), dismissed=dismissed, seats=seats),
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
    """The entries by the units above and below them, so that no pair is looked at in vain.

    Units that became one count as the same, by whichever of their names an entry was sent.
    """

    def __init__(
        self, submissions: Iterable[Submission], *, carriers: Mapping[int, tuple[int, ...]]
    ) -> None:
        self._below: dict[int, set[int]] = defaultdict(set)
        self._of: dict[int, set[int]] = defaultdict(set)
        former: dict[int, list[int]] = defaultdict(list)
        for ended, lineage in carriers.items():
            former[lineage[-1]].append(ended)
        for submission in submissions:
            unit = submission.proposal.unit
            carrier = carriers.get(unit.pk, unit.lineage)
            same = {unit.pk, carrier[-1], *former[carrier[-1]]}
            for each in same:
                self._of[each].add(submission.proposal_id)
            for above in same.union(unit.lineage, carrier):
                self._below[above].add(submission.proposal_id)

    def kin_of(self, path: str) -> set[int]:
        """Proposals of the unit with this path, of those below it and of those above it."""
        lineage = Unit(path=path).lineage
        found = set(self._below.get(lineage[-1], ()))
        for above in lineage:
            found |= self._of.get(above, set())
        return found


def _places_of(users: Iterable[int], *, at: datetime) -> Rows:
    """Where they are members, now or in the last two years."""
    memberships = Membership.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=at - CONFLICT_MEMORY), user__in=users
    )
    return memberships.order_by("unit__name").values_list("user", "unit__path", "unit__name")


def _kinships(places: Iterable[Any], *, seats: Mapping[int, int], tree: Tree) -> Iterator[Sign]:
    """Members of the proposal's unit, or of one above or below it."""
    for user, path, name in places:
        for proposal in tree.kin_of(path):
            yield Sign(panelist=seats[user], proposal=proposal, ground=Ground.UNIT, note=name)


def _ties_of(panel: Sequence[Panelist]) -> Rows:
    """Units that the judges named when accepting."""
    named = Panelist.tied_units.through.objects.filter(panelist__in=panel)
    return named.values_list("panelist", "unit__path", "unit__name")


def _named(ties: Iterable[Any], *, tree: Tree) -> Iterator[Sign]:
    for seat, path, name in ties:
        for proposal in tree.kin_of(path):
            yield Sign(panelist=seat, proposal=proposal, ground=Ground.TIE, note=name)


def _works(seats: Mapping[int, int], entered: Mapping[int, list[Submission]]) -> Iterator[Sign]:
    """Whoever wrote, filed, endorsed or sent this proposal or an earlier one of the innovation."""
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
    acts: list[Rows] = [
        model._default_manager.filter(**{f"{person}__in": users})
        .order_by()
        .values_list(f"{path}__pk", f"{path}__innovation_id", person)
        for model, path, person in WRITERS
    ]
    return list(own.values_list("pk", "innovation_id", "created_by_id").union(*acts))


def _accounts_of(panel: Sequence[Panelist]) -> Rows:
    """Every account of a judge, found by NIP and by mailbox."""
    mailbox = Func(F("email"), Value(r"\+[^@]*@"), Value("@"), function="regexp_replace")
    people = User.objects.annotate(mailbox=Lower(mailbox)).filter(
        Q(nip__in=_by_nip(panel)) | Q(mailbox__in=_by_address(panel))
    )
    found: Rows = people.values_list("pk", "nip", "mailbox")
    return found


def _seats_by_account(panel: Sequence[Panelist], accounts: Iterable[Any]) -> dict[int, int]:
    by_nip, by_address = _by_nip(panel), _by_address(panel)
    return {pk: by_nip.get(nip) or by_address[address] for pk, nip, address in accounts}


def _by_nip(panel: Sequence[Panelist]) -> dict[str, int]:
    return {each.user.nip: each.pk for each in panel if each.user.nip}


def _by_address(panel: Sequence[Panelist]) -> dict[str, int]:
    return {plain_address(each.user.email): each.pk for each in panel}


def _team_of(entered: Mapping[int, Any]) -> Rows:
    """The team lists of the entries and of what their innovations sent before."""
    team = TeamMember.objects.filter(proposal__innovation__in=entered).order_by("pk")
    return team.values_list("proposal_id", "proposal__innovation_id", "name", "nip")


def _namesakes(
    panel: Sequence[Panelist], team: Iterable[Any], entered: Mapping[int, list[Submission]]
) -> Iterator[Sign]:
    """Judges in the team list of this proposal or of an earlier one of the innovation."""
    by_nip = _by_nip(panel)
    by_name: dict[str, list[int]] = defaultdict(list)
    for each in panel:
        by_name[plain_person(each.user.full_name)].append(each.pk)
    for proposal, innovation, name, nip in team:
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


def _dismissals_of(users: Iterable[int]) -> Rows:
    return NamesakeDismissal.objects.filter(user__in=users).values_list("user", "proposal")


def _undismissed(
    signs: Iterable[Sign], *, dismissed: Iterable[Any], seats: Mapping[int, int]
) -> Iterator[Sign]:
    """A name alone may have been found to be somebody else's; a number is nobody else's."""
    pairs = {(seats[user], proposal) for user, proposal in dismissed}
    for sign in signs:
        if not sign.is_namesake or (sign.panelist, sign.proposal) not in pairs:
            yield sign


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
