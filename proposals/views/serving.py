"""Answers with a stored file, after the caller has decided who may have it."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from kipp.lib.files import has_file, key_of, open_file

THUMBNAIL_TYPE = "image/webp"
# The address holds the content's hash, but who may see it can change: only the browser keeps it.
CACHE = "private, max-age=3600"


def serve_file(
    sha256: str, *, name: str, media_type: str, is_download: bool = False
) -> HttpResponseBase:
    """Send the bytes, or with X-Accel-Redirect let the proxy send them."""
    if not has_file(sha256):
        raise Http404
    response = _body(sha256)
    response["Content-Type"] = media_type
    disposition = content_disposition_header(is_download, name)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = CACHE
    return response


def _body(sha256: str) -> HttpResponseBase:
    prefix: str = getattr(settings, "ACCEL_REDIRECT", "")
    if not prefix:
        return FileResponse(open_file(sha256))
    response = HttpResponse()
    response["X-Accel-Redirect"] = f"{prefix}{key_of(sha256)}"
    return response
