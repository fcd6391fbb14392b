"""An older plan before a changed field: what of it still holds."""

from __future__ import annotations

from collections import Counter

from judging.assigning.chance import draw
from judging.assigning.plan import Field, Pair


def still_possible(field: Field, pairs: frozenset[Pair], *, seed: int) -> frozenset[Pair]:
    """The pairs without judges and entries that are gone, without conflicts, within capacity."""
    judges = {reader.key: reader.capacity for reader in field.readers}
    known = frozenset(field.entries)
    sound = field.kept | {
        (judge, entry)
        for judge, entry in pairs - field.conflicts
        if judge in judges and entry in known
    }
    loads = Counter(judge for judge, _entry in sound)
    for pair in sorted(sound - field.kept, key=lambda pair: draw(seed, "adjust", *pair)):
        room = judges[pair[0]]
        if room is not None and loads[pair[0]] > room:
            sound -= {pair}
            loads[pair[0]] -= 1
    return frozenset(sound)
