"""What an assignment promises before anybody reads: loads, fit, ties, how judges compare."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import median

from judging.assigning.overlap import islands, ties_between
from judging.assigning.plan import Field, Pair, misfit


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """`fitting` and `strange`: shares of the readings whose judge named the entry's narrowest
    topic, or none of its topics; `None` where nobody has named any.

    `error`: the standard error of a judge's severity in units of the chance of one reading: the
    worst known judge and the mean. `None` where judges cannot be compared.
    """

    readings: int
    load_min: int
    load_median: float
    load_max: int
    read_min: int
    read_max: int
    idle: int
    fitting: float | None
    strange: float | None
    islands: int
    ties_min: int
    error_max: float | None
    error_mean: float | None


def measure(field: Field, pairs: Iterable[Pair]) -> Statistics:
    made = frozenset(pairs)
    loads = Counter(judge for judge, _entry in made)
    own = [loads[reader.key] for reader in field.readers]
    read = Counter(entry for _judge, entry in made)
    times = [read[entry] for entry in field.entries]
    ties = ties_between(loads, made)
    fitting, strange = _fit(field, made)
    errors = severity_errors(made).values()
    return Statistics(
        readings=len(made),
        load_min=min(own, default=0),
        load_median=median(own) if own else 0,
        load_max=max(own, default=0),
        read_min=min(times, default=0),
        read_max=max(times, default=0),
        idle=own.count(0),
        fitting=fitting,
        strange=strange,
        islands=len(islands(ties)),
        ties_min=min((len(others) for others in ties.values()), default=0),
        error_max=max(errors, default=None),
        error_mean=sum(errors) / len(errors) if errors else None,
    )


def _fit(field: Field, pairs: frozenset[Pair]) -> tuple[float | None, float | None]:
    readers = {reader.key: reader for reader in field.readers if reader.topics}
    ranks = [
        (misfit(readers[judge], field.topics.get(entry, ())), len(field.topics.get(entry, ())))
        for judge, entry in pairs
        if judge in readers
    ]
    if not ranks:
        return None, None
    narrow = sum(rank == 0 for rank, _worst in ranks)
    outside = sum(rank == worst for rank, worst in ranks)
    return narrow / len(ranks), outside / len(ranks)


def severity_errors(pairs: Iterable[Pair]) -> Mapping[str, float]:
    """For each judge; nothing at all while some share no entry with the others.

    The same least squares through the judges alone as `judging.calibration`, from the design.
    """
    import numpy as np

    readers: dict[str, list[str]] = defaultdict(list)
    for judge, entry in sorted(pairs):
        readers[entry].append(judge)
    names = sorted({judge for judges in readers.values() for judge in judges})
    if len(names) < 2 or len(islands(ties_between(names, _pairs(readers)))) > 1:
        return {}
    seats = {name: seat for seat, name in enumerate(names)}
    matrix = np.zeros((len(names), len(names)))
    for judges in readers.values():
        places = [seats[judge] for judge in judges]
        matrix[places, places] += 1
        matrix[np.ix_(places, places)] -= 1 / len(places)
    # Connected, so only the constant vector is in the kernel: filled, the matrix has an inverse.
    kernel = np.full_like(matrix, 1 / len(names))
    inverse = np.linalg.inv(matrix + kernel) - kernel
    return {name: sqrt(max(0.0, float(inverse[seat, seat]))) for name, seat in seats.items()}


def _pairs(readers: Mapping[str, list[str]]) -> list[Pair]:
    return [(judge, entry) for entry, judges in readers.items() for judge in judges]
