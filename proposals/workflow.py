from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from kipp.lib.workflow import Workflow, move


class ProposalStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    AWAITING = "awaiting", _("Awaiting endorsement")
    RETURNED = "returned", _("Returned to the author")
    SUBMITTED = "submitted", _("Submitted")
    COMPLETION = "completion", _("Returned for completion")
    ELIGIBLE = "eligible", _("Passed the screening")
    INELIGIBLE = "ineligible", _("Did not pass the screening")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ProposalMove(TextChoices):
    """Actions on a proposal; those that the table below knows change its state."""

    SEND = "send", _("Send for endorsement")
    RECALL = "recall", _("Take back")
    RETURN = "return", _("Return to the author")
    SUBMIT = "submit", _("Endorse and submit")
    RETURN_FOR_COMPLETION = "return_for_completion", _("Return for completion")
    RESUBMIT = "resubmit", _("Submit the completion")
    ACCEPT = "accept", _("Pass")
    REJECT = "reject", _("Do not pass")
    REOPEN = "reopen", _("Reopen the screening")
    WITHDRAW = "withdraw", _("Withdraw")


class Holder(TextChoices):
    """Who holds a proposal now: derived from its status, shown on every board."""

    AUTHOR = "author", _("Author")
    ENDORSER = "endorser", _("Endorser")
    COMMITTEE = "committee", _("Committee")
    NOBODY = "nobody", _("Nobody")


S = ProposalStatus
A = ProposalMove

PROPOSAL_FLOW = Workflow(
    {
        A.SEND: move(S.DRAFT, S.RETURNED, to=S.AWAITING),
        A.RECALL: move(S.AWAITING, to=S.DRAFT),
        A.RETURN: move(S.AWAITING, to=S.RETURNED),
        A.SUBMIT: move(S.AWAITING, to=S.SUBMITTED),
        A.RETURN_FOR_COMPLETION: move(S.SUBMITTED, to=S.COMPLETION),
        A.RESUBMIT: move(S.COMPLETION, to=S.SUBMITTED),
        A.ACCEPT: move(S.SUBMITTED, to=S.ELIGIBLE),
        A.REJECT: move(S.SUBMITTED, S.COMPLETION, to=S.INELIGIBLE),
        A.REOPEN: move(S.ELIGIBLE, S.INELIGIBLE, to=S.SUBMITTED),
        A.WITHDRAW: move(S.DRAFT, S.AWAITING, S.RETURNED, S.SUBMITTED, to=S.WITHDRAWN),
    }
)

HOLDERS: dict[str, Holder] = {
    S.DRAFT: Holder.AUTHOR,
    S.RETURNED: Holder.AUTHOR,
    S.COMPLETION: Holder.AUTHOR,
    S.AWAITING: Holder.ENDORSER,
    S.SUBMITTED: Holder.COMMITTEE,
    S.ELIGIBLE: Holder.NOBODY,
    S.INELIGIBLE: Holder.NOBODY,
    S.WITHDRAWN: Holder.NOBODY,
}

# States in which the text is with the unit and may change.
EDITABLE = frozenset({S.DRAFT, S.RETURNED, S.COMPLETION})
# States that the committee has received a submission in.
RECEIVED = frozenset({S.SUBMITTED, S.COMPLETION, S.ELIGIBLE, S.INELIGIBLE})
# States before the first submission, in which an authorisation makes sense.
UNSENT = frozenset({S.DRAFT, S.RETURNED, S.AWAITING})
# States that remind the unit that something is still to be done.
UNFINISHED = frozenset({S.DRAFT, S.RETURNED, S.COMPLETION})

# How urgent a state looks on every list; the word always stands beside it.
TONES: dict[str, str] = {
    S.DRAFT: "muted",
    S.RETURNED: "danger",
    S.COMPLETION: "danger",
    S.AWAITING: "wait",
    S.SUBMITTED: "info",
    S.ELIGIBLE: "ok",
    S.INELIGIBLE: "muted",
    S.WITHDRAWN: "muted",
}
