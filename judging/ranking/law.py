"""A stage's law as data. It checks itself: a law that contradicts itself cannot be built."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from judging.ranking.errors import LawError, gettext_noop
from judging.ranking.numbers import EXACT, is_exact, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

HUNDRED = Decimal(100)
ZERO = Decimal(0)
MEDIAN = "median"
PANEL = "panel"
CRITERION = "criterion"


class Method(StrEnum):
    MEAN = "mean"
    MEDIAN = "median"
    TRIMMED = "trimmed"
    CAPPED = "capped"


class Correction(StrEnum):
    """Whether strict and lenient judges are told apart; only where that is safe."""

    NONE = "none"
    ADDITIVE = "additive"


class SpreadBy(StrEnum):
    """What at most so many winners may share."""

    NOTHING = ""
    AGENCY = "agency"
    UNIT = "unit"
    CATEGORY = "category"
    TRACK = "track"


class RankStyle(StrEnum):
    STANDARD = "standard"
    DENSE = "dense"


class AtLine(StrEnum):
    """What becomes of those who are still tied at a line after the whole chain."""

    KEEP = "keep"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Tier:
    name: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """`tie_breaks` links: `criterion:CODE`, `median`, `stage:CODE`, `panel`; higher wins.

    `stage_weights` names every stage that counts, this one included, in percent; a stage of
    weight 0 may serve as a tie-break. Empty means that this stage alone counts.
    `cap_rounds`: the first mean of a deviation cap is rounded before the values are pulled.
    `spread`: within a line stand at most so many of one `spread_by`.
    """

    weights: Mapping[str, Decimal]
    scale_min: Decimal
    scale_max: Decimal
    method: Method = Method.MEAN
    trim: int = 0
    cap: Decimal | None = None
    cap_rounds: bool = False
    correction: Correction = Correction.NONE
    step: Decimal = Decimal("0.01")
    min_readings: int = 1
    style: RankStyle = RankStyle.STANDARD
    tie_margin: Decimal = ZERO
    tie_breaks: tuple[str, ...] = ()
    at_line: AtLine = AtLine.KEEP
    advance: int | None = None
    tiers: tuple[Tier, ...] = ()
    spread_by: SpreadBy = SpreadBy.NOTHING
    spread: int | None = None
    stage: str = "stage"
    stage_weights: Mapping[str, Decimal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_percentages(self.weights, what="criterion_weights")
        _check_scale(self)
        _check_method(self)
        _check_rank_style(self)
        _check_stage_weights(self)
        _check_tie_breaks(self)
        _check_cuts(self)

    @property
    def earlier_stages(self) -> frozenset[str]:
        return frozenset(self.stage_weights) - {self.stage}


def check_paper(weights: Mapping[str, Decimal]) -> None:
    """On paper there is one number per judge and entry: the value of the only counted criterion."""
    if sum(weight > 0 for weight in weights.values()) != 1:
        raise LawError(
            gettext_noop("A stage on paper has one criterion that counts: the judge's total."),
            code="paper",
        )


def law_to_plain(law: Law) -> dict[str, Any]:
    """Write the law as JSON-ready values; numbers are strings with one spelling each."""
    return {
        "weights": {code: plain(weight) for code, weight in law.weights.items()},
        "scale_min": plain(law.scale_min),
        "scale_max": plain(law.scale_max),
        "method": law.method.value,
        "trim": law.trim,
        "cap": None if law.cap is None else plain(law.cap),
        "cap_rounds": law.cap_rounds,
        "correction": law.correction.value,
        "step": plain(law.step),
        "min_readings": law.min_readings,
        "style": law.style.value,
        "tie_margin": plain(law.tie_margin),
        "tie_breaks": list(law.tie_breaks),
        "at_line": law.at_line.value,
        "advance": law.advance,
        "tiers": [{"name": tier.name, "size": tier.size} for tier in law.tiers],
        "spread_by": law.spread_by.value,
        "spread": law.spread,
        "stage": law.stage,
        "stage_weights": {code: plain(weight) for code, weight in law.stage_weights.items()},
    }


def law_from_plain(values: Mapping[str, Any]) -> Law:
    """Read what `law_to_plain` wrote; the law checks itself again."""
    try:
        return Law(
            weights=_decimals(values["weights"]),
            scale_min=Decimal(values["scale_min"]),
            scale_max=Decimal(values["scale_max"]),
            method=Method(values["method"]),
            trim=values["trim"],
            cap=None if values["cap"] is None else Decimal(values["cap"]),
            cap_rounds=values["cap_rounds"],
            correction=Correction(values["correction"]),
            step=Decimal(values["step"]),
            min_readings=values["min_readings"],
            style=RankStyle(values["style"]),
            tie_margin=Decimal(values["tie_margin"]),
            tie_breaks=tuple(values["tie_breaks"]),
            at_line=AtLine(values["at_line"]),
            advance=values["advance"],
            tiers=tuple(Tier(tier["name"], tier["size"]) for tier in values["tiers"]),
            spread_by=SpreadBy(values["spread_by"]),
            spread=values["spread"],
            stage=values["stage"],
            stage_weights=_decimals(values["stage_weights"]),
        )
    except LawError:
        raise
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise LawError(
            gettext_noop("The stored law cannot be read: %(reason)s."),
            code="unreadable",
            reason=repr(error),
        ) from error


def _decimals(values: Mapping[str, str]) -> dict[str, Decimal]:
    return {code: Decimal(value) for code, value in values.items()}


def _check_percentages(weights: Mapping[str, Decimal], *, what: str) -> None:
    for code, weight in weights.items():
        if not is_exact(weight):
            raise LawError(
                gettext_noop("The weight of %(name)s must be a number from 0 to 100."),
                code="bad_weight",
                name=code,
            )
    total = ZERO
    for weight in weights.values():
        total = EXACT.add(total, weight)
    if total != HUNDRED:
        raise LawError(
            gettext_noop("The weights add up to %(total)s; they must add up to 100."),
            code=what,
            total=plain(total),
        )


def _check_scale(law: Law) -> None:
    if not is_exact(law.scale_min) or not is_exact(law.scale_max):
        raise LawError(gettext_noop("The scale needs two numbers from 0 upward."), code="bad_scale")
    if law.scale_min >= law.scale_max:
        raise LawError(
            gettext_noop("The lowest score must be smaller than the highest."), code="bad_scale"
        )
    if not is_exact(law.step) or law.step == 0:
        raise LawError(gettext_noop("The rounding step must be above 0."), code="bad_step")


def _check_method(law: Law) -> None:
    if law.min_readings < 1:
        raise LawError(gettext_noop("At least one reading is needed."), code="min_readings")
    if (law.method is Method.TRIMMED) != (law.trim != 0) or law.trim < 0:
        raise LawError(
            gettext_noop("A trimmed mean, and only that, says how many scores it drops."),
            code="trim",
        )
    if law.trim * 2 >= law.min_readings:
        raise LawError(
            gettext_noop(
                "Dropping the %(count)s highest and lowest needs at least %(needed)s readings."
            ),
            code="trim_too_large",
            count=law.trim,
            needed=law.trim * 2 + 1,
        )
    if (law.method is Method.CAPPED) != (law.cap is not None):
        raise LawError(
            gettext_noop("A mean with a deviation cap, and only that, states the cap."), code="cap"
        )
    if law.cap is not None and not is_exact(law.cap):
        raise LawError(gettext_noop("The deviation cap must be 0 or more."), code="cap")
    if law.cap_rounds and law.cap is None:
        raise LawError(
            gettext_noop("Only a mean with a deviation cap has a first mean to round."),
            code="cap_rounds",
        )
    if law.correction is not Correction.NONE and law.method is not Method.MEAN:
        raise LawError(
            gettext_noop("Severity is corrected in a mean only; choose the mean or no correction."),
            code="correction",
        )


def _check_rank_style(law: Law) -> None:
    if not is_exact(law.tie_margin):
        raise LawError(gettext_noop("The tie margin must be 0 or more."), code="tie_margin")
    if law.tie_margin and law.style is not RankStyle.DENSE:
        raise LawError(gettext_noop("A tie margin needs dense places."), code="tie_margin")


def _check_stage_weights(law: Law) -> None:
    if not law.stage_weights:
        return
    _check_percentages(law.stage_weights, what="stage_weights")
    if law.stage not in law.stage_weights:
        raise LawError(
            gettext_noop("The stage weights leave out the stage %(name)s itself."),
            code="stage_weights",
            name=law.stage,
        )


def _check_tie_breaks(law: Law) -> None:
    known = {MEDIAN, PANEL}
    known |= {f"criterion:{code}" for code in law.weights}
    known |= {f"stage:{code}" for code in law.earlier_stages}
    for link in law.tie_breaks:
        if link not in known:
            raise LawError(
                gettext_noop("The tie-break %(link)s is not known in this stage."),
                code="unknown_tie_break",
                link=link,
            )
    if len(set(law.tie_breaks)) != len(law.tie_breaks):
        raise LawError(gettext_noop("A tie-break is named twice."), code="repeated_tie_break")


def _check_cuts(law: Law) -> None:
    if law.advance is not None and law.advance < 1:
        raise LawError(gettext_noop("At least one proposal must advance."), code="advance")
    sizes = [tier.size for tier in law.tiers]
    if any(size < 1 for size in sizes):
        raise LawError(gettext_noop("A tier needs at least one place."), code="tiers")
    if any(inner >= outer for outer, inner in itertools.pairwise(sizes)):
        raise LawError(
            gettext_noop("Each tier must be smaller than the one before it."), code="tiers"
        )
    if len({tier.name for tier in law.tiers}) != len(sizes):
        raise LawError(gettext_noop("Two tiers have the same name."), code="tiers")
    if (law.spread_by is SpreadBy.NOTHING) != (law.spread is None):
        raise LawError(
            gettext_noop("A spread rule says both: of what, and how many at most."), code="spread"
        )
    if law.spread is not None and law.spread < 1:
        raise LawError(
            gettext_noop("A spread rule lets at least one of each through."), code="spread"
        )
