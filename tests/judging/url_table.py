"""Who gets what at the addresses of judging, for the table of all addresses.

The competition has one stage per state that a row needs; "judge" sits on the panel of all and
owns the sheet of the address, declared and not submitted. Writers are asked with a good form.
"""

from __future__ import annotations

_DESK = (
    "anon=302 author=200 author-other=200 endorser=200 "
    "organizer=200 chair=200 auditor=200 judge=200 sysadmin=200"
)
_JUDGE = (
    "anon=302 author=404 author-other=404 endorser=404 "
    "organizer=404 chair=404 auditor=404 judge=200 sysadmin=404"
)
_JUDGE_POST = (
    "anon=302 author=404 author-other=404 endorser=404 "
    "organizer=404 chair=404 auditor=404 judge=302 sysadmin=404"
)
_COMMITTEE = (
    "anon=302 author=404 author-other=404 endorser=404 "
    "organizer=200 chair=200 auditor=200 judge=404 sysadmin=404"
)
_RUNNERS = (
    "anon=302 author=404 author-other=404 endorser=404 "
    "organizer=200 chair=200 auditor=403 judge=404 sysadmin=404"
)
_RUNNERS_POST = (
    "anon=302 author=404 author-other=404 endorser=404 "
    "organizer=302 chair=302 auditor=403 judge=404 sysadmin=404"
)
_CHAIR = (
    "anon=302 author=404 author-other=404 endorser=404 "
    "organizer=403 chair=200 auditor=403 judge=404 sysadmin=404"
)
_EVERYBODY = (
    "anon=200 author=200 author-other=200 endorser=200 "
    "organizer=200 chair=200 auditor=200 judge=200 sysadmin=200"
)
ROWS: dict[str, str] = {
    "judging:desk": _DESK,
    "judging:queue": _JUDGE,
    "judging:declaration": _JUDGE,  # undeclared sheet
    "judging:recuse": _JUDGE_POST,
    "judging:sheet": _JUDGE,
    "judging:sheet-save-next": _JUDGE_POST,
    "judging:sheet-submit": _JUDGE_POST,
    "judging:sheet-autosave": _JUDGE,  # a POST that answers JSON
    "judging:sheet-revise": _JUDGE,  # submitted sheet
    "judging:sheet-attachment": _JUDGE,
    "judging:stage-list": _COMMITTEE,
    "judging:stage": _COMMITTEE,
    "judging:stage-setup": _RUNNERS,  # stage in setup
    "judging:panelist-seat": _RUNNERS_POST,  # stage in setup
    "judging:panelist-unseat": _RUNNERS_POST,  # stage in setup
    "judging:panelist-remind": _RUNNERS_POST,  # open stage
    "judging:stage-open": _RUNNERS,  # stage in setup
    "judging:entry-list": _COMMITTEE,
    "judging:readings-fill": _RUNNERS,  # open stage
    "judging:stage-close": _RUNNERS,  # open stage
    "judging:stage-reopen": _CHAIR,  # closed stage
    "judging:panel-vote": _CHAIR,  # closed stage with a tie at a line that is left to the panel
    "judging:results": _COMMITTEE,  # closed stage; 403 for all while it is open
    "judging:results-csv": _COMMITTEE,
    "judging:results-xlsx": _COMMITTEE,
    "judging:publication-propose": _RUNNERS,  # closed stage
    "judging:publication-list": _COMMITTEE,
    "judging:publication": _COMMITTEE,
    "judging:publication-release": _CHAIR,  # proposed by the organizer
    "judging:publication-withdraw": _CHAIR,
    "judging:publication-photo": _COMMITTEE,
    "judging:certificates-zip": _COMMITTEE,  # released version
    "judging:award-nominate": _RUNNERS,  # released version
    "judging:public-results": _EVERYBODY,
    "judging:public-results-csv": _EVERYBODY,  # released version
    "judging:certificate": _EVERYBODY,
    "judging:certificate-pdf": _EVERYBODY,
    "judging:winner-photo": _EVERYBODY,
}
