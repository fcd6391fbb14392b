"""Every write of the judging: one verb each."""

from __future__ import annotations

from judging.services.closing import close_stage, reopen_stage
from judging.services.drafting import (
    adjust_draft,
    discard_draft,
    make_draft,
    move_reading,
    release_draft,
)
from judging.services.feedback import prepare_feedback, release_feedback, review_notes
from judging.services.filling import fill_readings
from judging.services.law_changes import change_law
from judging.services.lineup import add_stage, move_stage_down, move_stage_up, remove_stage
from judging.services.matrix import enter_matrix, enter_matrix_file, inspect_matrix
from judging.services.minutes import add_addendum, add_signed_minutes
from judging.services.namesakes import dismiss_namesake, restore_namesake
from judging.services.nominating import nominate_winner
from judging.services.objecting import (
    Evidence,
    Objector,
    appoint_officer,
    decide_objection,
    make_objection,
    remind_of_objections,
)
from judging.services.offline import enter_offline, inspect_offline
from judging.services.opening import open_stage
from judging.services.plenary import (
    call_item,
    confirm_reorderings,
    convene_plenary,
    end_plenary,
    propose_reordering,
    withdraw_reordering,
)
from judging.services.presenting import (
    call_team,
    finish_team,
    recall_timetable,
    release_timetable,
    skip_team,
    swap_slots,
)
from judging.services.publishing import (
    propose_publication,
    release_publication,
    withdraw_publication,
)
from judging.services.reminding import remind_behind, remind_judge
from judging.services.robustness import compute_robustness
from judging.services.scoring import (
    Sheet,
    declare_conflict,
    declare_no_conflict,
    mark_scorecard,
    revise_scorecard,
    save_scorecard,
    submit_scorecard,
)
from judging.services.seating import (
    accept_seat,
    decline_seat,
    invite_panelist,
    relieve_panelist,
    remove_panel,
    seat_panelist,
    set_up_panel,
    unseat_panelist,
)
from judging.services.second_look import take_second_look
from judging.services.setup import CriterionTerms, change_stage
from judging.services.signing import ask_code, sign_minutes
from judging.services.timetable import (
    Frame,
    add_absence,
    add_wish,
    draft_timetable,
    remove_absence,
    remove_wish,
    set_timetable,
)
from judging.services.unveiling import unveil_due
from judging.services.visiting import (
    Findings,
    add_photo,
    check_claim_on_visit,
    hand_in_visit,
    remove_photo,
    save_visit,
    set_questions,
    take_back_visit,
)
from judging.services.voting import record_panel_vote

__all__ = [
    "CriterionTerms",
    "Evidence",
    "Findings",
    "Frame",
    "Objector",
    "Sheet",
    "accept_seat",
    "add_absence",
    "add_addendum",
    "add_photo",
    "add_signed_minutes",
    "add_stage",
    "add_wish",
    "adjust_draft",
    "appoint_officer",
    "ask_code",
    "call_item",
    "call_team",
    "change_law",
    "change_stage",
    "check_claim_on_visit",
    "close_stage",
    "compute_robustness",
    "confirm_reorderings",
    "convene_plenary",
    "decide_objection",
    "declare_conflict",
    "declare_no_conflict",
    "decline_seat",
    "discard_draft",
    "dismiss_namesake",
    "draft_timetable",
    "end_plenary",
    "enter_matrix",
    "enter_matrix_file",
    "enter_offline",
    "fill_readings",
    "finish_team",
    "hand_in_visit",
    "inspect_matrix",
    "inspect_offline",
    "invite_panelist",
    "make_draft",
    "make_objection",
    "mark_scorecard",
    "move_reading",
    "move_stage_down",
    "move_stage_up",
    "nominate_winner",
    "open_stage",
    "prepare_feedback",
    "propose_publication",
    "propose_reordering",
    "recall_timetable",
    "record_panel_vote",
    "release_draft",
    "release_feedback",
    "release_publication",
    "release_timetable",
    "relieve_panelist",
    "remind_behind",
    "remind_judge",
    "remind_of_objections",
    "remove_absence",
    "remove_panel",
    "remove_photo",
    "remove_stage",
    "remove_wish",
    "reopen_stage",
    "restore_namesake",
    "review_notes",
    "revise_scorecard",
    "save_scorecard",
    "save_visit",
    "seat_panelist",
    "set_questions",
    "set_timetable",
    "set_up_panel",
    "sign_minutes",
    "skip_team",
    "submit_scorecard",
    "swap_slots",
    "take_back_visit",
    "take_second_look",
    "unseat_panelist",
    "unveil_due",
    "withdraw_publication",
    "withdraw_reordering",
]
