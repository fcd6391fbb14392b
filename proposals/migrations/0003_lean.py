from __future__ import annotations

from django.db import migrations

# A search reads the vectors of all matches: beside the row instead of within it, each is fetched
# from another table and unpacked.
INSIDE = "ALTER TABLE proposals_registerentry ALTER COLUMN vector SET STORAGE MAIN"
OUTSIDE = "ALTER TABLE proposals_registerentry ALTER COLUMN vector SET STORAGE EXTENDED"


class Migration(migrations.Migration):
    dependencies = [("proposals", "0002_mend")]

    operations = [migrations.RunSQL(INSIDE, reverse_sql=OUTSIDE)]
