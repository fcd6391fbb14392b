from __future__ import annotations

from django import template

from competitions.roles import Actor
from judging.queries.feedback import readable_feedback
from proposals.models import Proposal

register = template.Library()


@register.simple_tag
def has_feedback(actor: Actor, proposal: Proposal) -> bool:
    """Whether this person finds a feedback sheet at the proposal now."""
    return readable_feedback(actor, proposal) is not None
