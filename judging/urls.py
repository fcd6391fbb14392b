from __future__ import annotations

from django.urls import path

from judging.views import (
    closing,
    control,
    desk,
    filling,
    law_changes,
    lineup,
    matrix,
    minutes,
    objections,
    offline,
    own,
    practice,
    presentations,
    presenting,
    proof,
    public,
    publications,
    robustness,
    rounds,
    second_look,
    setup,
    sheet,
    stages,
    timetable,
)

app_name = "judging"

SHEET = "juri/lembar/<int:pk>/"
COMPETITION = "kompetisi/<slug:slug>/"
ROUND = f"{COMPETITION}panitia/tahapan/<int:pk>/perpanjang/"
STAGES = f"{COMPETITION}panitia/tahap/"
STAGE = f"{STAGES}<slug:key>/"
MINUTES = f"{STAGE}berita-acara/"
TIMETABLE = f"{STAGE}jadwal/"
SLOT = f"{TIMETABLE}slot/<int:pk>/"
APPEARANCE = "proposal/<int:pk>/jadwal/"
PUBLICATIONS = f"{COMPETITION}panitia/hasil/"
OBJECTIONS = f"{COMPETITION}panitia/sanggahan/"
OBJECTION = f"{OBJECTIONS}<int:pk>/"
PUBLICATION = f"{PUBLICATIONS}<int:number>/"
CERTIFICATE = "sertifikat/<slug:code>/"

urlpatterns = [
    # Judges
    path("juri/", desk.desk, name="desk"),
    path("juri/tahap/<int:pk>/", desk.queue, name="queue"),
    path("juri/tahap/<int:pk>/sebaran/", own.own_scores, name="own-scores"),
    path("juri/tahap/<int:pk>/lembar.xlsx", offline.workbook, name="offline-workbook"),
    path("juri/tahap/<int:pk>/unggah/", offline.upload, name="offline-upload"),
    path("juri/tahap/<int:pk>/unggah/<int:sheet>/", offline.confirm, name="offline-confirm"),
    path("juri/coba/<int:pk>/", practice.declaration, name="practice"),
    path("juri/coba/<int:pk>/benturan/", practice.recuse, name="practice-recuse"),
    path("juri/coba/<int:pk>/lembar/", practice.sheet, name="practice-sheet"),
    path("juri/coba/<int:pk>/lembar/kirim/", practice.submit, name="practice-submit"),
    path(f"{SHEET}pernyataan/", desk.declaration, name="declaration"),
    path(f"{SHEET}benturan/", desk.recuse, name="recuse"),
    path(SHEET, sheet.sheet, name="sheet"),
    path(f"{SHEET}simpan-lanjut/", sheet.save_next, name="sheet-save-next"),
    path(f"{SHEET}kirim/", sheet.submit, name="sheet-submit"),
    path(f"{SHEET}simpan-otomatis/", sheet.autosave, name="sheet-autosave"),
    path(f"{SHEET}tandai/", sheet.mark, name="sheet-mark"),
    path(f"{SHEET}ubah/", sheet.revise, name="sheet-revise"),
    path(f"{SHEET}cetak/<slug:size>.pdf", sheet.paper, name="sheet-pdf"),
    path(f"{SHEET}berkas/<str:sha256>/", sheet.attachment, name="sheet-attachment"),
    # Committee
    path(ROUND, rounds.extend, name="round-extend"),
    path(f"{ROUND}periksa/", rounds.extend_preview, name="round-extend-preview"),
    path(f"{COMPETITION}panitia/terbitkan/", lineup.publish, name="competition-publish"),
    path(f"{COMPETITION}panitia/tahap-baru/", lineup.stage_add, name="stage-add"),
    path(STAGES, stages.stage_list, name="stage-list"),
    path(STAGE, stages.stage_page, name="stage"),
    path(f"{STAGE}atur/", setup.setup, name="stage-setup"),
    path(f"{STAGE}hapus/", lineup.stage_remove, name="stage-remove"),
    path(f"{STAGE}naik/", lineup.move_up, name="stage-move-up"),
    path(f"{STAGE}turun/", lineup.move_down, name="stage-move-down"),
    path(f"{STAGE}juri/", setup.seat, name="panelist-seat"),
    path(f"{STAGE}juri/<int:pk>/keluar/", setup.unseat, name="panelist-unseat"),
    path(f"{STAGE}juri/<int:pk>/ingatkan/", stages.remind, name="panelist-remind"),
    path(f"{STAGE}buka/", setup.open_stage, name="stage-open"),
    path(f"{STAGE}peserta/", stages.entry_list, name="entry-list"),
    path(f"{STAGE}lengkapi/", filling.fill, name="readings-fill"),
    path(f"{STAGE}matriks.xlsx", matrix.empty_matrix, name="matrix-sheet"),
    path(f"{STAGE}matriks/", matrix.upload, name="matrix-upload"),
    path(f"{STAGE}matriks/<int:sheet>/", matrix.confirm, name="matrix-confirm"),
    path(f"{STAGE}tutup/", closing.close, name="stage-close"),
    path(f"{STAGE}buka-kembali/", closing.reopen, name="stage-reopen"),
    path(f"{STAGE}suara/", closing.vote, name="panel-vote"),
    path(f"{STAGE}hasil/", closing.results, name="results"),
    path(f"{STAGE}hasil.csv", closing.results_csv, name="results-csv"),
    path(f"{STAGE}hasil.xlsx", closing.results_xlsx, name="results-xlsx"),
    path(f"{STAGE}bukti-v<int:version>.zip", proof.bundle, name="bundle"),
    path(f"{STAGE}ruang-kendali/", control.control_room, name="control-room"),
    path(f"{STAGE}ubah-hukum/", law_changes.change_law, name="law-change"),
    path(f"{STAGE}ketahanan/", robustness.robustness, name="robustness"),
    path(f"{STAGE}pembacaan-kedua/", second_look.second_look, name="second-look"),
    path(MINUTES, minutes.minutes, name="minutes"),
    path(f"{MINUTES}v<int:version>.<slug:ending>", minutes.minutes_paper, name="minutes-paper"),
    path(f"{MINUTES}v<int:version>/pindaian/", minutes.add_scan, name="minutes-scan-add"),
    path(f"{MINUTES}v<int:version>/selisih/", minutes.difference, name="ranking-difference"),
    path(f"{MINUTES}v<int:version>/adendum/", minutes.add_addendum, name="addendum-add"),
    path(f"{MINUTES}adendum/<int:pk>.<slug:ending>", minutes.addendum_paper, name="addendum-paper"),
    path(f"{MINUTES}pindaian/<int:pk>/", minutes.scan, name="minutes-scan"),
    path(TIMETABLE, timetable.page, name="timetable"),
    path(f"{TIMETABLE}atur/", timetable.setup, name="timetable-setup"),
    path(f"{TIMETABLE}susun/", timetable.draft, name="timetable-draft"),
    path(f"{TIMETABLE}permintaan/", timetable.add_wish, name="wish-add"),
    path(f"{TIMETABLE}permintaan/<int:pk>/hapus/", timetable.remove_wish, name="wish-remove"),
    path(f"{TIMETABLE}halangan/", timetable.add_absence, name="absence-add"),
    path(f"{TIMETABLE}halangan/<int:pk>/hapus/", timetable.remove_absence, name="absence-remove"),
    path(f"{TIMETABLE}tukar/", presenting.swap, name="timetable-swap"),
    path(f"{TIMETABLE}rilis/", presenting.release, name="timetable-release"),
    path(f"{TIMETABLE}tarik/", presenting.recall, name="timetable-recall"),
    path(f"{TIMETABLE}cetak/", presenting.paper, name="timetable-paper"),
    path(f"{SLOT}panggil/", presenting.call, name="slot-call"),
    path(f"{SLOT}selesai/", presenting.finish, name="slot-finish"),
    path(f"{SLOT}lewati/", presenting.skip, name="slot-skip"),
    path(f"{STAGE}usulkan/", publications.propose, name="publication-propose"),
    path(PUBLICATIONS, publications.publication_list, name="publication-list"),
    path(PUBLICATION, publications.publication_page, name="publication"),
    path(f"{PUBLICATION}rilis/", publications.release, name="publication-release"),
    path(f"{PUBLICATION}tarik/", publications.withdraw, name="publication-withdraw"),
    path(f"{PUBLICATION}sertifikat.zip", publications.certificates_zip, name="certificates-zip"),
    path(f"{PUBLICATION}foto/<int:pk>/", publications.photo, name="publication-photo"),
    path(f"{PUBLICATION}usul/<int:pk>/", publications.nominate, name="award-nominate"),
    path(OBJECTIONS, objections.objection_list, name="objection-list"),
    path(OBJECTION, objections.objection_page, name="objection"),
    path(f"{OBJECTION}petugas/", objections.appoint, name="objection-appoint"),
    path(f"{OBJECTION}jawaban/", objections.decide, name="objection-decide"),
    path(f"{OBJECTION}bukti/", objections.evidence, name="objection-evidence"),
    # Teams
    path(APPEARANCE, presentations.own, name="appearance"),
    path(f"{APPEARANCE}permintaan/", presentations.wish, name="appearance-wish"),
    path(
        f"{APPEARANCE}permintaan/<int:number>/hapus/",
        presentations.withdraw_wish,
        name="appearance-wish-remove",
    ),
    path(f"{APPEARANCE}kalender.ics", presentations.own_calendar, name="appearance-calendar"),
    # Everybody
    path(f"{COMPETITION}jadwal/<slug:key>/", presentations.board, name="board"),
    path(f"{COMPETITION}jadwal/<slug:key>.ics", presentations.calendar, name="board-calendar"),
    path(f"{COMPETITION}sanggahan/", objections.make, name="objection-make"),
    path("sanggahan/<slug:code>/", objections.follow, name="objection-follow"),
    path(f"{COMPETITION}hasil/", public.results, name="public-results"),
    path(f"{COMPETITION}hasil.csv", public.results_csv, name="public-results-csv"),
    path(f"{COMPETITION}hasil.json", public.results_json, name="public-results-json"),
    path(f"{COMPETITION}hasil/periksa/", proof.public_page, name="public-proof"),
    path(f"{COMPETITION}hasil/periksa/<slug:key>.zip", proof.public_bundle, name="public-bundle"),
    path("verifikasi/peringkat/periksa_peringkat.py", proof.checker, name="checker"),
    path(CERTIFICATE, public.certificate, name="certificate"),
    path(f"{CERTIFICATE}sertifikat.pdf", public.certificate_pdf, name="certificate-pdf"),
    path(f"{CERTIFICATE}foto/", public.photo, name="winner-photo"),
]
