"""Results as files, with numbers as people here write them: decimal comma."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from judging.matrix import RECEIPT, TITLE
from judging.models import Stage
from judging.queries.results import Announced, ResultLine, Results
from kipp.lib.sheets import MEDIA_TYPES as OF_SHEETS
from kipp.lib.sheets import pieces_of, write_csv, write_xlsx

MEDIA_TYPES = {
    **OF_SHEETS,
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "zip": "application/zip",
}


def show_number(value: Decimal | None) -> str:
    """No trailing zeros, decimal comma; empty where there is no number."""
    if value is None:
        return ""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",")


def result_head(results: Results) -> list[str]:
    return [
        _("Rank"),
        _("Rank"),
        _("Receipt"),
        _("Innovation"),
        _("Unit"),
        *results.judges,
        _("Stage score"),
        _("Score"),
        _("Advances"),
        _("Tie"),
        *([_("Place by the law")] if results.ranking.reorderings else []),
    ]


def result_cells(line: ResultLine) -> list[object]:
    return [
        line.place,
        line.rank,
        line.receipt,
        line.title,
        line.unit,
        *(show_number(total) for total in line.totals),
        show_number(line.stage_score),
        show_number(line.score),
        _("yes") if line.advances else _("no"),
        line.tie,
    ]


def result_rows(results: Results) -> list[list[object]]:
    """What the law alone said stands last, once the plenary has moved anybody."""
    if not results.ranking.reorderings:
        return [result_cells(line) for line in results.lines]
    return [[*result_cells(line), line.law_place] for line in results.lines]


def results_file(results: Results, *, form: str) -> Iterator[bytes]:
    """The committee's table: one row per entry with the total of every judge."""
    return pieces_of(form, result_head(results), result_rows(results), title=_("Results"))


def results_name(stage: Stage, *, form: str) -> str:
    return f"{stage.competition.slug}-{stage.key}.{form}"


def matrix_xlsx(entries: Iterable[tuple[str, str]], *, judges: Sequence[str]) -> bytes:
    """An empty matrix: one row per entry, one column per judge."""
    head = [RECEIPT, TITLE, *judges]
    blank = [""] * len(judges)
    return write_xlsx(head, ([*entry, *blank] for entry in entries), title="Matriks")


def matrix_name(stage: Stage) -> str:
    return f"matriks-{stage.competition.slug}-{stage.key}.xlsx"


def announced_csv(results: Announced) -> bytes:
    """The public list: what the winners page says, and no judge."""
    head = [
        *(_("Rank"), _("Tier"), _("Innovation"), _("Unit"), _("Score"), _("Code")),
        *(_("Decree"), _("Decree date")),
    ]
    publication = results.publication
    return write_csv(
        head,
        [
            [
                winner.place,
                tier.name,
                winner.title,
                winner.unit,
                show_number(winner.score),
                winner.code,
                publication.decree_number,
                publication.decree_on.isoformat(),
            ]
            for tier in results.tiers
            for winner in tier.winners
        ],
    )
