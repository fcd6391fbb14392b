from __future__ import annotations

from django.urls import path

from competitions.views import public

app_name = "competitions"

urlpatterns = [
    path("kompetisi/<slug:slug>/", public.competition_page, name="competition-page"),
    path("kompetisi/<slug:slug>/kalender.ics", public.calendar, name="competition-calendar"),
]
