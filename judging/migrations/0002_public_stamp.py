"""The triggers that move the stamp of what public pages show; no writer can forget them.

In the topmost app, so that one table names all that is public. They fire at the end of a
transaction: the stamp's row is the last lock of all, held for an instant. An import of ten thousand
rows moves the register's stamp once per statement.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import migrations

FUNCTION = """
CREATE FUNCTION competitions_stamp_public() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO competitions_publicstamp (id, value) VALUES (1, gen_random_uuid())
    ON CONFLICT (id) DO UPDATE SET value = EXCLUDED.value;
    RETURN NULL;
END
$$
"""
ANY = "INSERT OR UPDATE OR DELETE"
# What a public page shows of each table; an attendee's ticket or presence, for one, it does not.
WATCHED = {
    "accounts_unit": "UPDATE OF name, abbr, path",
    "competitions_announcement": ANY,
    "competitions_attachmentslot": ANY,
    "competitions_attendee": "INSERT OR DELETE",
    "competitions_category": ANY,
    "competitions_competition": ANY,
    "competitions_eligibilityrule": ANY,
    "competitions_extension": ANY,
    "competitions_round": ANY,
    "competitions_section": ANY,
    "competitions_tier": ANY,
    "competitions_track": ANY,
    "competitions_workshop": ANY,
    "judging_award": ANY,
    "judging_objection": ANY,
    "judging_publication": ANY,
    "judging_slot": ANY,
    "judging_stage": "UPDATE OF name, key",
    "judging_timetable": ANY,
}
REGISTER = {
    "proposals_earlieraward": ("public_stamp", ANY),
    "proposals_innovation": ("public_stamp", "UPDATE OF unit_id"),
    "proposals_registerentry": ("public_stamp", ANY),
    # Beside the name, which is watched already: the register's pages say who carries it on.
    "accounts_unit": ("public_unit", "UPDATE OF kind, successor_id"),
}
ONCE_PER_ROW = (
    "CREATE CONSTRAINT TRIGGER {trigger} AFTER {moves} ON {table} DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION competitions_stamp_public()"
)
ONCE_PER_STATEMENT = (
    "CREATE TRIGGER {trigger} AFTER {moves} ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION competitions_stamp_public()"
)


def operations() -> Iterator[migrations.RunSQL]:
    yield migrations.RunSQL(FUNCTION, "DROP FUNCTION competitions_stamp_public")
    for table, moves in WATCHED.items():
        yield watch(table, trigger="public_stamp", moves=moves, how=ONCE_PER_ROW)
    for table, (trigger, moves) in REGISTER.items():
        yield watch(table, trigger=trigger, moves=moves, how=ONCE_PER_STATEMENT)


def watch(table: str, *, trigger: str, moves: str, how: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        how.format(trigger=trigger, moves=moves, table=table), f"DROP TRIGGER {trigger} ON {table}"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("competitions", "0001_initial"),
        ("judging", "0001_initial"),
        ("proposals", "0001_initial"),
    ]

    operations = list(operations())
