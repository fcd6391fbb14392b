"""Who gets what at the addresses of judging.

The sheet is the judge's own on the proposal of the author's unit; before the stage opens there is
none. The stage is the first one; results rest on the last.
"""

from __future__ import annotations

from judging.models import Assignment, Award, Standing
from tests.judging import feedback_rows, plenary_rows, seat_rows
from tests.small_year import Year

TABLE = """
                     anon author other endorser organizer chair auditor judge outsider sysadmin
judging:desk
    always           302  200    200   200      200       200   200     200   200      200
judging:queue
judging:own-scores
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  404    404   404      404       404   404     200   404      404
    results          302  404    404   404      404       404   404     200   404      404
judging:practice
judging:practice-sheet
    always           302  404    404   404      200       200   200     200   404      404
judging:practice-recuse
judging:practice-submit
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      422       422   422     422   404      404
judging:offline-workbook
judging:offline-upload
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  404    404   404      404       404   404     200   404      404
    results          302  404    404   404      404       404   404     403   404      404
judging:offline-confirm
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  404    404   404      404       404   404     404   404      404
    results          302  404    404   404      404       404   404     403   404      404
judging:declaration
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  404    404   404      404       404   404     200   404      404
    results          302  404    404   404      404       404   404     404   404      404
    submission POST  302  404    404   404      404       404   404     404   404      404
    judging POST     302  404    404   404      404       404   404     302   404      404
    results POST     302  404    404   404      404       404   404     403   404      404
judging:recuse
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      404       404   404     404   404      404
    judging POST     302  404    404   404      404       404   404     422   404      404
    results POST     302  404    404   404      404       404   404     403   404      404
judging:sheet
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  404    404   404      404       404   404     200   404      404
    results          302  404    404   404      404       404   404     200   404      404
judging:sheet-save-next
judging:sheet-submit
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      404       404   404     404   404      404
    judging POST     302  404    404   404      404       404   404     422   404      404
    results POST     302  404    404   404      404       404   404     422   404      404
judging:sheet-mark
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      404       404   404     404   404      404
    judging POST     302  404    404   404      404       404   404     302   404      404
    results POST     302  404    404   404      404       404   404     403   404      404
judging:sheet-autosave
    always           405  405    405   405      405       405   405     405   405      405
    submission POST  401  404    404   404      404       404   404     404   404      404
    judging POST     401  404    404   404      404       404   404     422   404      404
    results POST     401  404    404   404      404       404   404     422   404      404
judging:sheet-revise
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  404    404   404      404       404   404     403   404      404
    results          302  404    404   404      404       404   404     403   404      404
judging:sheet-attachment
judging:sheet-pdf
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  404    404   404      404       404   404     200   404      404
    results          302  404    404   404      404       404   404     200   404      404
judging:stage-list
judging:stage
    always           302  404    404   404      200       200   200     404   404      404
judging:panel-setup
judging:stage-open
judging:stage-setup
    submission       302  404    404   404      200       200   403     404   404      404
    judging          302  404    404   404      403       403   403     404   404      404
    results          302  404    404   404      403       403   403     404   404      404
judging:panelist-unseat
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      302       302   403     404   404      404
    judging POST     302  404    404   404      403       403   403     404   404      404
    results POST     302  404    404   404      403       403   403     404   404      404
judging:panelist-remind
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      403       403   403     404   404      404
    judging POST     302  404    404   404      302       302   403     404   404      404
    results POST     302  404    404   404      403       403   403     404   404      404
judging:entry-list
    always           302  404    404   404      200       200   200     404   404      404
judging:matrix-sheet
judging:matrix-upload
judging:matrix-confirm
    always           302  404    404   404      403       403   403     404   404      404
judging:stage-close
    submission       302  404    404   404      403       403   403     404   404      404
    judging          302  404    404   404      302       302   403     404   404      404
    results          302  404    404   404      403       403   403     404   404      404
judging:law-change
    submission       302  404    404   404      403       403   403     404   404      404
    judging          302  404    404   404      403       200   403     404   404      404
    results          302  404    404   404      403       403   403     404   404      404
judging:stage-reopen
judging:second-look
    submission       302  404    404   404      403       403   403     404   404      404
    judging          302  404    404   404      403       403   403     404   404      404
    results          302  404    404   404      403       200   403     404   404      404
judging:results-csv
    results POST     302  404    404   404      302       302   302     404   404      404
judging:results
judging:results-csv
judging:results-xlsx
    submission       302  404    404   404      403       403   403     404   404      404
    judging          302  404    404   404      403       403   403     404   404      404
    results          302  404    404   404      200       200   200     404   404      404
judging:bundle
judging:control-room
judging:robustness
judging:minutes
judging:minutes-paper
    submission       302  404    404   404      403       403   403     404   404      404
    judging          302  404    404   404      403       403   403     404   404      404
    results          302  404    404   404      200       200   200     404   404      404
judging:minutes-scan
judging:addendum-paper
judging:ranking-difference
    submission       302  404    404   404      403       403   403     404   404      404
    judging          302  404    404   404      403       403   403     404   404      404
    results          302  404    404   404      404       404   404     404   404      404
judging:minutes-scan-add
judging:addendum-add
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      403       403   403     404   404      404
    judging POST     302  404    404   404      403       403   403     404   404      404
    results POST     302  404    404   404      422       422   403     404   404      404
judging:publication-propose
    always           302  404    404   404      403       403   403     404   404      404
judging:publication-list
judging:objection-list
    always           302  404    404   404      200       200   200     404   404      404
judging:objection
judging:objection-evidence
    always           302  404    404   404      404       404   404     404   404      404
judging:objection-appoint
judging:objection-decide
    always           302  405    405   405      405       405   405     405   405      405
    results POST     302  404    404   404      404       404   404     404   404      404
judging:objection-make
    submission       404  404    404   404      404       404   404     404   404      404
    judging          404  404    404   404      404       404   404     404   404      404
    results          200  200    200   200      200       200   200     200   200      200
    results POST     403  422    422   422      403       403   403     403   403      403
judging:objection-follow
    always           404  404    404   404      404       404   404     404   404      404
judging:publication
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  404    404   404      404       404   404     404   404      404
    results          302  404    404   404      200       200   200     404   404      404
judging:publication-release
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  404    404   404      404       404   404     404   404      404
    results          302  404    404   404      403       403   403     404   404      404
judging:publication-withdraw
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  404    404   404      404       404   404     404   404      404
    results          302  404    404   404      403       302   403     404   404      404
judging:publication-photo
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  404    404   404      404       404   404     404   404      404
    results          302  404    404   404      200       200   200     404   404      404
judging:certificates-make
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      404       404   404     404   404      404
    judging POST     302  404    404   404      404       404   404     404   404      404
    results POST     302  404    404   404      302       302   302     404   404      404
judging:award-nominate
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  404    404   404      404       404   404     404   404      404
    results          302  404    404   404      200       200   403     404   404      404
judging:competition-publish
judging:stage-add
    always           302  404    404   404      200       200   403     404   404      404
judging:stage-remove
    submission       302  404    404   404      200       200   403     404   404      404
    judging          302  404    404   404      403       403   403     404   404      404
    results          302  404    404   404      403       403   403     404   404      404
judging:stage-move-up
judging:stage-move-down
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      422       422   403     404   404      404
    judging POST     302  404    404   404      403       403   403     404   404      404
    results POST     302  404    404   404      403       403   403     404   404      404
judging:panelist-relieve
judging:readings-fill
    submission       302  404    404   404      403       403   403     404   404      404
    judging          302  404    404   404      200       200   403     404   404      404
    results          302  404    404   404      403       403   403     404   404      404
judging:panel-vote
    submission       302  404    404   404      403       403   403     404   404      404
    judging          302  404    404   404      403       403   403     404   404      404
    results          302  404    404   404      403       404   403     404   404      404
judging:round-extend
    always           302  404    404   404      302       302   403     404   404      404
judging:round-extend-preview
    always           302  404    404   404      422       422   403     404   404      404
judging:visit
judging:visit-take-back
judging:visit-claim
judging:visit-photo
judging:reported-photo
    always           302  404    404   404      404       404   404     404   404      404
judging:visit-hand-in
judging:visit-photo-add
judging:visit-photo-remove
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      404       404   404     404   404      404
    judging POST     302  404    404   404      404       404   404     404   404      404
    results POST     302  404    404   404      404       404   404     404   404      404
judging:visit-autosave
    always           405  405    405   405      405       405   405     405   405      405
    submission POST  401  404    404   404      404       404   404     404   404      404
    judging POST     401  404    404   404      404       404   404     404   404      404
    results POST     401  404    404   404      404       404   404     404   404      404
judging:visit-list
judging:checklist
    always           302  404    404   404      404       404   404     404   404      404
judging:timetable
    always           302  404    404   404      200       200   200     404   404      404
judging:timetable-setup
    submission       302  404    404   404      200       200   403     404   404      404
    judging          302  404    404   404      200       200   403     404   404      404
    results          302  404    404   404      403       403   403     404   404      404
judging:timetable-swap
judging:timetable-release
judging:timetable-recall
    submission       302  404    404   404      404       404   403     404   404      404
    judging          302  404    404   404      404       404   403     404   404      404
    results          302  404    404   404      403       403   403     404   404      404
judging:timetable-paper
    always           302  404    404   404      404       404   404     404   404      404
judging:timetable-draft
judging:wish-add
judging:wish-remove
judging:absence-add
judging:absence-remove
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      404       404   403     404   404      404
    judging POST     302  404    404   404      404       404   403     404   404      404
    results POST     302  404    404   404      403       403   403     404   404      404
judging:slot-call
judging:slot-finish
judging:slot-skip
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      403       403   403     404   404      404
    judging POST     302  404    404   404      403       403   403     404   404      404
    results POST     302  404    404   404      403       403   403     404   404      404
judging:appearance
    submission       302  200    404   200      404       404   404     404   404      404
    judging          302  200    404   200      403       403   403     404   404      404
    results          302  200    404   200      403       403   403     404   404      404
judging:appearance-calendar
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  404    404   404      403       403   403     404   404      404
    results          302  404    404   404      403       403   403     404   404      404
judging:appearance-wish
judging:appearance-wish-remove
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      404       404   404     404   404      404
    judging POST     302  404    404   404      403       403   403     404   404      404
    results POST     302  404    404   404      403       403   403     404   404      404
judging:board
judging:board-calendar
    always           404  404    404   404      404       404   404     404   404      404
judging:public-results
    always           200  200    200   200      200       200   200     200   200      200
judging:checker
    always           200  200    200   200      200       200   200     200   200      200
judging:public-results-csv
judging:public-results-json
judging:public-proof
judging:public-bundle
judging:certificate
judging:certificate-pdf
judging:winner-photo
    submission       404  404    404   404      404       404   404     404   404      404
    judging          404  404    404   404      404       404   404     404   404      404
    results          200  200    200   200      200       200   200     200   200      200
"""
TABLE += seat_rows.ROWS + feedback_rows.ROWS + plenary_rows.ROWS


PRACTICE = "practice practice-sheet practice-recuse practice-submit"


def arguments(year: Year) -> dict[str, list[object]]:
    slug, stage = year.competition.slug, year.stage("desk")
    seat = stage.panel.get(user=year.people["judge"])
    own = Assignment.objects.filter(panelist=seat, entry__proposal=year.proposal).first()
    sheet = own.pk if own else 0
    award = Award.objects.filter(proposal=year.proposal).first()
    placed = Standing.objects.filter(
        ranking__stage__key="paparan", entry__proposal=year.proposal
    ).first()
    photo = year.proposal.attachments.get(slot__key="foto")
    found: dict[str, list[object]] = {
        "queue": [stage.pk],
        "own-scores": [stage.pk],
        **{name: [stage.pk] for name in PRACTICE.split()},
        "offline-workbook": [stage.pk],
        "offline-upload": [stage.pk],
        "offline-confirm": [stage.pk, 0],
        "competition-publish": [slug],
        "stage-add": [slug],
        "round-extend": [slug, stage.round_id],
        "round-extend-preview": [slug, stage.round_id],
        "sheet-attachment": [sheet, photo.sha256],
        "sheet-pdf": [sheet, "a4"],
        "stage-list": [slug],
        "matrix-sheet": [slug, stage.key],
        "matrix-upload": [slug, stage.key],
        "matrix-confirm": [slug, stage.key, 0],
        "panelist-unseat": [slug, stage.key, seat.pk],
        "panelist-remind": [slug, stage.key, seat.pk],
        "panelist-relieve": [slug, stage.key, seat.pk],
        "panel-setup": [slug, stage.key, "desk"],
        "panel-remove": [slug, stage.key, "desk"],
        "seat-answer": [seat.pk],
        "seat-decline": [seat.pk],
        "publication-propose": [slug, "paparan"],
        "publication-list": [slug],
        "publication-photo": [slug, 1, placed.pk if placed else 0],
        "award-nominate": [slug, 1, award.pk if award else 0],
        "bundle": [slug, stage.key, 1],
        "draft-move": [slug, stage.key, 1, "KIPP-1"],
        "control-room": [slug, stage.key],
        "robustness": [slug, stage.key],
        "minutes": [slug, stage.key],
        "minutes-paper": [slug, stage.key, 1, "docx"],
        "minutes-scan": [slug, stage.key, 0],
        "minutes-scan-add": [slug, stage.key, 1],
        "addendum-add": [slug, stage.key, 1],
        "addendum-paper": [slug, stage.key, 0, "pdf"],
        "checker": [],
        "public-proof": [slug],
        "public-bundle": [slug, "desk"],
        "public-results": [slug],
        "public-results-csv": [slug],
        "ranking-difference": [slug, stage.key, 1],
        "objection-list": [slug],
        "objection": [slug, 0],
        "objection-evidence": [slug, 0],
        "objection-appoint": [slug, 0],
        "objection-decide": [slug, 0],
        "objection-make": [slug],
        "objection-follow": ["TIDAK-ADA"],
        "public-results-json": [slug],
        "appearance-wish-remove": [year.proposal.pk, 0],
    }
    sheets = (
        "declaration recuse sheet sheet-save-next sheet-submit sheet-mark sheet-autosave "
        "sheet-revise"
    )
    stages = (
        "stage stage-setup panelist-seat stage-open entry-list stage-close stage-reopen "
        "results results-csv results-xlsx stage-remove stage-move-up stage-move-down "
        "readings-fill panel-vote second-look law-change draft-list conflict-list"
    )
    drafts = "draft draft-compare draft-adjust draft-discard draft-release"
    publications = "publication publication-release publication-withdraw certificates-make"
    public = "certificate certificate-pdf winner-photo"
    timetable = (
        "timetable timetable-setup timetable-swap timetable-release timetable-recall "
        "timetable-paper timetable-draft wish-add absence-add board board-calendar"
    )
    rows = "wish-remove absence-remove slot-call slot-finish slot-skip"
    visits = "visit visit-hand-in visit-autosave visit-take-back visit-photo-add"
    of_visit = "visit-claim visit-photo visit-photo-remove reported-photo"
    found |= {name: [sheet] for name in visits.split()}
    found |= {name: [sheet, 0] for name in of_visit.split()}
    found |= {name: [slug, stage.key] for name in ("visit-list", "checklist")}
    appearance = "appearance appearance-calendar appearance-wish"
    found |= {name: [slug, "paparan"] for name in timetable.split()}
    found |= {name: [slug, "paparan", 0] for name in rows.split()}
    found |= {name: [year.proposal.pk] for name in appearance.split()}
    found |= {name: [sheet] for name in sheets.split()}
    found |= {name: [slug, stage.key] for name in stages.split()}
    found |= {name: [slug, stage.key, 1] for name in drafts.split()}
    found |= {name: [slug, 1] for name in publications.split()}
    found |= {name: [award.code if award else "TIDAK-ADA"] for name in public.split()}
    found |= feedback_rows.arguments(year) | plenary_rows.arguments(year)
    return {f"judging:{name}": values for name, values in found.items()}
