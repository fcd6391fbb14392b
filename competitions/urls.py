from __future__ import annotations

from django.urls import path

from competitions.views import (
    attendance,
    committee,
    hooks,
    ordering,
    public,
    reminders,
    setup,
    workshop,
)

app_name = "competitions"

PAGE = "kompetisi/<slug:slug>/"
BOARD = f"{PAGE}panitia/"

urlpatterns = [
    path(PAGE, public.competition_page, name="competition-page"),
    path(f"{PAGE}kalender.ics", public.calendar, name="competition-calendar"),
    path(f"{PAGE}lokakarya/<int:pk>/", workshop.page, name="workshop-page"),
    path(f"{PAGE}lokakarya/<int:pk>/daftar/", workshop.sign_up, name="workshop-sign-up"),
    path(f"{PAGE}lokakarya/tiket/<slug:ticket>/", workshop.ticket, name="attendee-ticket"),
    path(f"{PAGE}lokakarya/tiket/<slug:ticket>/batal/", workshop.cancel, name="attendee-cancel"),
    path(f"{PAGE}lokakarya/bahan/<int:pk>/", workshop.material, name="material-file"),
    path(BOARD, setup.overview, name="setup-overview"),
    path(f"{BOARD}formulir/", setup.form_parts, name="setup-form"),
    path(f"{BOARD}data/", setup.facts, name="setup-facts"),
    path(f"{BOARD}arsipkan/", setup.archive, name="competition-archive"),
    path(f"{BOARD}atur/<str:kind>/tambah/", setup.part_add, name="part-add"),
    path(f"{BOARD}atur/<str:kind>/tambah/<int:parent_pk>/", setup.part_add, name="part-add-below"),
    path(f"{BOARD}atur/<str:kind>/<int:pk>/", setup.part_change, name="part-change"),
    path(f"{BOARD}atur/<str:kind>/<int:pk>/hapus/", setup.part_remove, name="part-remove"),
    path(f"{BOARD}atur/<str:kind>/<int:pk>/naik/", ordering.move_up, name="part-move-up"),
    path(f"{BOARD}atur/<str:kind>/<int:pk>/turun/", ordering.move_down, name="part-move-down"),
    path(f"{BOARD}pengingat/", reminders.reminder_list, name="reminder-list"),
    path(f"{BOARD}webhook/", hooks.change, name="hook"),
    path(f"{BOARD}webhook/hapus/", hooks.remove, name="hook-remove"),
    path(f"{BOARD}pengumuman/", committee.announcements, name="announcement-list"),
    path(f"{BOARD}pengumuman/tambah/", committee.announcement_add, name="announcement-add"),
    path(f"{BOARD}pengumuman/<int:pk>/", committee.announcement_change, name="announcement-change"),
    path(
        f"{BOARD}pengumuman/<int:pk>/hapus/",
        committee.announcement_remove,
        name="announcement-remove",
    ),
    path(f"{BOARD}anggota/", committee.seats, name="seat-list"),
    path(f"{BOARD}anggota/tambah/", committee.seat_add, name="seat-add"),
    path(f"{BOARD}anggota/<int:pk>/hapus/", committee.seat_remove, name="seat-remove"),
    path(f"{BOARD}lokakarya/", attendance.workshops, name="workshop-list"),
    path(f"{BOARD}lokakarya/<int:pk>/hadir/", attendance.attendance, name="attendance-list"),
    path(f"{BOARD}lokakarya/<int:pk>/hadir.csv", attendance.attendance_csv, name="attendance-csv"),
    path(f"{BOARD}lokakarya/<int:pk>/bahan/", attendance.material_add, name="material-add"),
    path(
        f"{BOARD}lokakarya/bahan/<int:pk>/hapus/",
        attendance.material_remove,
        name="material-remove",
    ),
    path(f"{BOARD}hadir/<slug:ticket>/", attendance.mark, name="attendee-mark"),
    path(f"{BOARD}hadir/<slug:ticket>/batal/", attendance.unmark, name="attendee-unmark"),
]
