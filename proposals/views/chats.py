"""A reminder as a chat message: the text is filled in, the person at the phone sends it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.chat import chat_address
from competitions.models import Competition
from kipp.lib.clock import show_end
from proposals.queries.board import BoardRow
from proposals.workflow import Holder


def chat_link(row: BoardRow, competition: Competition, *, ends_at: datetime | None) -> str:
    """Without a number that the committee may see, WhatsApp asks to whom it goes."""
    said = [_opening(row, competition)]
    if ends_at:
        until = show_end(ends_at, zone=competition.time_zone)
        said.append(_("There is time until %(until)s.") % {"until": until})
    said.append(settings.SITE_URL + _page_of(row))
    return chat_address(row.phone, " ".join(said))


def _opening(row: BoardRow, competition: Competition) -> str:
    """Never the title of a draft, as on the board."""
    facts = {"unit": row.unit, "agency": row.agency, "name": competition.name}
    if row.holder == Holder.ENDORSER:
        return _("%(agency)s: a proposal of %(unit)s for %(name)s waits for endorsement.") % facts
    return _("%(unit)s: a proposal for %(name)s is still to be finished and sent.") % facts


def _page_of(row: BoardRow) -> str:
    is_endorser = row.holder == Holder.ENDORSER
    name = "endorsement-page" if is_endorser else "proposal-page"
    return reverse(f"proposals:{name}", args=[row.pk])
