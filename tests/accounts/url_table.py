"""Who gets what at the addresses of accounts, for the table of all addresses."""

from __future__ import annotations

# Units and people are those of the author's agency; "endorser" is the endorser of that agency.
_SELF = (
    "anon=302 author=200 author-other=200 endorser=200 "
    "organizer=200 chair=200 auditor=200 judge=200 sysadmin=200"
)
_UNIT = (
    "anon=302 author=200 author-other=404 endorser=200 "
    "organizer=404 chair=404 auditor=404 judge=404 sysadmin=200"
)
_ENDORSER = (
    "anon=302 author=403 author-other=404 endorser=200 "
    "organizer=404 chair=404 auditor=404 judge=404 sysadmin=200"
)
_ABOVE = (
    "anon=302 author=403 author-other=404 endorser=403 "
    "organizer=404 chair=404 auditor=404 judge=404 sysadmin=200"
)
_POST = (
    "anon=302 author=403 author-other=404 endorser=302 "
    "organizer=404 chair=404 auditor=404 judge=404 sysadmin=302"
)
_PERSON = (
    "anon=302 author=200 author-other=404 endorser=200 "
    "organizer=404 chair=404 auditor=404 judge=404 sysadmin=200"
)
_PERSON_ADMIN = (
    "anon=302 author=403 author-other=404 endorser=403 "
    "organizer=404 chair=404 auditor=404 judge=404 sysadmin=200"
)
_ADMIN = (
    "anon=302 author=403 author-other=403 endorser=403 "
    "organizer=403 chair=403 auditor=403 judge=403 sysadmin=200"
)
ROWS: dict[str, str] = {
    "accounts:account-show": _SELF,
    "accounts:profile-edit": _SELF,
    "accounts:invitation-accept": _SELF.replace("anon=302", "anon=200"),
    # Join: POST only; the invitation is of nobody in the table, so each is sent back to it.
    "accounts:invitation-join": _SELF.replace("=200", "=302"),
    "accounts:unit-list": _SELF,
    "accounts:unit-create": _ADMIN,
    "accounts:unit-show": _UNIT,
    "accounts:unit-create-below": _ENDORSER,
    "accounts:unit-change": _ABOVE,
    "accounts:unit-move": _ABOVE,
    "accounts:unit-end": _ABOVE,
    "accounts:member-invite": _ENDORSER,
    "accounts:membership-end": _ENDORSER,
    "accounts:invitation-resend": _POST,
    "accounts:invitation-revoke": _POST,
    "accounts:person-list": _SELF,
    "accounts:person-show": _PERSON,
    "accounts:person-deactivate": _PERSON_ADMIN,
    "accounts:person-reactivate": _PERSON_ADMIN,
    "accounts:import-upload": _ADMIN,
    # Only whoever sent the file finds it.
    "accounts:import-confirm": _ADMIN,
    "accounts:import-example": _ADMIN,
}
