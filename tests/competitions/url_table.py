"""Who gets what at the addresses of competitions: the ticket is that of the author's unit."""

from __future__ import annotations

from io import BytesIO

from competitions.models import Announcement, Material
from kipp.lib.files import store_file
from tests.small_year import Year

TABLE = """
                     anon author other endorser organizer chair auditor judge outsider sysadmin
competitions:competition-page
competitions:competition-calendar
competitions:workshop-page
    always           200  200    200   200      200       200   200     200   200      200
competitions:workshop-sign-up
    always           302  405    405   405      405       405   405     405   405      405
    always POST      302  422    422   422      403       403   403     403   403      403
competitions:attendee-ticket
    always           302  200    404   200      200       200   200     404   404      404
competitions:attendee-cancel
    always           302  200    404   200      403       403   403     404   404      404
competitions:material-file
    always           200  200    200   200      200       200   200     200   200      200
competitions:setup-overview
competitions:setup-form
competitions:reminder-list
    always           302  403    403   403      200       200   200     403   403      403
competitions:setup-facts
    always           302  403    403   403      200       200   403     403   403      403
competitions:competition-archive
    always           302  403    403   403      403       200   403     403   403      403
competitions:part-add
competitions:part-add-below
competitions:part-change
competitions:part-remove
    always           302  403    403   403      200       200   403     403   403      403
competitions:part-move-up
competitions:part-move-down
    always           302  405    405   405      405       405   405     405   405      405
    always POST      302  403    403   403      422       422   403     403   403      403
competitions:announcement-list
    always           302  403    403   403      200       200   200     403   403      403
competitions:announcement-add
competitions:announcement-change
competitions:announcement-remove
competitions:hook
competitions:hook-remove
    always           302  403    403   403      200       200   403     403   403      403
competitions:seat-list
    always           302  403    403   403      200       200   200     403   403      403
competitions:seat-add
    always           302  405    405   405      405       405   405     405   405      405
    always POST      302  403    403   403      403       422   403     403   403      403
competitions:seat-remove
    always           302  403    403   403      403       200   403     403   403      403
competitions:workshop-list
competitions:attendance-list
competitions:attendance-csv
    always           302  403    403   403      200       200   200     403   403      403
competitions:material-add
competitions:material-remove
competitions:attendee-mark
    always           302  403    403   403      200       200   403     403   403      403
competitions:attendee-unmark
    always           302  405    405   405      405       405   405     405   405      405
    always POST      302  403    403   403      302       302   403     403   403      403
"""


def arguments(year: Year) -> dict[str, list[object]]:
    """What stands in each address after the slug."""
    workshop, track = year.attendee.workshop, year.competition.tracks.get()
    seat = year.competition.committee.get(role="auditor")
    news, material = announcement(year), file_of(year)
    after_slug: dict[str, list[object]] = {
        "workshop-page": [workshop.pk],
        "workshop-sign-up": [workshop.pk],
        "material-file": [material.pk],
        "material-remove": [material.pk],
        "material-add": [workshop.pk],
        "attendee-ticket": [year.attendee.ticket],
        "attendee-cancel": [year.attendee.ticket],
        "attendee-mark": [year.attendee.ticket],
        "attendee-unmark": [year.attendee.ticket],
        "part-add": ["kelompok"],
        "part-add-below": ["bagian", track.pk],
        "part-change": ["kelompok", track.pk],
        "part-remove": ["kelompok", track.pk],
        "part-move-up": ["kelompok", track.pk],
        "part-move-down": ["kelompok", track.pk],
        "announcement-change": [news.pk],
        "announcement-remove": [news.pk],
        "seat-remove": [seat.pk],
        "attendance-list": [workshop.pk],
        "attendance-csv": [workshop.pk],
    }
    bare = (
        "competition-page competition-calendar setup-overview setup-form setup-facts "
        "competition-archive announcement-list announcement-add "
        "seat-list seat-add workshop-list reminder-list hook hook-remove"
    )
    slug = year.competition.slug
    return {
        f"competitions:{name}": [slug, *after_slug.get(name, [])]
        for name in [*after_slug, *bare.split()]
    }


def announcement(year: Year) -> Announcement:
    return Announcement.objects.create(
        competition=year.competition, title="Kabar", body="Isi", published_at=year.at
    )


def file_of(year: Year) -> Material:
    stored = store_file(BytesIO(b"%PDF-1.7"))
    return Material.objects.create(
        workshop=year.attendee.workshop,
        title="Bahan",
        file_name="bahan.pdf",
        media_type="application/pdf",
        sha256=stored.sha256,
        size=stored.size,
    )
