"""Every write to people, units and what binds them."""

from __future__ import annotations

from accounts.services.addresses import correct_address
from accounts.services.claims import Released, release_claims
from accounts.services.deputies import name_deputy, revoke_deputy
from accounts.services.imports import (
    Findings,
    apply_sheet,
    content_of,
    inspect_sheet,
    keep_sheet,
    use_up,
)
from accounts.services.invitations import (
    accept_invitation,
    find_invitation,
    invite_member,
    invite_person,
    join_by_invitation,
    owner_of,
    resend_invitation,
    revoke_invitation,
)
from accounts.services.jobs import ask_job, cancel_job
from accounts.services.memberships import end_membership, grant_membership
from accounts.services.outbox import pause_mail, resume_mail
from accounts.services.people import (
    deactivate_user,
    reactivate_user,
    register_person,
    require_mfa,
    reset_second_factor,
    update_profile,
)
from accounts.services.receptions import choose_reception, decline_mail, mark_read
from accounts.services.signing_in import find_or_admit
from accounts.services.units import change_unit, create_unit, end_unit, move_unit, name_successor

__all__ = [
    "Findings",
    "Released",
    "accept_invitation",
    "apply_sheet",
    "ask_job",
    "cancel_job",
    "change_unit",
    "choose_reception",
    "content_of",
    "correct_address",
    "create_unit",
    "deactivate_user",
    "decline_mail",
    "end_membership",
    "end_unit",
    "find_invitation",
    "find_or_admit",
    "grant_membership",
    "inspect_sheet",
    "invite_member",
    "invite_person",
    "join_by_invitation",
    "keep_sheet",
    "mark_read",
    "move_unit",
    "name_deputy",
    "name_successor",
    "owner_of",
    "pause_mail",
    "reactivate_user",
    "register_person",
    "release_claims",
    "require_mfa",
    "resend_invitation",
    "reset_second_factor",
    "resume_mail",
    "revoke_deputy",
    "revoke_invitation",
    "update_profile",
    "use_up",
]
