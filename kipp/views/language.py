"""The other language: a cookie and nothing else, so that a link does and no page needs a token."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kipp.lib.forms import Form
from kipp.lib.web import speak


class LanguageForm(Form):
    language = forms.ChoiceField(choices=settings.LANGUAGES)


@require_safe
@login_not_required
@never_cache
def switch(request: HttpRequest) -> HttpResponse:
    """Back to the page one came from, if it is one of ours."""
    target = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(target if is_ours else "/")
    form = LanguageForm(request.GET)
    return speak(form.cleaned_data["language"], response) if form.is_valid() else response
