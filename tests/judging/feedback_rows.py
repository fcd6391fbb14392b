"""Rows of `url_table`: feedback to authors, and the minutes as a judge reads and signs them."""

from __future__ import annotations

from tests.small_year import Year

ROWS = """
judging:minutes-sign
judging:minutes-read
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  404    404   404      404       404   404     404   404      404
    results          302  404    404   404      404       404   404     200   404      404
judging:minutes-code
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      404       404   404     404   404      404
    judging POST     302  404    404   404      404       404   404     404   404      404
    results POST     302  404    404   404      404       404   404     302   404      404
judging:feedback-review
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  404    404   404      404       404   404     404   404      404
    results          302  404    404   404      403       200   403     404   404      404
judging:feedback-prepare
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      404       404   404     404   404      404
    judging POST     302  404    404   404      404       404   404     404   404      404
    results POST     302  404    404   404      403       302   403     404   404      404
judging:feedback-release
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      404       404   404     404   404      404
    judging POST     302  404    404   404      404       404   404     404   404      404
    results POST     302  404    404   404      403       404   403     404   404      404
judging:feedback-make
    always           302  405    405   405      405       405   405     405   405      405
    submission POST  302  404    404   404      404       404   404     404   404      404
    judging POST     302  404    404   404      404       404   404     404   404      404
    results POST     302  404    404   404      403       404   403     404   404      404
judging:feedback
    submission       302  200    404   200      404       404   404     404   404      404
    judging          302  200    404   200      403       403   403     404   404      404
    results          302  200    404   200      403       403   403     404   404      404
judging:feedback-pdf
    submission       302  404    404   404      404       404   404     404   404      404
    judging          302  404    404   404      403       403   403     404   404      404
    results          302  404    404   404      403       403   403     404   404      404
"""


def arguments(year: Year) -> dict[str, list[object]]:
    stage, slug = year.stage("desk"), year.competition.slug
    sheets = "feedback-review feedback-prepare feedback-release feedback-make"
    return {
        **{name: [stage.pk] for name in ("minutes-sign", "minutes-read", "minutes-code")},
        **{name: [slug, 1] for name in sheets.split()},
        **{name: [year.proposal.pk] for name in ("feedback", "feedback-pdf")},
    }
