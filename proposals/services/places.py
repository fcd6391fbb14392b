"""Who endorses: read off the unit tree."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from competitions.models import Competition


def endorsing_unit_of(unit: Unit, *, competition: Competition) -> Unit:
    """The unit directly below the host on the path from `unit`: the agency in a city's contest.

    A unit that stands directly below the host endorses its own.
    """
    host = competition.host
    if unit.pk == host.pk or not unit.is_within(host):
        raise ValidationError(
            _("%(unit)s does not belong to %(host)s and cannot take part here."),
            code="outside",
            params={"unit": unit.name, "host": host.name},
        )
    below_host = unit.lineage[unit.lineage.index(host.pk) + 1]
    return Unit.objects.get(pk=below_host)
