from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.exports import EXAMPLES, write_example
from accounts.forms import ConfirmForm, SheetForm
from accounts.intake import as_job
from accounts.jobs import SHEET
from accounts.models import Import, Membership, Unit
from accounts.permissions import may_import
from accounts.requests import AuthedRequest
from accounts.roles import Member, load_member
from kipp.lib.forms import add_error
from kipp.lib.sheets import MEDIA_TYPES
from kipp.lib.web import CONFLICT, UNPROCESSABLE, attached, render_form


@require_http_methods(["GET", "POST"])
def upload(request: AuthedRequest) -> HttpResponse:
    member = _local_admin(request)
    form = SheetForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return render_form(request, "accounts/import.html", {"form": form})
    kind, content = form.cleaned_data["kind"], form.cleaned_data["file"].read()
    try:
        findings = services.inspect_sheet(content, kind=kind, member=member)
    except ValidationError as error:
        add_error(form, ValidationError({"file": error}))
        return render_form(request, "accounts/import.html", {"form": form})
    name = form.cleaned_data["file"].name
    if findings.problems:
        context = {"form": form, "name": name, "problems": findings.problems}
        return render(request, "accounts/import.html", context, status=UNPROCESSABLE)
    sheet = services.keep_sheet(content, name=name, kind=kind, by=request.user, at=timezone.now())
    return redirect("accounts:import-confirm", pk=sheet.pk)


@require_http_methods(["GET", "POST"])
def confirm(request: AuthedRequest, pk: int) -> HttpResponse:
    """Show what would be entered; entering checks the same file once more."""
    member = _local_admin(request)
    waiting = request.user.imports.filter(applied_at=None, kind__in=Import.Kind)
    sheet = get_object_or_404(waiting, pk=pk)
    form = ConfirmForm(request.POST or None, initial={"sha256": sheet.sha256})
    findings = services.inspect_sheet(bytes(sheet.content), kind=sheet.kind, member=member)
    if not form.is_valid():
        return _preview(request, sheet, findings=findings, form=form)
    rows, by, at = findings.rows, request.user, timezone.now()
    if job := as_job(sheet, form, findings, rows=rows, kind=SHEET, by=by, at=at):
        return redirect("job", pk=job.pk)
    try:
        findings = services.apply_sheet(
            sheet, **form.cleaned_data, member=member, by=request.user, at=timezone.now()
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("accounts:import-upload")
    if findings.problems:
        return _preview(request, sheet, findings=findings, form=form)
    said = _("%(count)s rows were imported.")
    messages.success(request, said % {"count": findings.rows})
    return redirect("accounts:unit-list")


@require_safe
def example(request: AuthedRequest, kind: str, extension: str) -> HttpResponse:
    _local_admin(request)
    if kind not in EXAMPLES or extension not in MEDIA_TYPES:
        raise Http404
    content = write_example(kind, extension)
    response = HttpResponse(content, content_type=MEDIA_TYPES[extension])
    return attached(response, name=f"{kind}.{extension}")


def _local_admin(request: AuthedRequest) -> Member:
    member = load_member(request.user)
    if not may_import(member):
        raise PermissionDenied
    return member


def _preview(
    request: AuthedRequest,
    sheet: Import,
    *,
    findings: services.Findings,
    form: ConfirmForm,
) -> HttpResponse:
    """Problems here mean that something has changed since the file was checked."""
    back_url = reverse("accounts:import-upload")
    units = Unit.objects.in_bulk([member.unit_id for member in findings.members])
    context = {
        "sheet": sheet,
        "found": findings,
        "members": [
            (member, units[member.unit_id], Membership.Role(member.role).label)
            for member in findings.members
        ],
        "form": form,
        "back_url": back_url,
    }
    if not findings.problems:
        return render_form(request, "accounts/import_confirm.html", context)
    return render(request, "accounts/import_confirm.html", context, status=CONFLICT)
