"""Who gets what answer to a GET of every URL, in a published competition with a workshop."""

from __future__ import annotations

PUBLIC = (
    "anon=200 author=200 other=200 endorser=200 organizer=200 chair=200 auditor=200"
    " judge=200 sysadmin=200"
)
COMMITTEE = (
    "anon=302 author=403 other=403 endorser=403 organizer=200 chair=200 auditor=200"
    " judge=403 sysadmin=403"
)
RUNS = (
    "anon=302 author=403 other=403 endorser=403 organizer=200 chair=200 auditor=403"
    " judge=403 sysadmin=403"
)
CHAIR = (
    "anon=302 author=403 other=403 endorser=403 organizer=403 chair=200 auditor=403"
    " judge=403 sysadmin=403"
)
POST_ONLY = (
    "anon=302 author=405 other=405 endorser=405 organizer=405 chair=405 auditor=405"
    " judge=405 sysadmin=405"
)

ROWS: dict[str, str] = {
    "competitions:competition-page": PUBLIC,
    "competitions:competition-calendar": PUBLIC,
    "competitions:workshop-page": PUBLIC,
    "competitions:material-file": PUBLIC,
    "competitions:workshop-sign-up": POST_ONLY,
    "competitions:attendee-ticket": (
        "anon=302 author=200 other=404 endorser=200 organizer=200 chair=200 auditor=200"
        " judge=404 sysadmin=404"
    ),
    "competitions:attendee-cancel": (
        "anon=302 author=200 other=404 endorser=200 organizer=403 chair=403 auditor=403"
        " judge=404 sysadmin=404"
    ),
    "competitions:setup-overview": COMMITTEE,
    "competitions:setup-form": COMMITTEE,
    "competitions:setup-facts": RUNS,
    "competitions:competition-archive": CHAIR,
    "competitions:part-add": RUNS,
    "competitions:part-add-below": RUNS,
    "competitions:part-change": RUNS,
    "competitions:part-remove": RUNS,
    "competitions:part-move-up": POST_ONLY,
    "competitions:part-move-down": POST_ONLY,
    "competitions:reminder-list": COMMITTEE,
    "competitions:announcement-list": COMMITTEE,
    "competitions:announcement-add": RUNS,
    "competitions:announcement-change": RUNS,
    "competitions:announcement-remove": RUNS,
    "competitions:seat-list": COMMITTEE,
    "competitions:seat-add": POST_ONLY,
    "competitions:seat-remove": CHAIR,
    "competitions:workshop-list": COMMITTEE,
    "competitions:attendance-list": COMMITTEE,
    "competitions:attendance-csv": COMMITTEE,
    "competitions:attendee-mark": RUNS,
    "competitions:attendee-unmark": POST_ONLY,
    "competitions:material-add": RUNS,
    "competitions:material-remove": RUNS,
}

# Pages of the composition root below a competition's address; the preview is asked without data.
EDITION_ROWS: dict[str, str] = {
    "edition-clone": RUNS,
    "edition-clone-preview": RUNS.replace("=200", "=422"),
}
