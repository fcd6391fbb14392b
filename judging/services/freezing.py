"""A run of the law, kept for ever: rankings are added, never changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import User
from judging import ranking
from judging.models import Publication, Ranking, Stage
from judging.queries import plenary
from judging.queries.law import code_version, latest_ranking, next_stage
from judging.queries.minutes import session_of
from judging.ranking import (
    Law,
    Line,
    law_to_plain,
    moves_from_plain,
    rank_entries,
    reorder,
)
from judging.ranking.numbers import plain
from judging.services.locks import lock_stage
from judging.workflow import PublicationStatus, StageStatus
from kipp.lib.collecting import collecting_later

COLUMNS = (
    "ranking_id", "entry_id", "order", "rank", "place", "law_place", "stage_score", "score",
    "readings", "totals", "advances", "tiers", "tie", "decision", "unranked",
)  # fmt: skip
NULL = "\\N"
COPY_STANDINGS = "COPY judging_standing ({}) FROM STDIN".format(
    ", ".join(f'"{column}"' for column in COLUMNS)
)
# Lines in one piece of that file.
AT_ONCE = 100


@collecting_later()
def freeze_ranking(
    stage: Stage,
    *,
    law: Law,
    inputs: Sequence[ranking.Entry],
    reorderings: Sequence[Mapping[str, object]] = (),
    by: User,
    at: datetime,
) -> Ranking:
    """Rank and keep inputs and outcome as the stage's next version; raises `RuleError`."""
    computed = rank_entries(law, inputs)
    moves = moves_from_plain(reorderings)
    lines = reorder(law, computed.lines, entries=inputs, moves=moves)
    last = latest_ranking(stage)
    frozen = Ranking.objects.create(
        stage=stage,
        version=last.version + 1 if last else 1,
        law=law_to_plain(law),
        inputs=computed.inputs.decode(),
        inputs_hash=computed.inputs_hash,
        code_version=code_version(),
        reorderings=list(reorderings),
        session=session_of(stage, by=by),
        frozen_at=at,
        frozen_by=by,
    )
    _write_standings(frozen, lines)
    return frozen


def _write_standings(frozen: Ranking, lines: Sequence[Line]) -> None:
    """All lines in one statement, as a file: the database has nothing to unpack or to look up."""
    found = frozen.stage.entries.order_by().values_list("submission__receipt", "pk")
    rows = _rows(frozen.pk, lines, entries=dict(found))
    with connection.cursor() as cursor:
        cursor.copy_expert(COPY_STANDINGS, _File(rows))


class _File:
    """The database stores the first lines of it while the last ones are written."""

    def __init__(self, rows: Iterator[str]) -> None:
        self._rows = rows

    def read(self, _size: int) -> str:
        return "".join(islice(self._rows, AT_ONCE))


class _Texts(dict[object, str]):
    """Names and lists of tiers come again and again: each is written once."""

    def __missing__(self, value: object) -> str:
        text = json.dumps(value, ensure_ascii=False)
        if isinstance(value, tuple):
            # As PostgreSQL writes a list of texts; it quotes them as JSON does.
            text = f"{{{text[1:-1]}}}"
        self[value] = text.replace("\\", "\\\\")
        return self[value]


def _rows(ranking: int, lines: Iterable[Line], *, entries: Mapping[str, int]) -> Iterator[str]:
    """In the order of `COLUMNS`."""
    texts = _Texts()
    for order, line in enumerate(lines, start=1):
        totals = ",".join([f'{texts[judge]}:"{plain(total)}"' for judge, total in line.totals])
        rank, place, law_place, stage_score, score = [
            NULL if value is None else value
            for value in (
                line.rank,
                line.place,
                line.law_place,
                line.stage_score,
                line.cumulative,
            )
        ]
        yield (
            f"{ranking}\t{entries[line.key]}\t{order}\t{rank}\t{place}\t{law_place}\t{stage_score!s}\t"
            f"{score!s}\t{len(line.totals)}\t{{{totals}}}\t{line.advances:d}\t{texts[line.tiers]}\t"
            f"{line.tie or ''}\t{line.decision}\t{line.unranked or ''}\n"
        )


def refuse_bound(stage: Stage) -> None:
    """Refuse to touch a result that a later stage or a proposed publication rests on."""
    later = next_stage(stage)
    if later is not None and lock_stage(later).status != StageStatus.SETUP:
        raise ValidationError(
            _("The next stage was opened from this result."), code="next_stage_open"
        )
    resting = Publication.objects.filter(ranking__stage=stage)
    if resting.filter(status=PublicationStatus.PROPOSED).exists():
        raise ValidationError(
            _("A publication of this result waits for its release. Withdraw it first."),
            code="proposed",
        )
    if resting.filter(status=PublicationStatus.RELEASED).exists():
        raise ValidationError(
            _("A version of this result is released and waits for its hour. Withdraw it first."),
            code="proposed",
        )


def refuse_sitting(stage: Stage) -> None:
    """Refuse to go on with a result that a plenary is about to settle."""
    if plenary.session_of(stage) is not None:
        raise ValidationError(
            _("The plenary on this result is in session. End it first."), code="in_session"
        )
