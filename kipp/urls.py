from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from kipp.views import (
    demo,
    editions,
    health,
    home,
    jobs,
    language,
    mails,
    next_level,
    reminders,
    styleguide,
)

handler400 = "kipp.views.errors.bad_request"
handler403 = "kipp.views.errors.forbidden"
handler404 = "kipp.views.errors.missing"
handler500 = "kipp.views.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("beranda/", home.dashboard, name="dashboard"),
    path("healthz", health.process, name="health-process"),
    path("readyz", health.readiness, name="health-readiness"),
    path("kompetisi/<slug:slug>/panitia/salin/", editions.clone, name="edition-clone"),
    path(
        "kompetisi/<slug:slug>/panitia/salin/periksa/",
        editions.clone_preview,
        name="edition-clone-preview",
    ),
    path(
        "kompetisi/<slug:slug>/panitia/pengingat/<int:pk>/",
        reminders.preview,
        name="reminder-preview",
    ),
    path("kompetisi/<slug:slug>/panitia/surel/", mails.log, name="mail-log"),
    path("kompetisi/<slug:slug>/panitia/surel/<int:pk>/", mails.correct, name="mail-correct"),
    path("pekerjaan/", jobs.index, name="job-list"),
    path("pekerjaan/<int:pk>/", jobs.show, name="job"),
    path("pekerjaan/<int:pk>/batal/", jobs.cancel, name="job-cancel"),
    path("pekerjaan/<int:pk>/unduh/", jobs.download, name="job-file"),
    path("proposal/<int:pk>/bentuk-lain/", next_level.show, name="next-level"),
    path(
        "proposal/<int:pk>/bentuk-lain/<slug:edition>/<slug:track>.<str:kind>",
        next_level.download,
        name="next-level-file",
    ),
    path("", include("competitions.urls")),
    path("", include("judging.urls")),
    path("akun/", include("accounts.auth_urls")),
    path("", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("", include("proposals.urls")),
    path("bahasa/", language.switch, name="set_language"),
]

if settings.DEBUG or settings.DEMO:
    urlpatterns += [path("styleguide/", styleguide.show, name="styleguide")]
if settings.DEMO:
    urlpatterns += [
        path("demo/masuk/<slug:key>/", demo.enter, name="demo-enter"),
        path("demo/surat/", demo.mails, name="demo-mails"),
        path("demo/surat/<slug:key>/", demo.mail, name="demo-mail"),
    ]
