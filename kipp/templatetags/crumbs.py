from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

register = template.Library()


@register.inclusion_tag("components/breadcrumb.html")
def crumbs(*parts: str | SafeString) -> dict[str, Any]:
    """The way down to this page: `{% crumbs label url label url %}`, its own name last if given."""
    links = list(zip(parts[::2], parts[1::2], strict=False))
    return {"links": links, "current": parts[-1] if len(parts) % 2 else ""}
