"""The results that public pages show move their stamp (see `competitions` 0003_speed)."""

from __future__ import annotations

from django.db import migrations

WATCHED = ("judging_award", "judging_publication")


def watch(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE CONSTRAINT TRIGGER public_stamp AFTER INSERT OR UPDATE OR DELETE ON {table}"
        " DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION competitions_stamp_public()",
        f"DROP TRIGGER public_stamp ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("judging", "0001_initial"), ("competitions", "0003_speed")]

    operations = [watch(table) for table in WATCHED]
