"""Who gets what at the portal's own addresses and at the door of the administration."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import Job, Message
from accounts.services import ask_job
from competitions.models import ReminderRule
from tests.small_year import Year

JOB_PAGES = ("job", "job-cancel", "job-file")
TABLE = """
                     anon author other endorser organizer chair auditor judge outsider sysadmin
home
    always           200  200    200   200      200       200   200     200   200      200
dashboard
    always           302  200    200   200      200       200   200     200   200      200
health-process
health-readiness
    always           200  200    200   200      200       200   200     200   200      200
edition-clone
    always           302  403    403   403      200       200   403     403   403      403
edition-clone-preview
    always           302  403    403   403      422       422   403     403   403      403
mail-correct
    always           302  403    403   403      200       200   403     403   403      403
mail-log
reminder-preview
    always           302  403    403   403      200       200   200     403   403      403
next-level
next-level-file
    submission       302  200    404   200      404       404   404     404   404      404
    judging          302  200    404   200      200       200   200     404   404      404
    results          302  200    404   200      200       200   200     404   404      404
job-list
    always           302  200    200   200      200       200   200     200   200      200
job
    always           302  404    404   404      200       404   404     404   404      404
job-file
    always           302  404    404   404      404       404   404     404   404      404
job-cancel
    always           302  405    405   405      405       405   405     405   405      405
    always POST      302  404    404   404      302       404   404     404   404      404
admin:index
    always           302  302    302   302      302       302   302     302   302      200
set_language
    always           302  302    302   302      302       302   302     302   302      302
"""


def arguments(year: Year) -> dict[str, list[object]]:
    slug, pk = year.competition.slug, year.proposal.pk
    form = ["kipp-nasional-2023", "umum", "json"]
    of_proposal: dict[str, list[object]] = {"next-level": [pk], "next-level-file": [pk, *form]}
    rule = ReminderRule.objects.filter(round__competition=year.competition)[0]
    of_competition: dict[str, list[object]] = {
        "mail-log": [slug],
        "mail-correct": [slug, failed_mail(year).pk],
        "edition-clone": [slug],
        "edition-clone-preview": [slug],
        "reminder-preview": [slug, rule.pk],
    }
    asked: list[object] = [waiting_job(year).pk]
    return of_proposal | of_competition | dict.fromkeys(JOB_PAGES, asked)


def waiting_job(year: Year) -> Job:
    """Asked for by the organizer."""
    competition, by = year.competition, year.people["organizer"]
    subject = {"competition": competition.pk}
    return ask_job("letters", subject, about=competition.name, by=by, at=timezone.now())


def failed_mail(year: Year) -> Message:
    return Message.objects.create(
        kind="test",
        dedupe_key="test:failed",
        recipient=year.people["author"],
        to_email="salah@demo.example",
        edition=year.competition.pk,
        status=Message.Status.FAILED,
        created_at=year.at,
        due_at=year.at,
    )
