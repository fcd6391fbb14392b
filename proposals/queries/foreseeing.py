"""What the rules of entry will say of the rows of a sheet, as far as a sheet can tell."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from accounts.models import Unit
from competitions.models import Track
from proposals.eligibility import EarlierTier, Facts, Severity
from proposals.importing import NewProposal
from proposals.models import EarlierAward, Proposal
from proposals.queries.others import STATUSES
from proposals.queries.preflight import closing_day, rules_of
from proposals.rulebook import find_problems


@dataclass(frozen=True, slots=True)
class Surroundings:
    """By unit: its agency. `by_agency` and `by_unit`: what the committee has of this track."""

    units: Mapping[int, Unit]
    agencies: Mapping[int, Unit]
    by_agency: Counter[int]
    by_unit: Counter[int]
    won: Mapping[int, tuple[EarlierTier, ...]]


def with_findings(rows: Sequence[NewProposal], *, track: Track) -> tuple[NewProposal, ...]:
    """Each row counts those above it, as if the sheet were sent in its own order.

    What is missing is no finding here: the unit goes on writing. Drafts of others stay unknown.
    """
    around = _surroundings(rows, track=track)
    return tuple(_judged(rows, track=track, around=around))


def _judged(
    rows: Sequence[NewProposal], *, track: Track, around: Surroundings
) -> Iterator[NewProposal]:
    rules, last_day = rules_of(track), closing_day(track.competition)
    by_agency, by_unit = around.by_agency.copy(), around.by_unit.copy()
    for row in rows:
        unit, agency = around.units[row.unit_id], around.agencies[row.unit_id]
        facts = Facts(
            title=row.title,
            closes_on=last_day,
            rules=rules,
            started_on=row.started_on,
            video_url=row.video_url,
            earlier_tiers=around.won.get(row.innovation_id or 0, ()),
            agency_count=by_agency[agency.pk],
            unit_count=by_unit[unit.pk],
            agency_level=agency.level,
            unit_level=unit.level,
        )
        found = (each for each in find_problems(facts) if each.severity is not Severity.BLOCKS)
        yield replace(row, findings=tuple(found))
        by_agency[agency.pk] += 1
        by_unit[unit.pk] += 1


def _surroundings(rows: Sequence[NewProposal], *, track: Track) -> Surroundings:
    host = track.competition.host_id
    units = Unit.objects.in_bulk({row.unit_id for row in rows})
    below = {pk: unit.lineage[unit.lineage.index(host) + 1] for pk, unit in units.items()}
    agencies = Unit.objects.in_bulk(set(below.values()))
    counted = Proposal.objects.filter(
        track=track, status__in=STATUSES["counted"], endorsing_unit__in=agencies
    )
    by_agency, by_unit = Counter[int](), Counter[int]()
    for agency, unit in counted.values_list("endorsing_unit", "unit"):
        by_agency[agency] += 1
        by_unit[unit] += 1
    return Surroundings(
        units=units,
        agencies={pk: agencies[agency] for pk, agency in below.items()},
        by_agency=by_agency,
        by_unit=by_unit,
        won=_won({row.innovation_id for row in rows if row.innovation_id}),
    )


def _won(innovations: Collection[int]) -> Mapping[int, tuple[EarlierTier, ...]]:
    won: defaultdict[int, tuple[EarlierTier, ...]] = defaultdict(tuple)
    for award in EarlierAward.objects.filter(innovation__in=innovations):
        won[award.innovation_id] += (EarlierTier(award.contest, award.tier, award.year),)
    return won
