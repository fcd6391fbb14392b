from __future__ import annotations

from django.urls import path

from judging.views import desk, sheet

app_name = "judging"

SHEET = "juri/lembar/<int:pk>/"

urlpatterns = [
    path("juri/", desk.desk, name="desk"),
    path("juri/tahap/<int:pk>/", desk.queue, name="queue"),
    path(f"{SHEET}pernyataan/", desk.declaration, name="declaration"),
    path(f"{SHEET}benturan/", desk.recuse, name="recuse"),
    path(SHEET, sheet.sheet, name="sheet"),
    path(f"{SHEET}simpan-lanjut/", sheet.save_next, name="sheet-save-next"),
    path(f"{SHEET}kirim/", sheet.submit, name="sheet-submit"),
    path(f"{SHEET}simpan-otomatis/", sheet.autosave, name="sheet-autosave"),
    path(f"{SHEET}ubah/", sheet.revise, name="sheet-revise"),
    path(f"{SHEET}berkas/<str:sha256>/", sheet.attachment, name="sheet-attachment"),
]
