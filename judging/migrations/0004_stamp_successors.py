from __future__ import annotations

from django.db import migrations

# The page of an innovation in the register names who carries it on.
WATCH = """
CREATE TRIGGER public_successor AFTER UPDATE OF successor_id ON accounts_unit
FOR EACH STATEMENT EXECUTE FUNCTION competitions_stamp_public()
"""


class Migration(migrations.Migration):
    dependencies = [("judging", "0003_plain_inputs")]

    operations = [
        migrations.RunSQL(WATCH, reverse_sql="DROP TRIGGER public_successor ON accounts_unit")
    ]
