"""Every write of this app: draft, attach, endorse, send, screen, chase."""

from __future__ import annotations

from proposals.services.announcing import announce_screening
from proposals.services.answering import StaleAnswer, restore_revision, save_answer
from proposals.services.attaching import attach_file, detach_file
from proposals.services.carrying import carry_content
from proposals.services.chasing import chase_holder
from proposals.services.checking import (
    check_claim,
    file_field_report,
    withdraw_field_report,
)
from proposals.services.drafting import (
    Header,
    describe_proposal,
    enter_innovation,
    register_innovation,
    start_proposal,
)
from proposals.services.endorsing import recall_proposal, return_proposal, send_for_endorsement
from proposals.services.importing import (
    HISTORY,
    PROPOSALS,
    Inspection,
    enter_history,
    enter_proposals,
    inspect_history,
    inspect_proposals,
)
from proposals.services.lines import (
    add_line,
    change_line,
    move_line_down,
    move_line_up,
    remove_line,
)
from proposals.services.piles import Outcome, mark_read, submit_pile
from proposals.services.register import (
    Past,
    drop_awards,
    keep_awards,
    register_past_innovation,
)
from proposals.services.screening import reopen_screening, screen_submission
from proposals.services.sending import resubmit_completion, submit_proposal, withdraw_proposal
from proposals.services.standing import (
    authorise_submission,
    revoke_authorisation,
    submit_authorised,
    warn_authorised,
)
from proposals.services.uploading import (
    add_part,
    begin_upload,
    drop_upload,
    expire_uploads,
    finish_upload,
)

__all__ = [
    "HISTORY",
    "PROPOSALS",
    "Header",
    "Inspection",
    "Outcome",
    "Past",
    "StaleAnswer",
    "add_line",
    "add_part",
    "announce_screening",
    "attach_file",
    "authorise_submission",
    "begin_upload",
    "carry_content",
    "change_line",
    "chase_holder",
    "check_claim",
    "describe_proposal",
    "detach_file",
    "drop_awards",
    "drop_upload",
    "enter_history",
    "enter_innovation",
    "enter_proposals",
    "expire_uploads",
    "file_field_report",
    "finish_upload",
    "inspect_history",
    "inspect_proposals",
    "keep_awards",
    "mark_read",
    "move_line_down",
    "move_line_up",
    "recall_proposal",
    "register_innovation",
    "register_past_innovation",
    "remove_line",
    "reopen_screening",
    "restore_revision",
    "resubmit_completion",
    "return_proposal",
    "revoke_authorisation",
    "save_answer",
    "screen_submission",
    "send_for_endorsement",
    "start_proposal",
    "submit_authorised",
    "submit_pile",
    "submit_proposal",
    "warn_authorised",
    "withdraw_field_report",
    "withdraw_proposal",
]
