"""The pages of allauth that we use, under names that allauth itself looks up: hence no namespace.

Not here: sign-up and changing one's e-mail address, which is where invitations go.
"""

from __future__ import annotations

from allauth.account import views
from django.urls import URLPattern, URLResolver, include, path, re_path

from accounts.views import account, single_sign_on

urlpatterns: list[URLPattern | URLResolver] = [
    path("masuk/", views.login, name="account_login"),
    path("masuk/sso/", single_sign_on.leave, name="sso-leave"),
    path("masuk/sso/kembali/", single_sign_on.come_back, name="sso-return"),
    path("keluar/", account.sign_out, name="account_logout"),
    path("ditutup/", views.account_inactive, name="account_inactive"),
    path("pastikan/", views.reauthenticate, name="account_reauthenticate"),
    path("sandi/", views.password_change, name="account_change_password"),
    path("sandi/pasang/", views.password_set, name="account_set_password"),
    path("sandi/lupa/", views.password_reset, name="account_reset_password"),
    path("sandi/lupa/terkirim/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^sandi/lupa/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "sandi/selesai/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("pengaman/", include("allauth.mfa.urls")),
    path("sesi/", include("allauth.usersessions.urls")),
]
