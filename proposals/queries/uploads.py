"""Files on their way: what a person has begun to send and not finished."""

from __future__ import annotations

from dataclasses import replace

from accounts.models import User
from proposals.models import Proposal, Upload
from proposals.queries.progress import SlotLine, slot_lines


def slot_lines_with_uploads(proposal: Proposal, *, person: User) -> list[SlotLine]:
    unfinished: dict[int, list[Upload]] = {}
    for upload in Upload.objects.filter(proposal=proposal, begun_by=person, attachment=None):
        unfinished.setdefault(upload.slot_id, []).append(upload)
    lines = slot_lines(proposal)
    return [replace(line, unfinished=tuple(unfinished.get(line.slot.pk, ()))) for line in lines]
