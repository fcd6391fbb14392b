"""How a frozen ranking is stored: thousands of lines at once, in the hour when everybody waits.

Every line belongs to an entry of the stage that its ranking is of. Foreign keys would look that up
line by line, each for itself, and not see whether both are of one stage; here one look per
statement sees it, and holds what it has found as a foreign key would.
"""

from __future__ import annotations

from django.db import migrations

# Migrations were rewritten on 23 November 2026 and frozen inputs have another form since.
REFUSE = """
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM django_migrations WHERE app = 'judging' AND name = '0003_plain_inputs'
    ) THEN
        RAISE EXCEPTION 'this database is of a version before the first release: begin a new one';
    END IF;
END
$$
"""
# Megabytes of numbers are written once and read seldom: packing them costs more than it saves.
PLAIN = "ALTER TABLE judging_ranking ALTER COLUMN inputs SET STORAGE EXTERNAL"
PACKED = "ALTER TABLE judging_ranking ALTER COLUMN inputs SET STORAGE EXTENDED"
BELONG = """
CREATE FUNCTION judging_lines_belong() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM written) <> (
        SELECT count(*) FROM (
            SELECT FROM written
            JOIN judging_ranking ranking ON ranking.id = written.ranking_id
            JOIN judging_entry entry
                ON entry.id = written.entry_id AND entry.stage_id = ranking.stage_id
            FOR KEY SHARE OF ranking, entry
        ) AS held
    ) THEN
        RAISE foreign_key_violation
            USING MESSAGE = 'a line of a ranking without an entry of its stage';
    END IF;
    RETURN NULL;
END
$$
"""
STAY = """
CREATE FUNCTION judging_lines_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_held boolean;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.id, NEW.stage_id) = (OLD.id, OLD.stage_id) THEN
        RETURN NEW;
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM judging_standing WHERE %I = $1)', TG_ARGV[0])
    INTO is_held USING OLD.id;
    IF is_held THEN
        RAISE foreign_key_violation USING MESSAGE = 'lines of a ranking rest on it';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$
"""


def belong(move: str) -> migrations.RunSQL:
    trigger = f"lines_belong_{move.lower()}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {trigger} AFTER {move} ON judging_standing"
        " REFERENCING NEW TABLE AS written"
        " FOR EACH STATEMENT EXECUTE FUNCTION judging_lines_belong()",
        f"DROP TRIGGER {trigger} ON judging_standing",
    )


def stay(table: str, *, named: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER lines_stay BEFORE DELETE OR UPDATE OF id, stage_id ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION judging_lines_stay('{named}')",
        f"DROP TRIGGER lines_stay ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("judging", "0002_public_stamp")]

    operations = [
        migrations.RunSQL(REFUSE, migrations.RunSQL.noop),
        migrations.RunSQL(PLAIN, reverse_sql=PACKED),
        migrations.RunSQL(BELONG, "DROP FUNCTION judging_lines_belong"),
        belong("INSERT"),
        belong("UPDATE"),
        migrations.RunSQL(STAY, "DROP FUNCTION judging_lines_stay"),
        stay("judging_ranking", named="ranking_id"),
        stay("judging_entry", named="entry_id"),
    ]
