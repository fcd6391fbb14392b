"""What the home page and the dashboard gather from all apps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from competitions.models import Competition
from competitions.queries.pages import countdown_of, with_rounds
from competitions.roles import NOBODY, Actor
from judging.queries.committee import open_stages
from judging.queries.desk import desk_stages, seats_to_answer
from judging.workflow import SeatStatus, StageStatus
from kipp.undelivered import failed_counts
from proposals.models import Proposal
from proposals.queries.board import status_counts
from proposals.queries.endorsing import queue_of
from proposals.queries.own import is_below, paths_of, running_for
from proposals.workflow import RECEIVED, UNFINISHED, ProposalStatus


@dataclass(frozen=True, slots=True)
class Task:
    """One panel of the dashboard: what waits for the person, how much, until when, where."""

    kicker: str | Promise
    title: str | Promise
    text: str
    until: str
    url: str
    action: str
    tone: str = "info"
    facts: tuple[tuple[str, int], ...] = ()


def tasks_of(actor: Actor, *, at: datetime) -> list[Task]:
    """What each of the person's roles has to do now; what is urgent for others comes first."""
    return [
        *endorsing_tasks(actor),
        *writing_tasks(actor, at=at),
        *seat_tasks(actor),
        *judging_tasks(actor),
        *panel_tasks(actor),
        *committee_tasks(actor, at=at),
        *mail_tasks(actor),
        *support_tasks(actor),
    ]


def endorsing_tasks(actor: Actor) -> Iterator[Task]:
    if not actor.endorser_of:
        return
    waiting = queue_of(actor).count()
    text = ngettext(
        "%(count)s proposal waits for your endorsement.",
        "%(count)s proposals wait for your endorsement.",
        waiting,
    ) % {"count": waiting}
    yield Task(
        _("Endorser"),
        _("Endorsement queue"),
        text if waiting else _("Nothing waits for you."),
        "",
        reverse("proposals:endorsement-queue"),
        _("Open the queue"),
        tone="wait" if waiting else "ok",
    )


def writing_tasks(actor: Actor, *, at: datetime) -> Iterator[Task]:
    if not actor.is_unit_staff:
        return
    own = Proposal.objects.visible_to(actor).order_by().values_list("competition", "status")
    found = [(competition, status) for competition, status in own if competition not in actor.seats]
    running = running_for(actor, at=at)
    entered = Competition.objects.published().filter(pk__in={key for key, _status in found})
    for competition in whole([*running, *entered]):
        statuses = [status for key, status in found if key == competition.pk]
        yield Task(
            _("Your unit"),
            competition.name,
            "",
            until_of(competition, at=at, actor=actor),
            reverse("proposals:innovation-list")
            if statuses
            else reverse("proposals:proposal-start", args=[competition.slug]),
            _("Open your proposals") if statuses else _("Start a proposal"),
            tone="wait" if UNFINISHED.intersection(statuses) else "info",
            facts=(
                (_("being written"), sum(status in UNFINISHED for status in statuses)),
                (_("awaiting endorsement"), statuses.count("awaiting")),
                (_("received"), sum(status in RECEIVED for status in statuses)),
            ),
        )


def seat_tasks(actor: Actor) -> Iterator[Task]:
    """Invitations to judge that wait for an answer."""
    for seat in seats_to_answer(actor):
        if seat.status == SeatStatus.INVITED:
            yield Task(
                seat.stage.competition.name,
                seat.stage.name,
                _("You are invited to judge"),
                "",
                reverse("judging:seat-answer", args=[seat.pk]),
                _("Answer the invitation"),
                tone="wait",
            )


def judging_tasks(actor: Actor) -> Iterator[Task]:
    for stage in desk_stages(actor):
        is_open = stage.status == StageStatus.OPEN
        yield Task(
            stage.competition.name,
            stage.name,
            _("%(done)s of %(total)s sheets submitted.")
            % {"done": stage.done_count, "total": stage.total_count},
            "",
            reverse("judging:queue", args=[stage.pk]),
            _("Read and score") if is_open else _("Look back"),
            tone="wait" if is_open and stage.done_count < stage.total_count else "ok",
        )


def panel_tasks(actor: Actor) -> Iterator[Task]:
    """What a committee watches while judges work."""
    if not actor.seats:
        return
    for stage in open_stages(actor.seats):
        yield Task(
            stage["kicker"],
            stage["name"],
            _("%(done)s of %(total)s sheets submitted.")
            % {"done": stage["done_count"], "total": stage["sheet_count"]},
            "",
            reverse("judging:stage", args=[stage["slug"], stage["key"]]),
            _("Follow the progress"),
        )


def committee_tasks(actor: Actor, *, at: datetime) -> Iterator[Task]:
    counted = status_counts(actor.seats)
    for competition in with_rounds(Competition.objects.filter(pk__in=actor.seats)):
        counts = counted[competition.pk]
        yield Task(
            _("Committee"),
            competition.name,
            "",
            until_of(competition, at=at),
            reverse("proposals:board", args=[competition.slug]),
            _("Open the board"),
            facts=(
                (_("being written"), sum(counts[status] for status in UNFINISHED)),
                (_("awaiting endorsement"), counts[ProposalStatus.AWAITING]),
                (_("to screen"), counts[ProposalStatus.SUBMITTED]),
                (_("passed"), counts[ProposalStatus.ELIGIBLE]),
            ),
        )


def mail_tasks(actor: Actor) -> Iterator[Task]:
    """Mails that reached nobody: their addresses want correcting."""
    failed = failed_counts(actor.seats) if actor.seats else {}
    for competition in Competition.objects.filter(pk__in=failed) if failed else ():
        yield Task(
            _("Committee"),
            _("Mail"),
            ngettext(
                "%(count)s mail of %(name)s could not be delivered.",
                "%(count)s mails of %(name)s could not be delivered.",
                failed[competition.pk],
            )
            % {"count": failed[competition.pk], "name": competition.name},
            "",
            f"{reverse('mail-log', args=[competition.slug])}?status=failed",
            _("Correct the addresses"),
            tone="wait",
        )


def support_tasks(actor: Actor) -> Iterator[Task]:
    if actor.user and actor.user.is_staff:
        yield Task(
            SUPPORT,
            _("Units and people"),
            _("Accounts, memberships and imports; no content of proposals or scores."),
            "",
            reverse("accounts:unit-list"),
            _("Open the units"),
        )


SUPPORT = gettext_lazy("System administrator")


def whole(competitions: Iterable[Competition]) -> list[Competition]:
    """The same ones, once each and in their order, with all that a countdown reads."""
    keys = dict.fromkeys(competition.pk for competition in competitions)
    found = with_rounds(Competition.objects.filter(pk__in=keys)).in_bulk()
    return [found[key] for key in keys]


def until_of(competition: Competition, *, at: datetime, actor: Actor = NOBODY) -> str:
    """What closes next in the competition, and when; it must come from `whole`.

    For a committee by the ends for everybody, for an actor by those of the own units.
    """
    paths = [path for path in paths_of(actor) if is_below(path, competition.host.path)]
    countdown = countdown_of(competition, at=at, unit_paths=paths)
    if countdown is None:
        return ""
    shown = f"{countdown.label} {countdown.days_left}: {countdown.shown}"
    return f"{shown} ({countdown.earlier})" if countdown.earlier else shown
