"""Tables that people read; a row beyond its budget says so and nothing fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.browsing import Limit, Visit, elsewhere, paint_seconds, request_count, weight
from bench.budgets import (
    CITY_CALIBRATION,
    CROWD_P95_MS,
    DOCTOR_SECONDS,
    FROZEN_RATIO,
    GROWTH,
    IDLE_STATEMENTS,
    LARGE_MEGABYTES,
    LARGE_SECONDS,
    LARGEST_CALIBRATION,
    MAILS_A_SECOND,
    PAGES,
    PLANNING_SECONDS,
    PLANNING_STATEMENTS,
    REDIS_TIMEOUT_MS,
    ROBUSTNESS,
    RUSH_CORES,
    RUSH_P99_MS,
    SAVE_ALONE_MS,
    SAVE_P99_MS,
    SEARCH_MS,
    UPLOAD_MEGABYTES,
    WORKER_MEGABYTES,
    Budget,
)
from bench.driving import Load
from bench.measuring import Figures
from bench.rush import SENDS, Rush, Wave

OVER = "over budget"
HEAD = (
    "page",
    "CPU ms",
    "floor",
    "ratio",
    "may",
    "by",
    "req/s",
    "floor",
    "p50",
    "p99",
    "SQL",
    "floor",
    "",
)


@dataclass(frozen=True)
class Fact:
    """A figure with what it may be at most, or at least."""

    label: str
    value: float
    limit: float
    unit: str
    is_floor: bool = False

    @property
    def is_over(self) -> bool:
        return self.value < self.limit if self.is_floor else self.value > self.limit


def page_rows(measured: Mapping[str, Mapping[str, Figures]]) -> list[tuple[str, ...]]:
    return [_row(budget, measured[budget.key]) for budget in PAGES if budget.key in measured]


def _row(budget: Budget, sides: Mapping[str, Figures]) -> tuple[str, ...]:
    ours, floor = sides["portal"], sides["floor"]
    for name, figures in sides.items():
        if not figures.is_expected:
            return (budget.label, *[""] * 11, f"not measured: {name} answers {figures.status}")
    ratio = ours.ratio(floor)
    return (
        budget.label,
        f"{ours.cpu_ms:.1f}",
        f"{floor.cpu_ms:.1f}",
        f"{ratio:.2f}",
        f"{budget.ratio:.1f}",
        budget.source,
        f"{ours.load.rate:.0f}",
        f"{floor.load.rate:.0f}",
        f"{ours.alone.quantile(0.5):.0f}",
        f"{ours.load.quantile(0.99):.0f}",
        str(ours.statements),
        str(floor.statements),
        ", ".join(_remarks(budget, ours, floor, ratio=ratio)),
    )


def _remarks(budget: Budget, ours: Figures, floor: Figures, *, ratio: float) -> list[str]:
    checks = [(ratio > budget.ratio, "CPU")]
    if budget.is_save:
        p50, p99 = ours.alone.quantile(0.5), ours.load.quantile(0.99)
        checks += [
            (ours.statements > budget.statements, f"more than {budget.statements} statements"),
            (p50 > SAVE_ALONE_MS, f"p50 above {SAVE_ALONE_MS} ms"),
            (p99 > SAVE_P99_MS, f"p99 above {SAVE_P99_MS} ms"),
        ]
    broken = [name for is_broken, name in checks if is_broken]
    errors = {
        "errors": ours.load.errors + ours.alone.errors,
        "errors of the floor": floor.load.errors + floor.alone.errors,
    }
    return [
        *([f"{OVER}: {', '.join(broken)}"] if broken else []),
        *(f"{count} {whose}" for whose, count in errors.items() if count),
    ]


def growth_facts(measured: Mapping[str, Mapping[str, Figures]]) -> list[Fact]:
    """The portal's lists of all proposals against those of 60: processor time and statements."""
    facts = []
    for key, label in (("board", "board"), ("screening-queue", "screening queue")):
        small, big = (measured.get(name, {}).get("portal") for name in (f"{key}-60", key))
        if small and big and small.is_expected and big.is_expected:
            more = big.statements - small.statements
            facts += [
                Fact(f"{label}: all proposals against 60", big.ratio(small), GROWTH, "x"),
                Fact(f"{label}: statements more", more, 0, ""),
            ]
    return facts


def print_pages(rows: Sequence[tuple[str, ...]]) -> None:
    print_table([HEAD, *rows], right=(*range(1, 5), *range(6, 12)))


def arithmetic_facts(figures: Mapping[str, float]) -> list[Fact]:
    """`bench.arithmetic` measured; the limits follow what SQL needs in the same run."""
    in_sql = figures["means and ranks in SQL"]
    ranked = figures["scores fetched"] + figures["law and ranks in Python"]
    closed = figures["stage closed and frozen"]
    return [
        Fact("ranking against SQL", ranked / in_sql, 2, f"x ({ranked:,.0f} of {in_sql:,.0f} ms)"),
        Fact("ranking, frozen and written", closed / in_sql, 3, f"x ({closed:,.0f} ms)"),
        Fact("Top-45 of the frozen lines", figures["Top-45 in the database"], 1, "ms"),
        Fact(
            "near-duplicates of a draft among 5,000",
            figures["near-duplicates of a draft"],
            150,
            "ms",
        ),
        Fact("plan of 100 judges, 5,000 entries", figures["plan of 100 x 5,000"], 15, "CPU s"),
        Fact("timetable of 46 teams, slowest", figures["timetable of 46 teams"], 5, "CPU s"),
        Fact("search among 5,000, p95", figures["searches"], SEARCH_MS, "ms"),
        Fact("certificates singly", figures["certificates singly"], 60, "/CPU s", is_floor=True),
        Fact(
            "certificates in bulk",
            figures["certificates in one archive"],
            100,
            "/CPU s",
            is_floor=True,
        ),
    ]


def rush_facts(rush: Rush) -> list[Fact]:
    writing, sending = rush.writing, rush.sending
    return [
        Fact("7 saves and 30 reads a second: processors", writing.cores, RUSH_CORES, "of 2"),
        Fact("the same: p99", writing.load.quantile(0.99), RUSH_P99_MS, "ms"),
        Fact("the same: errors", writing.load.errors, 0, ""),
        Fact(f"{SENDS} sends a second, {rush.seconds:.0f} s: errors", sending.load.errors, 0, ""),
        Fact("the same: p99", sending.load.quantile(0.99), RUSH_P99_MS, "ms"),
        Fact("the same: processors", sending.cores, 2, "of 2"),
        Fact("receipts that were told and are not stored", rush.lost, 0, ""),
    ]


def breaking_sentence(rush: Rush) -> str:
    """Where the sends begin to wait, and for what."""
    wave = rush.broken
    if wave is None:
        return f"No rate of sends that was tried broke, up to {rush.held} a second."
    what = f"{wave.load.errors} errors, p99 {wave.load.quantile(0.99):,.0f} ms"
    busy = f"{wave.cores:.1f} of 2 processors busy, {wave.web:.1f} of them with the web workers"
    return f"{rush.held} sends a second hold, {wave.rate} break: {what}; {busy}."


def crowd_facts(load: Load, judges: int, lost: int) -> list[Fact]:
    return [
        Fact(f"{judges} judges save at once: p95", load.quantile(0.95), CROWD_P95_MS, "ms"),
        Fact("the same: errors", load.errors, 0, ""),
        Fact("the same: saves that were told and are not stored", lost, 0, ""),
    ]


def large_facts(figures: Mapping[str, float]) -> list[Fact]:
    label = f"{figures['lines']:,} proposals, 2.4 million values ranked and frozen"
    return [
        Fact(label, figures["seconds"], LARGE_SECONDS, "s"),
        Fact("the same: memory", figures["megabytes"], LARGE_MEGABYTES, "MB"),
    ]


def judges_facts(figures: Mapping[str, float]) -> list[Fact]:
    city, largest = figures["calibration of 260 x 12"], figures["calibration of 5,000 x 100"]
    return [
        Fact("calibration and chances, 260 x 12", city, CITY_CALIBRATION, "CPU s"),
        Fact("calibration and chances, 5,000 x 100", largest, LARGEST_CALIBRATION, "CPU s"),
        Fact("robustness sheet, 260 x 12", figures["robustness of 260 x 12"], ROBUSTNESS, "CPU s"),
    ]


def reminding_facts(figures: Mapping[str, float]) -> list[Fact]:
    label = f"reminders for {figures['planned']:,.0f} people planned"
    rate = figures["mails a second"]
    return [
        Fact(label, figures["seconds"], PLANNING_SECONDS, "s"),
        Fact("the same: statements a thousand", figures["statements"], PLANNING_STATEMENTS, ""),
        Fact(
            "a tick with nothing new: statements", figures["idle statements"], IDLE_STATEMENTS, ""
        ),
        Fact("mails to a server here, one worker", rate, MAILS_A_SECOND, "/s", is_floor=True),
        Fact("doctor", figures["doctor"], DOCTOR_SECONDS, "s"),
    ]


def frozen_facts(usual: Wave, frozen: Wave) -> list[Fact]:
    """The middle of all waits, and the longest: who asks Redis at all waits a second for it."""
    before, meanwhile = (wave.load.quantile(0.5) for wave in (usual, frozen))
    label = f"a send with Redis frozen ({meanwhile:.0f} of {before:.0f} ms)"
    return [
        Fact(label, meanwhile / before, FROZEN_RATIO, "x"),
        Fact("the same: longest wait", frozen.load.quantile(1), REDIS_TIMEOUT_MS, "ms"),
        Fact("the same: errors", frozen.load.errors, 0, ""),
    ]


def memory_fact(requests: int, megabytes: float) -> list[Fact]:
    return [Fact(f"a worker after {requests:,} requests", megabytes, WORKER_MEGABYTES, "MB")]


def upload_facts(sent: int, accepted: int, megabytes: float) -> list[Fact]:
    return [
        Fact(f"accepted of {sent} files of 5 MB at once", accepted, sent, "files", is_floor=True),
        Fact("a worker at its peak meanwhile", megabytes, UPLOAD_MEGABYTES, "MB"),
    ]


def browser_rows(
    visited: Sequence[tuple[Limit, Sequence[Visit]]], *, base: str
) -> list[tuple[str, ...]]:
    rows = [("page", "KB", "may", "requests", "may", "elsewhere", "LCP s", "may", "")]
    return rows + [_browser_row(limit, visits, base) for limit, visits in visited]


def _browser_row(limit: Limit, visits: Sequence[Visit], base: str) -> tuple[str, ...]:
    if visits[0].status != 200:
        return (limit.label, *[""] * 7, f"not measured: answers {visits[0].status}")
    size, paint = weight(visits), paint_seconds(visits)
    count, foreign = request_count(visits), elsewhere(visits, base)
    broken = [
        name
        for name, is_broken in (
            ("weight", size > limit.kilobytes),
            ("requests", count > limit.requests),
            ("elsewhere", foreign > 0),
            ("LCP", paint > limit.paint_seconds),
        )
        if is_broken
    ]
    return (
        limit.label,
        f"{size:.0f}",
        str(limit.kilobytes),
        str(count),
        str(limit.requests),
        str(foreign),
        f"{paint:.1f}",
        f"{limit.paint_seconds:.1f}",
        f"{OVER}: {', '.join(broken)}" if broken else "",
    )


def print_browser(rows: Sequence[tuple[str, ...]]) -> None:
    print("\nCold visit at 400 kbit/s, 400 ms, processor at a quarter")
    print_table(rows, right=range(1, 8))


def print_facts(title: str, facts: Sequence[Fact]) -> None:
    if not facts:
        return
    print(f"\n{title}")
    rows = [
        (
            fact.label,
            f"{fact.value:,.2f} {fact.unit}".replace(".00 ", " "),
            f"{'>=' if fact.is_floor else '<='} {fact.limit:g}",
            OVER if fact.is_over else "",
        )
        for fact in facts
    ]
    print_table(rows, right=(1, 2))


def print_table(rows: Sequence[tuple[str, ...]], *, right: Sequence[int]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())
