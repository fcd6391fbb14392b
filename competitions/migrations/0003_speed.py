"""The stamp of what public pages show, and the triggers that no writer can forget.

They fire at the end of a transaction: the stamp's row is the last lock of all, held for an instant.
"""

from __future__ import annotations

from django.db import migrations, models

FUNCTION = """
CREATE FUNCTION competitions_stamp_public() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO competitions_publicstamp (id, value) VALUES (1, gen_random_uuid())
    ON CONFLICT (id) DO UPDATE SET value = EXCLUDED.value;
    RETURN NULL;
END
$$
"""
# What a public page shows of each table; an attendee's ticket or presence, for one, it does not.
WATCHED = {
    "accounts_unit": "UPDATE OF name, abbr, path",
    "competitions_announcement": "INSERT OR UPDATE OR DELETE",
    "competitions_attachmentslot": "INSERT OR UPDATE OR DELETE",
    "competitions_attendee": "INSERT OR DELETE",
    "competitions_category": "INSERT OR UPDATE OR DELETE",
    "competitions_competition": "INSERT OR UPDATE OR DELETE",
    "competitions_eligibilityrule": "INSERT OR UPDATE OR DELETE",
    "competitions_extension": "INSERT OR UPDATE OR DELETE",
    "competitions_round": "INSERT OR UPDATE OR DELETE",
    "competitions_section": "INSERT OR UPDATE OR DELETE",
    "competitions_tier": "INSERT OR UPDATE OR DELETE",
    "competitions_track": "INSERT OR UPDATE OR DELETE",
    "competitions_workshop": "INSERT OR UPDATE OR DELETE",
}


def watch(table: str, moves: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE CONSTRAINT TRIGGER public_stamp AFTER {moves} ON {table}"
        " DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION competitions_stamp_public()",
        f"DROP TRIGGER public_stamp ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("competitions", "0002_rules"), ("accounts", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="PublicStamp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.UUIDField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="publicstamp_one"
                    )
                ],
            },
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION competitions_stamp_public"),
        *[watch(table, moves) for table, moves in WATCHED.items()],
    ]
