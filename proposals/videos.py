"""Is this a link to a video? Only the shape; whether it plays is looked up in the background."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
YOUTUBE_HOSTS = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be"})
YOUTUBE_PATHS = re.compile(r"/(?:shorts|live|embed)/([^/]+)/?")


class VideoFault(StrEnum):
    MALFORMED = "video_malformed"
    FOREIGN_HOST = "video_foreign_host"


def video_fault(url: str, *, hosts: Collection[str] = ()) -> VideoFault | None:
    """What is wrong with the link: https, one of the hosts (or below it), none means any host."""
    host = _https_host(url)
    if not host or (host in YOUTUBE_HOSTS and not youtube_id(url)):
        return VideoFault.MALFORMED
    if hosts and not any(host == known or host.endswith(f".{known}") for known in hosts):
        return VideoFault.FOREIGN_HOST
    return None


def check_video(url: str, *, hosts: Collection[str] = ()) -> None:
    """Raise what to do about the link."""
    fault = video_fault(url, hosts=hosts)
    if fault is VideoFault.FOREIGN_HOST:
        raise ValidationError(
            _("Put the video on one of these and copy its link: %(hosts)s."),
            code="video",
            params={"hosts": ", ".join(hosts)},
        )
    if fault:
        raise ValidationError(
            _("Copy the whole link of the video, such as https://youtu.be/abcdefghijk."),
            code="video",
        )


def youtube_id(url: str) -> str:
    """The video's id when the link is a well-formed YouTube address, else an empty text."""
    host = _https_host(url)
    if host not in YOUTUBE_HOSTS:
        return ""
    parts = urlsplit(url.strip())
    if host == "youtu.be":
        candidate = parts.path.strip("/")
    elif parts.path.rstrip("/") == "/watch":
        candidate = parse_qs(parts.query).get("v", [""])[0]
    else:
        found = YOUTUBE_PATHS.fullmatch(parts.path)
        candidate = found[1] if found else ""
    return candidate if YOUTUBE_ID.fullmatch(candidate) else ""


def _https_host(url: str) -> str:
    """The host in small letters; empty unless this is a plain https address of a named host."""
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError:
        return ""
    is_plain = parts.scheme == "https" and port in {None, 443} and not parts.username
    is_name = "." in host and not host.rsplit(".", 1)[1].isdigit()
    return host if is_plain and is_name and not re.search(r"\s", url.strip()) else ""
