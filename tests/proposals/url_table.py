"""Who gets what at the addresses of proposals on GET, for the table of all addresses.

The proposal is a draft of the author's unit; receipt and screening pages show one that was
submitted; "author-other" writes for a sister unit; the judge sits in no committee.
"""

from __future__ import annotations

_INNOVATION_LIST = (
    "anon=302 author=200 author-other=200 endorser=200 "
    "organizer=403 chair=403 auditor=403 judge=403 sysadmin=403"
)
_ENDORSEMENT_QUEUE = (
    "anon=302 author=403 author-other=403 endorser=200 "
    "organizer=403 chair=403 auditor=403 judge=403 sysadmin=403"
)
_PROPOSAL_PAGE = (
    "anon=302 author=200 author-other=404 endorser=200 "
    "organizer=404 chair=404 auditor=404 judge=404 sysadmin=404"
)
_SECTION_AUTOSAVE = (
    "anon=405 author=405 author-other=405 endorser=405 "
    "organizer=405 chair=405 auditor=405 judge=405 sysadmin=405"
)
_ATTACHMENT_UPLOAD = (
    "anon=302 author=405 author-other=405 endorser=405 "
    "organizer=405 chair=405 auditor=405 judge=405 sysadmin=405"
)
_PROPOSAL_RECALL = (
    "anon=302 author=200 author-other=404 endorser=403 "
    "organizer=404 chair=404 auditor=404 judge=404 sysadmin=404"
)
_ENDORSEMENT_RETURN = (
    "anon=302 author=403 author-other=404 endorser=200 "
    "organizer=404 chair=404 auditor=404 judge=404 sysadmin=404"
)
_RECEIPT = (
    "anon=302 author=200 author-other=404 endorser=200 "
    "organizer=200 chair=200 auditor=200 judge=404 sysadmin=404"
)
_RECEIPT_ASK = (
    "anon=200 author=200 author-other=200 endorser=200 "
    "organizer=200 chair=200 auditor=200 judge=200 sysadmin=200"
)
_BOARD = (
    "anon=302 author=404 author-other=404 endorser=404 "
    "organizer=200 chair=200 auditor=200 judge=404 sysadmin=404"
)
_SCREENING_REOPEN = (
    "anon=302 author=404 author-other=404 endorser=404 "
    "organizer=403 chair=200 auditor=403 judge=404 sysadmin=404"
)
_SUBMISSION_FILE = (
    "anon=302 author=404 author-other=404 endorser=404 "
    "organizer=404 chair=404 auditor=404 judge=404 sysadmin=404"
)

ROWS: dict[str, str] = {
    "proposals:innovation-list": _INNOVATION_LIST,
    "proposals:innovation-new": _INNOVATION_LIST,
    "proposals:proposal-start": _INNOVATION_LIST,
    "proposals:endorsement-queue": _ENDORSEMENT_QUEUE,
    "proposals:proposal-page": _PROPOSAL_PAGE,
    "proposals:header-edit": _PROPOSAL_PAGE,
    "proposals:section-edit": _PROPOSAL_PAGE,
    "proposals:attachment-list": _PROPOSAL_PAGE,
    "proposals:attachment-file": _PROPOSAL_PAGE,
    "proposals:attachment-thumbnail": _PROPOSAL_PAGE,
    "proposals:attachment-remove": _PROPOSAL_PAGE,
    "proposals:proposal-check": _PROPOSAL_PAGE,
    "proposals:proposal-withdraw": _PROPOSAL_PAGE,
    "proposals:endorsement-page": _PROPOSAL_PAGE,
    "proposals:section-autosave": _SECTION_AUTOSAVE,
    "proposals:attachment-upload": _ATTACHMENT_UPLOAD,
    "proposals:proposal-send": _ATTACHMENT_UPLOAD,
    "proposals:proposal-resubmit": _ATTACHMENT_UPLOAD,
    "proposals:endorsement-submit": _ATTACHMENT_UPLOAD,
    "proposals:proposal-chase": _ATTACHMENT_UPLOAD,
    "proposals:proposal-recall": _PROPOSAL_RECALL,
    "proposals:endorsement-return": _ENDORSEMENT_RETURN,
    "proposals:receipt": _RECEIPT,
    "proposals:receipt-pdf": _RECEIPT,
    "proposals:receipt-ask": _RECEIPT_ASK,
    "proposals:receipt-verify": _RECEIPT_ASK,
    "proposals:board": _BOARD,
    "proposals:board-csv": _BOARD,
    "proposals:board-xlsx": _BOARD,
    "proposals:screening-queue": _BOARD,
    "proposals:screening-page": _BOARD,
    "proposals:screening-reopen": _SCREENING_REOPEN,
    "proposals:submission-file": _SUBMISSION_FILE,
    "proposals:submission-thumbnail": _SUBMISSION_FILE,
}
