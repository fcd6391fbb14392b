from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from judging.assigning.plan import Field


def field_hash(field: Field, *, wanted: Mapping[str, int | None]) -> str:
    """The same for the same judges, entries, conflicts, kept work and readings, in any order."""
    facts = [
        sorted(
            [each.key, each.capacity, each.panel, sorted(each.topics)] for each in field.readers
        ),
        [[entry, list(field.topics.get(entry, ()))] for entry in sorted(field.entries)],
        sorted(map(list, field.conflicts)),
        sorted(map(list, field.kept)),
        sorted(wanted.items()),
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
