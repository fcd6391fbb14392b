from __future__ import annotations

from django.urls import path

from accounts.views import account, deputies, imports, members, notices, people, units

app_name = "accounts"
urlpatterns = [
    path("akun/saya/", account.show, name="account-show"),
    path("akun/saya/sesi/", account.show_session, name="session-left"),
    path("akun/kotak-masuk/", notices.inbox, name="inbox"),
    path("akun/kotak-masuk/dibaca/", notices.read, name="inbox-read-all"),
    path("akun/kotak-masuk/<int:pk>/dibaca/", notices.read, name="inbox-read"),
    path("akun/pemberitahuan/", notices.choose, name="reception-edit"),
    path("akun/berhenti/<str:token>/", notices.unsubscribe, name="unsubscribe"),
    path("akun/profil/", account.edit, name="profile-edit"),
    path("undangan/<str:token>/", account.accept, name="invitation-accept"),
    path("undangan/<str:token>/gabung/", account.join, name="invitation-join"),
    path("unit/", units.index, name="unit-list"),
    path("unit/baru/", units.create, name="unit-create"),
    path("unit/<int:pk>/", units.show, name="unit-show"),
    path("unit/<int:pk>/baru/", units.create_below, name="unit-create-below"),
    path("unit/<int:pk>/ubah/", units.change, name="unit-change"),
    path("unit/<int:pk>/pindah/", units.move, name="unit-move"),
    path("unit/<int:pk>/akhiri/", units.end, name="unit-end"),
    path("unit/<int:pk>/wakil/", deputies.name, name="unit-deputies"),
    path("unit/wakil/<int:pk>/cabut/", deputies.revoke, name="deputy-revoke"),
    path("unit/<int:pk>/undang/", members.invite, name="member-invite"),
    path("unit/peran/<int:pk>/akhiri/", members.end, name="membership-end"),
    path("unit/undangan/<int:pk>/kirim-ulang/", members.resend, name="invitation-resend"),
    path("unit/undangan/<int:pk>/cabut/", members.revoke, name="invitation-revoke"),
    path("unit/orang/", people.index, name="person-list"),
    path("unit/orang/<int:pk>/", people.show, name="person-show"),
    path("unit/orang/<int:pk>/tutup/", people.deactivate, name="person-deactivate"),
    path("unit/orang/<int:pk>/buka/", people.reactivate, name="person-reactivate"),
    path("unit/orang/<int:pk>/faktor/", people.reset_factor, name="person-reset-factor"),
    path("unit/impor/", imports.upload, name="import-upload"),
    path("unit/impor/<int:pk>/", imports.confirm, name="import-confirm"),
    path("unit/impor/contoh/<str:kind>.<str:extension>", imports.example, name="import-example"),
]
