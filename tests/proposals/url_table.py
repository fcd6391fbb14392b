"""Who gets what at the addresses of proposals.

The proposal is that of the author's unit: a complete draft while submission is open, before the
judges in the next state, a winner in the last one.
"""

from __future__ import annotations

from uuid import UUID

from proposals.receipts import public_keys
from tests.small_year import Year

# An upload that nobody began: whose it would be is told in test_uploading.
NOBODYS = UUID(int=7)

TABLE = """
                     anon author other endorser organizer chair auditor judge outsider sysadmin
proposals:proposal-list-file
    always           302  200    200   200      403       403   403     403   403      403
    always POST      302  302    302   302      403       403   403     403   403      403
proposals:innovation-list
proposals:innovation-new
proposals:innovation-enter
    always           302  200    200   200      403       403   403     403   403      403
proposals:proposal-start
    always           302  302    302   302      403       403   403     403   403      403
proposals:endorsement-queue
    always           302  403    200   200      403       403   403     403   403      403
proposals:endorsement-pile
    always           302  405    405   405      405       405   405     405   405      405
    always POST      302  403    422   422      403       403   403     403   403      403
proposals:import-upload
    always           302  403    200   200      200       200   403     403   403      403
    always POST      302  403    422   422      422       422   403     403   403      403
proposals:import-sheet
    always           302  403    200   200      200       200   403     403   403      403
proposals:import-confirm
    always           302  403    404   404      404       404   403     403   403      403
proposals:history-import
    always           302  403    403   403      200       200   403     403   403      200
    always POST      302  403    403   403      422       422   403     403   403      422
proposals:history-example
    always           302  403    403   403      200       200   403     403   403      200
proposals:history-confirm
    always           302  403    403   403      404       404   403     403   403      404
proposals:proposal-page
    submission       302  200    404   200      404       404   404     404   404      404
    judging          302  200    404   200      403       403   403     404   404      404
proposals:header-edit
proposals:section-edit
    submission       302  200    404   200      404       404   404     404   404      404
    judging          302  302    404   302      403       403   403     404   404      404
proposals:section-history
proposals:section-revision
    submission       302  200    404   200      404       404   404     404   404      404
    judging          302  200    404   200      403       403   403     404   404      404
proposals:revision-restore
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  422    404   422      404       404   404     404   404      404
    judging POST     302  422    404   422      403       403   403     404   404      404
proposals:section-compare
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  302    404   302      404       404   404     404   404      404
    judging POST     302  302    404   302      403       403   403     404   404      404
proposals:section-autosave
    always           405  405    405   405      405       405   405     405   405      405
    submission POST  401  422    404   422      404       404   404     404   404      404
    judging POST     401  422    404   422      403       403   403     404   404      404
proposals:attachment-list
    submission       302  200    404   200      404       404   404     404   404      404
    judging          302  302    404   302      403       403   403     404   404      404
proposals:claim-list
proposals:claim-edit
proposals:claim-remove
proposals:member-list
proposals:member-edit
proposals:member-remove
proposals:letter-list
proposals:letter-file
    submission       302  200    404   200      404       404   404     404   404      404
    judging          302  200    404   200      403       403   403     404   404      404
proposals:claim-move-up
proposals:claim-move-down
proposals:member-move-up
proposals:member-move-down
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  409    404   409      404       404   404     404   404      404
    judging POST     302  409    404   409      403       403   403     404   404      404
proposals:claim-check
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  404    404   404      200       200   403     404   404      404
    submission POST  302  404    404   404      404       404   404     404   404      404
    judging POST     302  404    404   404      422       422   403     404   404      404
proposals:attachment-upload
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  422    404   422      404       404   404     404   404      404
    judging POST     302  422    404   422      403       403   403     404   404      404
proposals:upload-begin
    always           405  405    405   405      405       405   405     405   405      405
    submission POST  401  412    404   412      404       404   404     404   404      404
    judging POST     401  412    404   412      403       403   403     404   404      404
proposals:upload-finish
    always           405  405    405   405      405       405   405     405   405      405
    submission POST  401  404    404   404      404       404   404     404   404      404
    judging POST     401  404    404   404      403       403   403     404   404      404
proposals:upload-parts
    always           405  405    405   405      405       405   405     405   405      405
    always POST      405  405    405   405      405       405   405     405   405      405
proposals:upload-drop
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      404       404   404     404   404      404
    judging POST     302  404    404   404      403       403   403     404   404      404
proposals:similar
proposals:attachment-file
proposals:attachment-thumbnail
    submission       302  200    404   200      404       404   404     404   404      404
    judging          302  200    404   200      403       403   403     404   404      404
proposals:attachment-remove
    submission       302  200    404   200      404       404   404     404   404      404
    judging          302  302    404   302      403       403   403     404   404      404
proposals:proposal-check
    submission       302  200    404   200      404       404   404     404   404      404
    judging          302  200    404   200      403       403   403     404   404      404
proposals:proposal-send
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  422    404   403      404       404   404     404   404      404
    judging POST     302  422    404   403      403       403   403     404   404      404
proposals:proposal-resubmit
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  422    404   422      404       404   404     404   404      404
    judging POST     302  422    404   422      403       403   403     404   404      404
proposals:proposal-recall
    submission       302  302    404   403      404       404   404     404   404      404
    judging          302  302    404   403      403       403   403     404   404      404
proposals:proposal-withdraw
    submission       302  200    404   200      404       404   404     404   404      404
    judging          302  302    404   302      403       403   403     404   404      404
proposals:endorsement-page
    submission       302  200    404   200      404       404   404     404   404      404
    judging          302  200    404   200      403       403   403     404   404      404
proposals:endorsement-submit
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  403    404   422      404       404   404     404   404      404
    judging POST     302  403    404   422      403       403   403     404   404      404
proposals:endorsement-read
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  403    404   422      404       404   404     404   404      404
    judging POST     302  403    404   422      403       403   403     404   404      404
proposals:authorisation-give
proposals:authorisation-revoke
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  403    404   302      404       404   404     404   404      404
    judging POST     302  403    404   302      403       403   403     404   404      404
proposals:endorsement-return
    submission       302  403    404   302      404       404   404     404   404      404
    judging          302  403    404   302      403       403   403     404   404      404
proposals:proposal-dossier
    submission       302  200    404   200      404       404   404     404   404      404
    submission POST  302  302    404   302      404       404   404     404   404      404
    judging          302  200    404   200      200       200   200     404   404      404
    judging POST     302  302    404   302      302       302   302     404   404      404
proposals:proposal-pdf
    submission       302  200    404   200      404       404   404     404   404      404
    judging          302  200    404   200      200       200   200     404   404      404
proposals:receipt
proposals:receipt-pdf
proposals:receipt-proof
proposals:receipt-content
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  200    404   200      200       200   200     404   404      404
proposals:register-entry
proposals:register-photo
    submission       404  404    404   404      404       404   404     404   404      404
    judging          404  404    404   404      404       404   404     404   404      404
    results          200  200    200   200      200       200   200     200   200      200
proposals:register
proposals:receipt-ask
proposals:receipt-keys
proposals:receipt-key
    always           200  200    200   200      200       200   200     200   200      200
proposals:receipt-verify
    submission       404  404    404   404      404       404   404     404   404      404
    judging          200  200    200   200      200       200   200     200   200      200
proposals:board
proposals:board-journey
    always           302  404    404   404      200       200   200     404   404      404
proposals:board-csv
proposals:board-xlsx
    always           302  404    404   404      200       200   200     404   404      404
    always POST      302  404    404   404      302       302   302     404   404      404
proposals:proposal-chase
    always           302  405    405   405      405       405   405     405   405      405
    always POST      302  404    404   404      302       302   403     404   404      404
proposals:screening-queue
    always           302  404    404   404      200       200   200     404   404      404
proposals:screening-outcome
    always           302  404    404   404      200       200   200     404   404      404
    always POST      302  404    404   404      422       422   403     404   404      404
proposals:decision-letters
    always           302  405    405   405      405       405   405     405   405      405
    always POST      302  404    404   404      302       302   302     404   404      404
proposals:decision-letter
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  200    404   200      403       403   403     404   404      404
proposals:screening-notice
    always           404  404    404   404      404       404   404     404   404      404
proposals:screening-page
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  404    404   404      200       200   200     404   404      404
    submission POST  302  404    404   404      404       404   404     404   404      404
    judging POST     302  404    404   404      422       422   403     404   404      404
proposals:screening-reopen
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  404    404   404      403       200   403     404   404      404
proposals:submission-compare
proposals:submission-file
proposals:submission-thumbnail
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  404    404   404      200       200   200     404   404      404
"""


def arguments(year: Year) -> dict[str, list[object]]:
    pk, slug = year.proposal.pk, year.competition.slug
    photo = year.proposal.attachments.get(slot__key="foto")
    claim, member = year.proposal.claims.get(), year.proposal.team.earliest("pk")
    submission = year.proposal.submissions.filter(superseded_at=None).first()
    of_proposal: dict[str, list[object]] = {
        "section-edit": ["dampak"],
        "section-autosave": ["dampak"],
        "section-compare": ["dampak"],
        "section-history": ["dampak"],
        "section-revision": ["dampak", 1],
        "revision-restore": ["dampak", 1],
        "attachment-upload": ["foto"],
        "upload-begin": ["foto"],
        "upload-parts": [NOBODYS],
        "upload-finish": [NOBODYS],
        "upload-drop": [NOBODYS],
        "letter-file": ["surat", "pdf"],
        "proposal-pdf": ["a4"],
        "attachment-file": [photo.pk],
        "attachment-thumbnail": [photo.pk],
        "attachment-remove": [photo.pk],
    }
    for verb in ("edit", "remove", "move-up", "move-down"):
        of_proposal |= {f"claim-{verb}": [claim.pk], f"member-{verb}": [member.pk]}
    bare = (
        "similar decision-letter claim-list member-list letter-list proposal-page header-edit "
        "attachment-list "
        "proposal-check proposal-send "
        "proposal-resubmit proposal-recall proposal-withdraw endorsement-page "
        "authorisation-give authorisation-revoke endorsement-submit endorsement-read "
        "endorsement-return receipt receipt-pdf "
        "receipt-proof receipt-content proposal-dossier"
    )
    of_committee: dict[str, list[object]] = {
        "board": [],
        "board-csv": [],
        "board-journey": [],
        "board-xlsx": [],
        "screening-queue": [],
        "screening-outcome": [],
        "screening-notice": [],
        "decision-letters": [],
        "proposal-chase": [pk],
        "screening-page": [pk],
        "screening-reopen": [pk],
        "submission-compare": [pk, pk],
        "claim-check": [pk, claim.pk],
        "submission-file": [pk, photo.sha256],
        "submission-thumbnail": [pk, photo.sha256],
    }
    found = {name: [pk, *of_proposal.get(name, [])] for name in [*of_proposal, *bare.split()]}
    found |= {name: [slug, *rest] for name, rest in of_committee.items()}
    found |= {"proposal-start": [slug], "innovation-enter": [slug], "proposal-list-file": ["csv"]}
    found |= {"receipt-verify": [submission.receipt if submission else "TIDAK-ADA"]}
    found |= {"endorsement-pile": [], "history-import": [], "history-confirm": [1]}
    found |= {"import-upload": [slug], "import-confirm": [slug, 1], "history-example": ["csv"]}
    found |= {"import-sheet": [slug, year.proposal.track.key]}
    innovation = year.proposal.innovation_id
    found |= {"register": [], "register-entry": [innovation]}
    found |= {"register-photo": [innovation, submission.pk if submission else 1]}
    found |= {"receipt-keys": [], "receipt-key": [next(iter(public_keys()))]}
    return {f"proposals:{name}": values for name, values in found.items()}
