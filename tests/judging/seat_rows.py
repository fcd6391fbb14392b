"""Rows of `url_table`: panels, seats and drafts of who reads what."""

from __future__ import annotations

ROWS = """
judging:panel-remove
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      404       404   403     404   404      404
    judging POST     302  404    404   404      403       403   403     404   404      404
    results POST     302  404    404   404      403       403   403     404   404      404
judging:seat-answer
    submission       302  404    404   404      404       404   404     200   404      404
    judging          302  404    404   404      404       404   404     404   404      404
    results          302  404    404   404      404       404   404     404   404      404
judging:seat-decline
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      404       404   404     422   404      404
    judging POST     302  404    404   404      404       404   404     404   404      404
    results POST     302  404    404   404      404       404   404     404   404      404
judging:panelist-seat
    submission       302  404    404   404      200       200   403     404   404      404
    judging          302  404    404   404      403       403   403     404   404      404
    results          302  404    404   404      403       403   403     404   404      404
    submission POST  302  404    404   404      422       422   403     404   404      404
    judging POST     302  404    404   404      403       403   403     404   404      404
    results POST     302  404    404   404      403       403   403     404   404      404
judging:draft-list
judging:conflict-list
    submission       302  404    404   404      200       200   403     404   404      404
    judging          302  404    404   404      200       200   403     404   404      404
    results          302  404    404   404      403       403   403     404   404      404
judging:draft
judging:draft-compare
judging:draft-move
judging:draft-release
    submission       302  404    404   404      404       404   403     404   404      404
    judging          302  404    404   404      404       404   403     404   404      404
    results          302  404    404   404      403       403   403     404   404      404
judging:draft-adjust
judging:draft-discard
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      404       404   403     404   404      404
    judging POST     302  404    404   404      404       404   403     404   404      404
    results POST     302  404    404   404      403       403   403     404   404      404
"""
