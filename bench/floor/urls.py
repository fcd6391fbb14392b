from __future__ import annotations

from django.contrib.auth.views import LoginView
from django.urls import path

from bench.floor import views

urlpatterns = [
    path("", views.home),
    path("empty/", views.empty),
    path("login/", LoginView.as_view(template_name="login.html")),
    path("contest/<int:pk>/", views.contest),
    path("contest/<int:pk>/results/", views.results),
    path("contest/<int:pk>/board/", views.board),
    path("contest/<int:pk>/read/<int:proposal>/", views.read),
    path("queue/<int:pk>/", views.queue),
    path("review/<int:pk>/", views.review),
    path("review/<int:pk>/save/", views.save_review),
    path("proposal/<int:pk>/", views.proposal),
    path("proposal/<int:pk>/section/<int:section>/", views.section),
    path("proposal/<int:pk>/section/<int:section>/save/", views.save_section),
]
