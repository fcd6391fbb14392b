"""An author's feedback sheet in blocks: one shape for the page, the PDF and the committee's ZIP."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from judging.exports import show_number
from judging.models import Feedback
from judging.queries.feedback import FeedbackSheet, StageFeedback, sheet_of
from kipp.lib.documents import render_document
from kipp.lib.zips import Entry
from proposals.models import Proposal

Block = dict[str, object]


def feedback_blocks(sheet: FeedbackSheet) -> list[Block]:
    blocks: list[Block] = []
    for stage in sheet.stages:
        blocks.extend(_stage_blocks(stage))
    if sheet.claims:
        rows = [
            [claim.indicator, claim.before, claim.after, str(claim.state.label), claim.note]
            for claim in sheet.claims
        ]
        head = [_("Indicator"), _("Before"), _("After"), _("Finding"), _("Note")]
        blocks.append(_heading(_("Impact ledger, as the committee checked it")))
        blocks.append({"kind": "table", "head": head, "rows": rows, "widths": [4, 2, 2, 3, 4]})
    return blocks


def _stage_blocks(stage: StageFeedback) -> Iterator[Block]:
    yield _heading(stage.name)
    yield {"kind": "facts", "rows": list(_facts(stage))}
    if stage.criteria:
        rows = [[each.label, show_number(each.mean)] for each in stage.criteria]
        head = [_("Criterion"), _("Mean of the judges")]
        yield {"kind": "table", "head": head, "rows": rows, "widths": [8, 3]}
    if stage.comments:
        yield {
            "kind": "list",
            "items": [f"{label}: {text}" if label else text for label, text in stage.comments],
        }
    else:
        yield {"kind": "text", "text": _("No judge left a comment.")}


def _facts(stage: StageFeedback) -> Iterator[list[str]]:
    yield [_("Readings"), str(stage.readings)]
    if stage.quarter is not None:
        told = {"quarter": stage.quarter, "count": stage.ranked}
        yield [_("Quarter"), _("%(quarter)d of 4, among %(count)d ranked") % told]
    if stage.law_quarter is not None:
        yield [_("Quarter by the law"), _("%(quarter)d of 4") % {"quarter": stage.law_quarter}]
    if stage.place is not None:
        told = {"place": stage.place, "count": stage.ranked}
        yield [_("Place"), _("%(place)d of %(count)d") % told]
    if stage.law_place is not None:
        told = {"place": stage.law_place, "count": stage.ranked}
        yield [_("Place by the law"), _("%(place)d of %(count)d") % told]
    if stage.moved:
        yield [_("Moved by the plenary, because"), "; ".join(stage.moved)]
    if stage.score is not None:
        yield [_("Score"), show_number(stage.score)]
    if stage.totals:
        yield [_("Totals of the judges"), "; ".join(map(show_number, stage.totals))]


def _heading(text: str) -> Block:
    return {"kind": "heading", "text": text}


def feedback_pdf(sheet: FeedbackSheet, *, at: datetime) -> bytes:
    """`at`: its release, so that the same feedback gives the same bytes."""
    competition = sheet.publication.competition
    with translation.override("id"):
        data = {
            "site": settings.PORTAL["name"],
            "title": _("Feedback of the judges"),
            "agency": competition.host.name,
            "subject": f"{sheet.title}, {sheet.proposal.unit.name}",
            "number": competition.name,
            "blocks": feedback_blocks(sheet),
            "place": "",
            "signature_head": [],
            "signatures": [],
        }
    return render_document("minutes", data, at=at)


def feedback_entries(feedback: Feedback, keys: Sequence[int], *, at: datetime) -> Iterator[Entry]:
    """The sheets of these proposals."""
    proposals = Proposal.objects.select_related("unit").in_bulk(keys)
    for key in keys:
        sheet = sheet_of(feedback, proposals[key])
        if sheet is not None:
            name = slugify(f"{proposals[key].unit.name}-{sheet.title}")[:80] or "lembar"
            yield f"{name}-{key}.pdf", [feedback_pdf(sheet, at=at)]
