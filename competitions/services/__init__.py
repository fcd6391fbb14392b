from __future__ import annotations

from competitions.services.committee import seat_person, unseat_person
from competitions.services.hooks import remove_hook, set_hook
from competitions.services.lifecycle import (
    announce,
    archive_competition,
    change_announcement,
    publish_competition,
    remove_announcement,
)
from competitions.services.maintenance import close_portal, close_portal_anyway, reopen_portal
from competitions.services.ordering import move_part_down, move_part_up
from competitions.services.rounds import check_extension, extend_round
from competitions.services.setup import (
    Part,
    add_part,
    change_facts,
    change_part,
    remove_part,
)
from competitions.services.workshops import (
    add_material,
    cancel_sign_up,
    mark_attended,
    remove_material,
    sign_up,
    unmark_attended,
)

__all__ = [
    "Part",
    "add_material",
    "add_part",
    "announce",
    "archive_competition",
    "cancel_sign_up",
    "change_announcement",
    "change_facts",
    "change_part",
    "check_extension",
    "close_portal",
    "close_portal_anyway",
    "extend_round",
    "mark_attended",
    "move_part_down",
    "move_part_up",
    "publish_competition",
    "remove_announcement",
    "remove_hook",
    "remove_material",
    "remove_part",
    "reopen_portal",
    "seat_person",
    "set_hook",
    "sign_up",
    "unmark_attended",
    "unseat_person",
]
