from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from proposals.models.innovation import innovation_number
from proposals.views import (
    attachments,
    board,
    claims,
    endorser,
    imports,
    journey,
    letters,
    lines,
    merging,
    outcome,
    paper,
    receipts,
    register,
    revisions,
    screening,
    sending,
    similar,
    standing,
    unit,
    uploads,
    writing,
)

app_name = "proposals"


class InnovationNumber:
    """`INOV-000123` in an address."""

    regex = "INOV-[0-9]{6,9}"

    def to_python(self, value: str) -> int:
        return int(value.removeprefix("INOV-"))

    def to_url(self, value: int) -> str:
        return innovation_number(value)


register_converter(InnovationNumber, "inov")

PROPOSAL = "proposal/<int:pk>/"
COMMITTEE = "kompetisi/<slug:slug>/panitia/proposal/"

# The two lists of a draft have the same pages.
LISTS = (("dampak", "claim"), ("tim", "member"))
LINES = (
    ("", lines.list_lines, "list"),
    ("<int:line_id>/", lines.edit_line, "edit"),
    ("<int:line_id>/hapus/", lines.remove_line, "remove"),
    ("<int:line_id>/naik/", lines.move_line_up, "move-up"),
    ("<int:line_id>/turun/", lines.move_line_down, "move-down"),
)

urlpatterns: list[URLPattern] = [
    path("inovasi/", unit.list_innovations, name="innovation-list"),
    path("inovasi/daftar.<str:form>", unit.export_list, name="proposal-list-file"),
    path("inovasi-daerah/", register.search, name="register"),
    path("inovasi-daerah/impor/", imports.upload_history, name="history-import"),
    path("inovasi-daerah/impor/<int:pk>/", imports.confirm_history, name="history-confirm"),
    path("inovasi-daerah/impor/contoh.<str:form>", imports.history_example, name="history-example"),
    path("inovasi-daerah/<inov:pk>/", register.show_entry, name="register-entry"),
    path(
        "inovasi-daerah/<inov:pk>/foto/<int:submission_id>/",
        register.show_photo,
        name="register-photo",
    ),
    path("inovasi/baru/", unit.register_innovation, name="innovation-new"),
    path("proposal/mulai/<slug:slug>/", unit.start_proposal, name="proposal-start"),
    path("proposal/mulai/<slug:slug>/baru/", unit.enter_innovation, name="innovation-enter"),
    path("proposal/impor/<slug:slug>/", imports.upload_proposals, name="import-upload"),
    path("proposal/impor/<slug:slug>/<int:pk>/", imports.confirm_proposals, name="import-confirm"),
    path("proposal/impor/<slug:slug>/<slug:key>.xlsx", imports.empty_sheet, name="import-sheet"),
    path("proposal/pengesahan/", endorser.show_queue, name="endorsement-queue"),
    path("proposal/pengesahan/sahkan/", endorser.submit_pile, name="endorsement-pile"),
    path(PROPOSAL, unit.show_proposal, name="proposal-page"),
    path(f"{PROPOSAL}data/", unit.edit_header, name="header-edit"),
    path(f"{PROPOSAL}bagian/<slug:key>/", writing.edit_section, name="section-edit"),
    path(f"{PROPOSAL}bagian/<slug:key>/simpan/", writing.autosave_section, name="section-autosave"),
    path(f"{PROPOSAL}bagian/<slug:key>/bandingkan/", merging.compare_texts, name="section-compare"),
    path(f"{PROPOSAL}bagian/<slug:key>/riwayat/", revisions.list_sittings, name="section-history"),
    path(
        f"{PROPOSAL}bagian/<slug:key>/riwayat/<int:version>/",
        revisions.show_revision,
        name="section-revision",
    ),
    path(
        f"{PROPOSAL}bagian/<slug:key>/riwayat/<int:version>/pulihkan/",
        revisions.restore_revision,
        name="revision-restore",
    ),
    path(f"{PROPOSAL}lampiran/", attachments.list_attachments, name="attachment-list"),
    path(
        f"{PROPOSAL}lampiran/unggah/<slug:key>/",
        attachments.upload_attachment,
        name="attachment-upload",
    ),
    path(
        f"{PROPOSAL}lampiran/unggah/<slug:key>/bertahap/",
        uploads.begin_upload,
        name="upload-begin",
    ),
    path(f"{PROPOSAL}lampiran/bertahap/<uuid:upload_key>/", uploads.carry_on, name="upload-parts"),
    path(
        f"{PROPOSAL}lampiran/bertahap/<uuid:upload_key>/selesai/",
        uploads.finish_upload,
        name="upload-finish",
    ),
    path(
        f"{PROPOSAL}lampiran/bertahap/<uuid:upload_key>/hapus/",
        uploads.drop_upload,
        name="upload-drop",
    ),
    path(
        f"{PROPOSAL}lampiran/<int:attachment_id>/",
        attachments.show_attachment,
        name="attachment-file",
    ),
    path(
        f"{PROPOSAL}lampiran/<int:attachment_id>/kecil/",
        attachments.show_thumbnail,
        name="attachment-thumbnail",
    ),
    path(
        f"{PROPOSAL}lampiran/<int:attachment_id>/hapus/",
        attachments.remove_attachment,
        name="attachment-remove",
    ),
    path(f"{PROPOSAL}surat-seleksi/", outcome.download_letter, name="decision-letter"),
    path(f"{PROPOSAL}mirip/", similar.show_similar, name="similar"),
    *(
        path(f"{PROPOSAL}{word}/{route}", view, {"kind": kind}, name=f"{kind}-{verb}")
        for word, kind in LISTS
        for route, view, verb in LINES
    ),
    path(f"{PROPOSAL}surat/", letters.list_letters, name="letter-list"),
    path(f"{PROPOSAL}surat/<slug:key>.<str:form>", letters.download_letter, name="letter-file"),
    path(f"{PROPOSAL}cetak/<slug:size>.pdf", paper.download_paper, name="proposal-pdf"),
    path(f"{PROPOSAL}berkas.zip", paper.download_dossier, name="proposal-dossier"),
    path(f"{PROPOSAL}periksa/", sending.check_proposal, name="proposal-check"),
    path(f"{PROPOSAL}kirim/", sending.send_proposal, name="proposal-send"),
    path(f"{PROPOSAL}kirim-perbaikan/", sending.resubmit_proposal, name="proposal-resubmit"),
    path(f"{PROPOSAL}ambil-kembali/", sending.recall_proposal, name="proposal-recall"),
    path(f"{PROPOSAL}tarik/", sending.withdraw_proposal, name="proposal-withdraw"),
    path(f"{PROPOSAL}pengesahan/", endorser.show_for_endorsement, name="endorsement-page"),
    path(f"{PROPOSAL}pengesahan/sahkan/", endorser.submit_proposal, name="endorsement-submit"),
    path(f"{PROPOSAL}pengesahan/dibaca/", endorser.mark_read, name="endorsement-read"),
    path(f"{PROPOSAL}pengesahan/kembalikan/", endorser.return_proposal, name="endorsement-return"),
    path(f"{PROPOSAL}kuasa/", standing.give_authorisation, name="authorisation-give"),
    path(f"{PROPOSAL}kuasa/cabut/", standing.revoke_authorisation, name="authorisation-revoke"),
    path(f"{PROPOSAL}tanda-terima/", receipts.show_receipt, name="receipt"),
    path(f"{PROPOSAL}tanda-terima/pdf/", receipts.download_receipt, name="receipt-pdf"),
    path(f"{PROPOSAL}tanda-terima/bukti/", receipts.download_proof, name="receipt-proof"),
    path(f"{PROPOSAL}tanda-terima/isi/", receipts.download_content, name="receipt-content"),
    path("verifikasi/", receipts.ask_receipt, name="receipt-ask"),
    path("verifikasi/kunci/", receipts.show_keys, name="receipt-keys"),
    path("verifikasi/kunci/<slug:key>.pem", receipts.download_key, name="receipt-key"),
    path("verifikasi/<slug:receipt>/", receipts.verify_receipt, name="receipt-verify"),
    path(COMMITTEE, board.show_board, name="board"),
    path(f"{COMMITTEE}daftar.csv", board.export, {"form": "csv"}, name="board-csv"),
    path(f"{COMMITTEE}daftar.xlsx", board.export, {"form": "xlsx"}, name="board-xlsx"),
    path(f"{COMMITTEE}perjalanan/", journey.show_journey, name="board-journey"),
    path(f"{COMMITTEE}<int:pk>/ingatkan/", board.chase_holder, name="proposal-chase"),
    path(f"{COMMITTEE}seleksi/hasil/", outcome.show_outcome, name="screening-outcome"),
    path(f"{COMMITTEE}seleksi/surat/", outcome.ask_letters, name="decision-letters"),
    path("kompetisi/<slug:slug>/lolos-seleksi/", outcome.show_notice, name="screening-notice"),
    path(f"{COMMITTEE}seleksi/", screening.show_queue, name="screening-queue"),
    path(f"{COMMITTEE}<int:pk>/seleksi/", screening.screen_submission, name="screening-page"),
    path(
        f"{COMMITTEE}<int:pk>/banding/<int:other_pk>/",
        similar.compare_submissions,
        name="submission-compare",
    ),
    path(f"{COMMITTEE}<int:pk>/dampak/<int:key>/", claims.check_claim, name="claim-check"),
    path(f"{COMMITTEE}<int:pk>/buka-lagi/", screening.reopen_screening, name="screening-reopen"),
    path(f"{COMMITTEE}<int:pk>/berkas/<str:sha256>/", screening.show_file, name="submission-file"),
    path(
        f"{COMMITTEE}<int:pk>/berkas/<str:sha256>/kecil/",
        screening.show_thumbnail,
        name="submission-thumbnail",
    ),
]
