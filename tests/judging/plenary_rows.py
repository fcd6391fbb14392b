"""Rows of `url_table`: namesakes, the forecast, scorecards after the close, and the plenary.

The year holds no plenary, and the stage after this one was opened.
"""

from __future__ import annotations

from tests.small_year import Year

ROWS = """
judging:namesake-dismiss
judging:namesake-restore
    submission       302  404    404   404      404       404   403     404   404      404
    judging          302  404    404   404      404       404   403     404   404      404
    results          302  404    404   404      403       403   403     404   404      404
judging:forecast
    submission       302  404    404   404      403       403   403     404   404      404
    judging          302  404    404   404      200       200   200     404   404      404
    results          302  404    404   404      403       403   403     404   404      404
judging:chase-all
    always           302  405    405   405      405       405   405     405   405      405
    judging POST     302  404    404   404      302       302   403     404   404      404
    results POST     302  404    404   404      403       403   403     404   404      404
judging:scorecards
judging:plenary
    submission       302  404    404   404      403       403   403     404   404      404
    judging          302  404    404   404      403       403   403     404   404      404
    results          302  404    404   404      200       200   200     404   404      404
judging:plenary-convene
    always           302  405    405   405      405       405   405     405   405      405
    judging POST     302  404    404   404      403       403   403     404   404      404
    results POST     302  404    404   404      422       422   403     404   404      404
judging:plenary-end
judging:plenary-confirm
judging:plenary-call
    always           302  405    405   405      405       405   405     405   405      405
    judging POST     302  404    404   404      403       403   403     404   404      404
    results POST     302  404    404   404      404       404   403     404   404      404
judging:plenary-withdraw
    always           302  405    405   405      405       405   405     405   405      405
    judging POST     302  404    404   404      403       403   403     404   404      404
    results POST     302  404    404   404      403       404   403     404   404      404
judging:plenary-move
    submission       302  404    404   404      403       403   403     404   404      404
    judging          302  404    404   404      403       403   403     404   404      404
    results          302  404    404   404      403       404   403     404   404      404
judging:plenary-seat
    always           302  404    404   404      404       404   404     404   404      404
"""


def arguments(year: Year) -> dict[str, list[object]]:
    slug, stage = year.competition.slug, year.stage("desk")
    rows = "plenary-call plenary-withdraw plenary-move"
    pages = "forecast chase-all plenary plenary-convene plenary-end plenary-confirm"
    read = stage.entries.filter(proposal=year.proposal).first()
    return {
        "scorecards": [slug, stage.key, read.pk if read else 0],
        "plenary-seat": [stage.pk],
        "namesake-dismiss": [slug, stage.key, 0, "KIPP-1"],
        "namesake-restore": [slug, stage.key, 0, "KIPP-1"],
        **{name: [slug, stage.key] for name in pages.split()},
        **{name: [slug, stage.key, 1] for name in rows.split()},
    }
