"""The portal's addresses, the style guide, and a draft whose server answers as a test wants."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import path

from kipp.urls import urlpatterns as portal
from kipp.views import styleguide

DRAFT = """{% extends "base.html" %}{% load static %}
{% block title %}Draft{% endblock %}
{% block scripts %}<script type="module" src="{% static 'js/draft.js' %}"></script>{% endblock %}
{% block main %}
<form method="post" data-autosave="/draft/save" novalidate>{% csrf_token %}
<fieldset data-section="summary" data-version="1">
<input type="hidden" name="version" value="1">
<label for="text">Text</label>
<textarea id="text" name="summary" data-words-in="count" data-word-limit="3"></textarea>
{% include "components/word_count.html" with id="count" count=0 limit=3 only %}
</fieldset></form>
{% include "components/save_state.html" with zone="WIB" only %}
{% endblock %}"""

received: list[dict[str, str]] = []
answers: list[tuple[int, dict[str, object]]] = []


@login_not_required
def draft(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(DRAFT).render({}, request))


@login_not_required
def save(request: HttpRequest) -> JsonResponse:
    received.append({name: request.POST[name] for name in request.POST})
    status, answer = answers.pop(0)
    return JsonResponse(answer, status=status)


urlpatterns = [
    *portal,
    path("styleguide/", styleguide.show, name="styleguide"),
    path("draft/", draft),
    path("draft/save", save),
]
