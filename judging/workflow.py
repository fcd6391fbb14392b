from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from kipp.lib.workflow import Workflow, move


class StageStatus(TextChoices):
    SETUP = "setup", _("Being set up")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    PUBLISHED = "published", _("Published")


STAGE_TONES: dict[str, str] = {
    StageStatus.SETUP: "muted",
    StageStatus.OPEN: "wait",
    StageStatus.CLOSED: "info",
    StageStatus.PUBLISHED: "ok",
}


class StageMove(TextChoices):
    OPEN = "open", _("Open the stage")
    CLOSE = "close", _("Close and freeze")
    REOPEN = "reopen", _("Reopen with a reason")
    PUBLISH = "publish", _("Publish")
    WITHDRAW = "withdraw", _("Withdraw the publication")


STAGE_FLOW = Workflow(
    {
        StageMove.OPEN: move(StageStatus.SETUP, to=StageStatus.OPEN),
        StageMove.CLOSE: move(StageStatus.OPEN, to=StageStatus.CLOSED),
        StageMove.REOPEN: move(StageStatus.CLOSED, to=StageStatus.OPEN),
        StageMove.PUBLISH: move(StageStatus.CLOSED, to=StageStatus.PUBLISHED),
        StageMove.WITHDRAW: move(StageStatus.PUBLISHED, to=StageStatus.CLOSED),
    }
)


class SeatStatus(TextChoices):
    """Whoever the committee seats without asking has accepted."""

    INVITED = "invited", _("Invited")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    LEFT = "left", _("Left the panel")


SEAT_TONES: dict[str, str] = {
    SeatStatus.INVITED: "wait",
    SeatStatus.ACCEPTED: "ok",
    SeatStatus.DECLINED: "muted",
    SeatStatus.LEFT: "muted",
}


# Whose scorecards are theirs to see: whoever left keeps what was begun.
READERS = frozenset({SeatStatus.ACCEPTED, SeatStatus.LEFT})


class SeatMove(TextChoices):
    ACCEPT = "accept", _("Accept the seat")
    DECLINE = "decline", _("Decline the seat")
    LEAVE = "leave", _("Take off the panel")


SEAT_FLOW = Workflow(
    {
        SeatMove.ACCEPT: move(SeatStatus.INVITED, SeatStatus.ACCEPTED, to=SeatStatus.ACCEPTED),
        SeatMove.DECLINE: move(SeatStatus.INVITED, to=SeatStatus.DECLINED),
        SeatMove.LEAVE: move(SeatStatus.ACCEPTED, to=SeatStatus.LEFT),
    }
)


class DraftStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    RELEASED = "released", _("Released")
    DISCARDED = "discarded", _("Discarded")


DRAFT_TONES: dict[str, str] = {
    DraftStatus.DRAFT: "wait",
    DraftStatus.RELEASED: "ok",
    DraftStatus.DISCARDED: "muted",
}


class DraftMove(TextChoices):
    RELEASE = "release", _("Release")
    DISCARD = "discard", _("Discard")


DRAFT_FLOW = Workflow(
    {
        DraftMove.RELEASE: move(DraftStatus.DRAFT, to=DraftStatus.RELEASED),
        DraftMove.DISCARD: move(DraftStatus.DRAFT, to=DraftStatus.DISCARDED),
    }
)


class AssignmentStatus(TextChoices):
    PENDING = "pending", _("Not submitted")
    SUBMITTED = "submitted", _("Submitted")
    RECUSED = "recused", _("Recused")


class AssignmentMove(TextChoices):
    SUBMIT = "submit", _("Submit")
    REVISE = "revise", _("Open again")
    RECUSE = "recuse", _("Recuse")


ASSIGNMENT_FLOW = Workflow(
    {
        AssignmentMove.SUBMIT: move(AssignmentStatus.PENDING, to=AssignmentStatus.SUBMITTED),
        AssignmentMove.REVISE: move(AssignmentStatus.SUBMITTED, to=AssignmentStatus.PENDING),
        AssignmentMove.RECUSE: move(AssignmentStatus.PENDING, to=AssignmentStatus.RECUSED),
    }
)


class ObjectionStatus(TextChoices):
    OPEN = "open", _("Waits for an answer")
    UPHELD = "upheld", _("Upheld")
    REJECTED = "rejected", _("Rejected")


class ObjectionMove(TextChoices):
    UPHOLD = "uphold", _("Uphold")
    REJECT = "reject", _("Reject")


OBJECTION_FLOW = Workflow(
    {
        ObjectionMove.UPHOLD: move(ObjectionStatus.OPEN, to=ObjectionStatus.UPHELD),
        ObjectionMove.REJECT: move(ObjectionStatus.OPEN, to=ObjectionStatus.REJECTED),
    }
)


class PublicationStatus(TextChoices):
    PROPOSED = "proposed", _("Proposed")
    RELEASED = "released", _("Released")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PublicationMove(TextChoices):
    RELEASE = "release", _("Release")
    WITHDRAW = "withdraw", _("Withdraw")


PUBLICATION_FLOW = Workflow(
    {
        PublicationMove.RELEASE: move(PublicationStatus.PROPOSED, to=PublicationStatus.RELEASED),
        PublicationMove.WITHDRAW: move(
            PublicationStatus.PROPOSED, PublicationStatus.RELEASED, to=PublicationStatus.WITHDRAWN
        ),
    }
)


class ReorderingStatus(TextChoices):
    PROPOSED = "proposed", _("Waits for a second person")
    CONFIRMED = "confirmed", _("Confirmed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ReorderingMove(TextChoices):
    CONFIRM = "confirm", _("Confirm")
    WITHDRAW = "withdraw", _("Withdraw")


REORDERING_FLOW = Workflow(
    {
        ReorderingMove.CONFIRM: move(ReorderingStatus.PROPOSED, to=ReorderingStatus.CONFIRMED),
        ReorderingMove.WITHDRAW: move(ReorderingStatus.PROPOSED, to=ReorderingStatus.WITHDRAWN),
    }
)


class SlotStatus(TextChoices):
    WAITING = "waiting", _("To come")
    NOW = "now", _("Presenting now")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Skipped")


SLOT_TONES: dict[str, str] = {
    SlotStatus.WAITING: "muted",
    SlotStatus.NOW: "wait",
    SlotStatus.DONE: "ok",
    SlotStatus.SKIPPED: "info",
}


class SlotMove(TextChoices):
    CALL = "call", _("Call the team")
    FINISH = "finish", _("Finish")
    SKIP = "skip", _("Skip")


# Who was not there when called may still be called later.
SLOT_FLOW = Workflow(
    {
        SlotMove.CALL: move(SlotStatus.WAITING, SlotStatus.SKIPPED, to=SlotStatus.NOW),
        SlotMove.FINISH: move(SlotStatus.NOW, to=SlotStatus.DONE),
        SlotMove.SKIP: move(SlotStatus.WAITING, SlotStatus.NOW, to=SlotStatus.SKIPPED),
    }
)


class VisitStatus(TextChoices):
    DRAFT = "draft", _("Not handed in")
    HANDED_IN = "handed_in", _("Handed in")


VISIT_TONES: dict[str, str] = {VisitStatus.DRAFT: "wait", VisitStatus.HANDED_IN: "ok"}


class VisitMove(TextChoices):
    HAND_IN = "hand_in", _("Hand in the report")
    TAKE_BACK = "take_back", _("Change the report")


VISIT_FLOW = Workflow(
    {
        VisitMove.HAND_IN: move(VisitStatus.DRAFT, to=VisitStatus.HANDED_IN),
        VisitMove.TAKE_BACK: move(VisitStatus.HANDED_IN, to=VisitStatus.DRAFT),
    }
)
