from __future__ import annotations

from django.db import migrations

# Megabytes of numbers are written once and read seldom: packing them costs more than it saves.
PLAIN = "ALTER TABLE judging_ranking ALTER COLUMN inputs SET STORAGE EXTERNAL"
PACKED = "ALTER TABLE judging_ranking ALTER COLUMN inputs SET STORAGE EXTENDED"


class Migration(migrations.Migration):
    dependencies = [("judging", "0002_public_stamp")]

    operations = [migrations.RunSQL(PLAIN, reverse_sql=PACKED)]
