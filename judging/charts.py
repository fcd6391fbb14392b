"""The control room as rows of charts and tables: text with a decimal comma, nothing to compute."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from judging.calibration import Agreement
from judging.queries.control import Control
from judging.queries.second_look import SecondLook
from kipp.lib import charts

NONE = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRow:
    label: str
    alpha: str
    alpha_interval: str
    icc: str
    icc_interval: str
    icc_mean: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRow:
    title: str
    place: str
    score: str
    corrected: str
    corrected_place: str
    move: str
    chance: str
    is_grey: bool


def number(value: float | None, *, places: int = 2) -> str:
    return NONE if value is None else f"{value:.{places}f}".replace(".", ",")


def interval(ends: tuple[float, float] | None) -> str:
    return NONE if ends is None else f"{number(ends[0])} … {number(ends[1])}"


def share(value: float) -> str:
    return f"{value * 100:.0f}%"


def spread_chart(control: Control) -> list[charts.Spread]:
    """Per judge: lowest, quartiles, highest, and the mean, on the stage's scale."""
    rows = [
        (
            each.judge,
            [_shown(end) for end in each.ends],
            _shown(each.mean),
        )
        for each in control.spreads
    ]
    return charts.spread(rows, low=control.law.scale_min, high=control.law.scale_max)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadRow:
    """`ends`: lowest, quartiles, highest."""

    judge: str
    count: int
    ends: tuple[str, ...]
    mean: str
    deviation: str


def spread_rows(control: Control) -> list[SpreadRow]:
    """What the chart draws, in figures."""
    return [
        SpreadRow(
            judge=each.judge,
            count=each.count,
            ends=tuple(number(end) for end in each.ends),
            mean=number(each.mean),
            deviation=number(each.deviation),
        )
        for each in control.spreads
    ]


def severity_chart(control: Control) -> list[charts.Spread]:
    """Per judge: the severity in points with its interval; to the left of the middle is strict."""
    if control.fit is None:
        return []
    found = sorted(control.fit.severities, key=lambda each: (each.value, each.judge))
    reach = _shown(max(abs(end) for each in found for end in (each.low, each.high)))
    rows = [
        (
            control.names.get(each.judge, each.judge),
            [_shown(each.low), _shown(each.high)],
            _shown(each.value),
        )
        for each in found
    ]
    return charts.spread(rows, low=-reach, high=reach)


def chance_chart(control: Control) -> list[charts.Bar]:
    """The grey zone alone: those of whom chance could still decide."""
    grey = sorted((-chance.share, title) for title, chance in control.grey)
    return [
        charts.Bar(title, share(-below), "", x="0", width=f"{-below * 100:.2f}")
        for below, title in grey
    ]


def compared_rows(control: Control) -> list[ComparedRow]:
    return [
        ComparedRow(
            title=each.title,
            place=str(each.place),
            score=number(each.score),
            corrected=number(each.corrected),
            corrected_place=str(each.corrected_place or NONE),
            move=_move(each.place, each.corrected_place),
            chance=share(each.chance.share) if each.chance else NONE,
            is_grey=bool(each.chance and each.chance.is_grey),
        )
        for each in control.compared
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class PickedRow:
    title: str
    unit: str
    chance: str
    apart: str


def picked_rows(look: SecondLook) -> list[PickedRow]:
    return [
        PickedRow(
            title=str(each.entry),
            unit=str(each.entry.proposal.unit),
            chance=share(each.chance.share) if each.chance else NONE,
            apart=number(each.apart),
        )
        for each in look.picked
    ]


def load_bars(look: SecondLook) -> list[charts.Bar]:
    """Further readings of each judge who would get some."""
    loads = Counter(str(each.panelist) for each in look.filling.readings)
    return charts.bars(sorted(loads.items()))


def disagreement_rows(control: Control) -> list[tuple[int, str, str, str, str]]:
    """Entry and title, lowest and highest total with their judges, how far they lie apart."""
    return [
        (
            each.entry,
            each.title,
            f"{number(each.low)} ({each.low_judge})",
            f"{number(each.high)} ({each.high_judge})",
            number(each.high - each.low),
        )
        for each in control.disagreements
    ]


def _move(place: int, corrected: int | None) -> str:
    """How many places up (+) or down the entry would go."""
    if corrected is None or place == corrected:
        return ""
    return f"{place - corrected:+d}".replace("-", "\u2212")


def agreement_rows(control: Control) -> list[AgreementRow]:
    return [_agreement_row(label or _("Total"), found=found) for label, found in control.agreements]


def _agreement_row(label: str, *, found: Agreement) -> AgreementRow:
    return AgreementRow(
        label=label,
        alpha=number(found.alpha),
        alpha_interval=interval(found.alpha_interval),
        icc=number(found.icc),
        icc_interval=interval(found.icc_interval),
        icc_mean=number(found.icc_mean),
    )


def _shown(value: float) -> Decimal:
    return Decimal(str(round(value, 2))).quantize(Decimal("0.01"))
