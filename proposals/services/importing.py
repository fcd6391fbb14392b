"""Sheets of proposals and of past results: first every problem, then all or nothing."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import gathering, record
from accounts.importing import Place, Problem
from accounts.models import Import, Unit, User
from accounts.services import content_of, use_up
from accounts.working import Tell, nobody
from competitions.models import Track
from competitions.roles import Actor
from kipp.lib.sheets import Row, read_table
from proposals.importing import MOST_ROWS, NewProposal, all_heads, check_proposals
from proposals.importing_history import HEADS, NewAward, check_history
from proposals.models import Innovation, Proposal, TeamMember
from proposals.queries.foreseeing import with_findings
from proposals.queries.importing import asked_of, history_places, places_in, register_now
from proposals.services.answering import save_answer
from proposals.services.drafting import (
    Header,
    describe_proposal,
    register_innovation,
    start_proposal,
)
from proposals.services.lines import add_line
from proposals.services.register import Past, keep_awards, register_past_innovation

PROPOSALS, HISTORY = "proposals", "history"


@dataclass(frozen=True, slots=True)
class Inspection:
    """Either problems, or what the sheet would enter."""

    problems: tuple[Problem, ...] = ()
    proposals: tuple[NewProposal, ...] = ()
    awards: tuple[NewAward, ...] = ()

    @property
    def rows(self) -> int:
        return len(self.proposals) + len(self.awards)


def inspect_proposals(content: bytes, *, track: Track, paths: Collection[str]) -> Inspection:
    """Look without writing; `paths`: of the units within reach.

    Raises `ValidationError` when the file is no such sheet at all.
    """
    units = list(places_in(track.competition, paths=paths))
    asked = asked_of(track, units)
    rows = _read_rows(content, all_heads(asked.sections))
    proposals, problems = check_proposals(rows, _places(units), asked=asked)
    if problems:
        return Inspection(problems=tuple(problems))
    return Inspection(proposals=with_findings(proposals, track=track))


def inspect_history(content: bytes, *, actor: Actor, at: datetime) -> Inspection:
    rows = _read_rows(content, HEADS)
    places = _places(history_places(actor))
    awards, problems = check_history(rows, places, register=register_now(), this_year=at.year)
    return Inspection(problems=tuple(problems), awards=tuple(awards))


@transaction.atomic
@gathering()
def enter_proposals(
    sheet: Import,
    *,
    sha256: str,
    track: Track,
    paths: Collection[str],
    tell: Tell = nobody,
    by: User,
    at: datetime,
) -> Inspection:
    """Check again what was shown and enter it. With problems nothing was entered."""
    found = inspect_proposals(content_of(sheet, sha256=sha256), track=track, paths=paths)
    if found.problems:
        return found
    use_up(sheet, by=by, at=at)
    units = Unit.objects.in_bulk([each.unit_id for each in found.proposals])
    for done, each in enumerate(found.proposals):
        tell(done, total=found.rows)
        with _naming(each.row):
            _draft(each, unit=units[each.unit_id], track=track, by=by, at=at)
    _record(sheet, count=len(found.proposals), by=by, at=at)
    return found


@transaction.atomic
@gathering()
def enter_history(
    sheet: Import,
    *,
    sha256: str,
    actor: Actor,
    tell: Tell = nobody,
    by: User,
    at: datetime,
) -> Inspection:
    """The same for results; an innovation that the register does not know is entered with them."""
    found = inspect_history(content_of(sheet, sha256=sha256), actor=actor, at=at)
    if found.problems:
        return found
    use_up(sheet, by=by, at=at)
    results: dict[object, list[NewAward]] = {}
    for award in found.awards:
        results.setdefault(award.innovation_id or award.innovation, []).append(award)
    units = Unit.objects.in_bulk([award.unit_id for award in found.awards if award.unit_id])
    for done, awards in enumerate(results.values()):
        tell(done, total=len(results))
        with _naming(awards[0].row):
            _remember(awards, unit=units.get(awards[0].unit_id or 0), by=by, at=at)
    _record(sheet, count=len(found.awards), by=by, at=at)
    return found


@contextmanager
def _naming(row: int) -> Iterator[None]:
    """What a service refuses names the row; with it the whole sheet is taken back."""
    try:
        yield
    except ValidationError as error:
        why = " ".join(error.messages)
        refused = _("Row %(row)s: %(why)s Nothing was entered.")
        raise ValidationError(refused, code="row", params={"row": row, "why": why}) from error
    except IntegrityError as error:
        raise ValidationError(
            _("Row %(row)s: somebody entered the same meanwhile. Check the file again."),
            code="stale",
            params={"row": row},
        ) from error


def _draft(each: NewProposal, *, unit: Unit, track: Track, by: User, at: datetime) -> Proposal:
    """As the unit itself would have begun it; from here on it is the unit's draft."""
    if each.innovation_id:
        innovation = Innovation.objects.get(pk=each.innovation_id)
    else:
        innovation = register_innovation(
            unit,
            title=each.title,
            expansion=each.expansion,
            started_on=each.started_on,
            by=by,
            at=at,
        )
    proposal = start_proposal(innovation, track=track, unit=unit, by=by, at=at)
    header = Header(
        category=track.competition.categories.filter(pk=each.category_id or 0).first(),
        sdgs=each.sdgs,
        started_on=each.started_on or innovation.started_on,
        video_url=each.video_url,
    )
    describe_proposal(proposal, header=header, version=proposal.version, by=by, at=at)
    for section in track.sections.filter(key__in=each.texts):
        text = each.texts[section.key]
        save_answer(proposal, section=section, text=text, version=0, by=by, at=at)
    for person in each.team:
        member = TeamMember(proposal=proposal, name=person.name, role=person.role, nip=person.nip)
        add_line(member, by=by, at=at)
    return proposal


def _remember(awards: Sequence[NewAward], *, unit: Unit | None, by: User, at: datetime) -> None:
    first = awards[0]
    won = [Past(each.contest, each.level, each.year, each.tier) for each in awards]
    if first.innovation_id:
        keep_awards({first.innovation_id: won})
        return
    register_past_innovation(
        unit,
        title=first.title,
        expansion=first.expansion,
        sector=first.sector,
        awards=won,
        by=by,
        at=at,
    )


def _places(units: Iterable[Unit]) -> list[Place]:
    return [Place(unit.pk, unit.name, unit.code, unit.level, unit.parent_id) for unit in units]


def _read_rows(content: bytes, heads: Sequence[str]) -> list[Row]:
    rows = read_table(io.BytesIO(content), columns=heads)
    if len(rows) > MOST_ROWS:
        raise ValidationError(
            _("The file has more than %(count)s rows. Split it into several."),
            code="too_many_rows",
            params={"count": MOST_ROWS},
        )
    if not rows:
        raise ValidationError(
            _("The file holds no rows. Fill it in and send it again."), code="no_rows"
        )
    return rows


def _record(sheet: Import, *, count: int, by: User, at: datetime) -> None:
    sha256 = sheet.sha256
    record(by, "import.applied", sheet, at=at, kind=sheet.kind, sha256=sha256, count=count)
