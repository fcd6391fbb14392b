"""The claims of impact as people read them: figures, their change, and how well they stand.

Pages, documents and the judges' desk all show the frozen shape, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from django.utils.translation import gettext as _

from kipp.lib.charts import Pair, before_after
from kipp.lib.numbers import show_number
from proposals.content import Check, FrozenClaim, FrozenSource
from proposals.models import Claim, ClaimState

TONES: Mapping[str, str] = MappingProxyType(
    {
        ClaimState.CLAIMED: "muted",
        ClaimState.DOCUMENTED: "info",
        ClaimState.SEEN: "ok",
        ClaimState.CONTRADICTED: "danger",
    }
)
# Of a share the difference is told in points: from 62% to 15% are 47 points less.
SHARES = frozenset({"%", "persen", "percent"})
PLUS, MINUS = "+", "\u2212"
TENTH, HUNDRED = Decimal("0.1"), Decimal(100)
NO_CHECKS: Mapping[str, Check] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class LedgerRow:
    key: int
    indicator: str
    measure: str
    period: str
    method: str
    before: str
    after: str
    change: str
    verdict: str
    bars: Pair
    source: FrozenSource | None
    state: ClaimState
    note: str

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def details(self) -> str:
        return f"{self.period} · {self.method}"


def ledger_rows(
    claims: Iterable[FrozenClaim], *, checks: Mapping[str, Check] = NO_CHECKS
) -> list[LedgerRow]:
    """`checks` is what the committee found of a submission's claims; a draft has none."""
    return [_row(claim, checks.get(str(claim["key"]))) for claim in claims]


def _row(claim: FrozenClaim, check: Check | None) -> LedgerRow:
    before, after = Decimal(claim["before"]), Decimal(claim["after"])
    return LedgerRow(
        key=claim["key"],
        indicator=claim["indicator"],
        measure=claim["measure"],
        period=claim["period"],
        method=claim["method"],
        before=_shown(before, measure=claim["measure"]),
        after=_shown(after, measure=claim["measure"]),
        change=change_text(before, after, measure=claim["measure"]),
        verdict=verdict_text(before, after, better=claim["better"]),
        bars=before_after(before, after),
        source=claim["source"],
        state=state_of(claim, check),
        note=check["note"] if check else "",
    )


def state_of(claim: FrozenClaim, check: Check | None) -> ClaimState:
    if check and check["state"]:
        return ClaimState(check["state"])
    return ClaimState.DOCUMENTED if claim["source"] else ClaimState.CLAIMED


def _shown(value: Decimal, *, measure: str) -> str:
    space = "" if measure == "%" else " "
    return f"{show_number(value)}{space}{measure}"


def change_text(before: Decimal, after: Decimal, *, measure: str) -> str:
    """The difference with its sign: in percent of what was, in points of a share, else as it is."""
    difference = after - before
    if not difference:
        return _("no change")
    if measure.casefold() in SHARES:
        return _("%(number)s points") % {"number": _signed(difference)}
    if not before:
        return f"{_signed(difference)} {measure}"
    return f"{_signed((difference / abs(before) * HUNDRED).quantize(TENTH))}%"


def verdict_text(before: Decimal, after: Decimal, *, better: str) -> str:
    if before == after:
        return _("unchanged")
    return _("better") if (after < before) == (better == Claim.Better.LOWER) else _("worse")


def _signed(value: Decimal) -> str:
    """With a real minus; a rise says so too."""
    return f"{PLUS if value > 0 else MINUS}{show_number(abs(value))}"
