"""Who gets what at the addresses of accounts: the unit is the author's, the person the author."""

from __future__ import annotations

from accounts import services
from accounts.exports import EXAMPLES
from accounts.models import Import, Invitation
from kipp.lib.sheets import write_csv
from tests.accounts.place import token_of
from tests.small_year import Year

TABLE = """
                     anon author other endorser organizer chair auditor judge outsider sysadmin
account_login
    always           200  302    302   302      302       302   302     302   302      302
sso-leave
sso-return
    always           404  404    404   404      404       404   404     404   404      404
account_logout
    always           302  200    200   200      200       200   200     200   200      200
account_inactive
    always           200  200    200   200      200       200   200     200   200      200
account_reauthenticate
account_change_password
    always           302  200    200   200      200       200   200     200   200      200
account_set_password
    always           302  302    302   302      302       302   302     302   302      302
account_reset_password
account_reset_password_done
account_reset_password_from_key
account_reset_password_from_key_done
    always           200  200    200   200      200       200   200     200   200      200
mfa_index
    always           302  200    200   200      200       200   200     200   200      200
mfa_authenticate
mfa_reauthenticate
mfa_activate_totp
    always           302  302    302   302      302       302   302     302   302      302
mfa_deactivate_totp
mfa_view_recovery_codes
    always           302  404    404   404      404       404   404     404   404      404
mfa_generate_recovery_codes
    always           302  302    302   302      302       302   302     302   302      302
mfa_download_recovery_codes
    always           302  404    404   404      404       404   404     404   404      404
mfa_list_webauthn
    always           302  200    200   200      200       200   200     200   200      200
mfa_add_webauthn
mfa_reauthenticate_webauthn
mfa_remove_webauthn
mfa_edit_webauthn
mfa_login_webauthn
    always           302  302    302   302      302       302   302     302   302      302
usersessions_list
accounts:account-show
accounts:session-left
accounts:profile-edit
accounts:inbox
accounts:reception-edit
    always           302  200    200   200      200       200   200     200   200      200
accounts:invitation-accept
    always           200  200    200   200      200       200   200     200   200      200
accounts:invitation-join
    always           302  405    405   405      405       405   405     405   405      405
    always POST      302  302    302   302      302       302   302     302   302      302
accounts:unit-list
    always           302  200    200   200      200       200   200     200   200      200
accounts:unit-create
    always           302  403    403   403      403       403   403     403   403      200
accounts:unit-show
    always           302  200    404   200      404       404   404     404   404      200
accounts:unit-create-below
accounts:unit-change
accounts:unit-move
accounts:unit-end
accounts:member-invite
accounts:membership-end
    always           302  403    404   200      404       404   404     404   404      200
accounts:unit-deputies
    always           302  403    404   403      404       404   404     404   404      403
accounts:deputy-revoke
    always           302  405    405   405      405       405   405     405   405      405
    always POST      302  404    404   404      404       404   404     404   404      404
accounts:invitation-resend
accounts:invitation-revoke
    always           302  405    405   405      405       405   405     405   405      405
    always POST      302  403    404   302      404       404   404     404   404      302
accounts:person-list
    always           302  200    200   200      200       200   200     200   200      200
accounts:person-show
    always           302  200    404   200      404       404   404     404   404      200
accounts:person-deactivate
accounts:person-reactivate
    always           302  403    404   403      404       404   404     404   404      200
accounts:person-reset-factor
    always           302  403    404   200      404       404   404     404   404      200
accounts:import-upload
accounts:import-confirm
accounts:import-example
    always           302  403    403   403      403       403   403     403   403      200
accounts:unsubscribe
    always           410  410    410   410      410       410   410     410   410      410
accounts:inbox-read
accounts:inbox-read-all
    always           302  405    405   405      405       405   405     405   405      405
    always POST      302  302    302   302      302       302   302     302   302      302
"""


def arguments(year: Year) -> dict[str, list[object]]:
    invitation, sheet = invite(year), keep_sheet(year)
    unit: list[object] = [year.clinic.pk]
    person: list[object] = [year.people["author"].pk]
    by_name: dict[str, list[object]] = {
        "accounts:import-confirm": [sheet.pk],
        "accounts:import-example": ["units", "csv"],
        "accounts:invitation-accept": [token_of(invitation)],
        "accounts:invitation-join": [token_of(invitation)],
        "accounts:invitation-resend": [invitation.pk],
        "accounts:invitation-revoke": [invitation.pk],
        "accounts:membership-end": [year.people["author"].memberships.get().pk],
        "accounts:member-invite": unit,
        "accounts:unit-deputies": unit,
        "accounts:deputy-revoke": [0],
        "accounts:inbox-read": [0],
        "accounts:unsubscribe": ["not-signed"],
        "account_reset_password_from_key": ["1", "used-up"],
        "mfa_edit_webauthn": [0],
        "mfa_remove_webauthn": [0],
    }
    units = ("show", "create-below", "change", "move", "end")
    people = ("show", "deactivate", "reactivate", "reset-factor")
    return {
        **by_name,
        **{f"accounts:unit-{verb}": unit for verb in units},
        **{f"accounts:person-{verb}": person for verb in people},
    }


def invite(year: Year) -> Invitation:
    return services.invite_member(
        year.clinic,
        role="author",
        email="new@demo.example",
        by=year.people["endorser"],
        at=year.at,
    )


def keep_sheet(year: Year) -> Import:
    """A file of the administrator; only who has sent one finds it."""
    content = write_csv(EXAMPLES["units"][0], [])
    return services.keep_sheet(
        content, name="a.csv", kind="units", by=year.people["sysadmin"], at=year.at
    )
