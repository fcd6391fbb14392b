"""The frozen submission as a reader sees it: judges read this and never the living proposal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from judging.models import Assignment, Criterion
from judging.queries.visits import reports_for
from kipp.lib import clock
from proposals.content import Content, FieldReport, FrozenMember
from proposals.ledger import LedgerRow, ledger_rows
from proposals.models import Submission
from proposals.paper import Paper

# An editor's remark in brackets before the text is no sentence of it.
REMARK = re.compile(r"^\[[^\]]*\]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSection:
    key: str
    label: str
    text: str
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    sha256: str
    name: str
    label: str
    media_type: str
    size: int
    thumbnail_sha256: str

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    title: str
    expansion: str
    unit: str
    agency: str
    facts: tuple[tuple[str, str], ...]
    video_url: str
    sections: tuple[ReadSection, ...]
    files: tuple[ReadFile, ...]
    team: tuple[FrozenMember, ...]
    claims: tuple[LedgerRow, ...]
    # What field teams of earlier stages found.
    reports: tuple[FieldReport, ...] = ()

    def file(self, sha256: str) -> ReadFile | None:
        """A file of the submission by its content, or by its thumbnail's."""
        return next((each for each in self.files if sha256 == each.sha256), None)


def read_submission(submission: Submission, *, criteria: list[Criterion] | None = None) -> Reading:
    content: dict[str, Any] = submission.content
    header = content["header"]
    return Reading(
        title=header["title"],
        expansion=header.get("expansion", ""),
        unit=header["unit"]["name"],
        agency=header["unit"]["agency"],
        facts=_facts(header),
        video_url=header.get("video_url", ""),
        sections=tuple(
            ReadSection(
                key=section["key"],
                label=section["label"],
                text=section["text"],
                criteria=tuple(
                    str(each) for each in criteria or [] if each.section_key == section["key"]
                ),
            )
            for section in content["sections"]
        ),
        files=read_files(content["files"]),
        team=tuple(content["team"]),
        claims=tuple(ledger_rows(content["claims"], checks=submission.claim_checks)),
    )


def read_for_judge(assignment: Assignment, *, criteria: list[Criterion] | None = None) -> Reading:
    """Who is in the team only where the edition says so."""
    reading = read_submission(assignment.entry.submission, criteria=criteria)
    reading = replace(reading, reports=tuple(reports_for(assignment)))
    if assignment.entry.stage.competition.shows_team:
        return reading
    return replace(reading, team=())


def paper_for_judge(assignment: Assignment) -> Paper:
    """What the judge's page shows and nothing else: no number, no hash, no signed letter."""
    submission, competition = assignment.entry.submission, assignment.entry.stage.competition
    content: Content = submission.content
    shown: Content = {
        **content,
        "header": {**content["header"], "sdgs": []},
        "team": content["team"] if competition.shows_team else [],
        "files": [each for each in content["files"] if not each.get("is_statement")],
    }
    return Paper(
        content=shown,
        competition=competition,
        at=submission.received_at,
        mark=_("For the jury"),
        checks=submission.claim_checks,
    )


def read_files(files: Sequence[Mapping[str, Any]]) -> tuple[ReadFile, ...]:
    """Without the signed letters: they name people with their NIPs and are for the committee."""
    return tuple(
        ReadFile(
            sha256=each["sha256"],
            name=each["name"],
            label=each["label"],
            media_type=each["media_type"],
            size=each["size"],
            thumbnail_sha256=each.get("thumbnail_sha256", ""),
        )
        for each in files
        if not each.get("is_statement")
    )


def _facts(header: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Pairs of a fact's key and its text; the page gives the key its word."""
    category = header.get("category") or {"name": ""}
    pairs = (
        ("track", header["track"]["name"]),
        ("category", category["name"]),
        ("started_on", _shown_day(header.get("started_on", ""))),
    )
    return tuple(pair for pair in pairs if pair[1])


def _shown_day(day: str) -> str:
    return clock.show_date(date.fromisoformat(day)) if day else ""


def first_sentence(text: str, *, limit: int = 220) -> str:
    """The sentence that stands for a winner; cut at a word where it runs on."""
    flat = REMARK.sub("", " ".join(text.split()))
    for end in (". ", "! ", "? "):
        head, found, _rest = flat.partition(end)
        if found:
            flat = head + end.strip() if len(head) < len(flat) else flat
    if len(flat) <= limit:
        return flat
    return flat[:limit].rsplit(" ", 1)[0] + "…"
