"""Where PostgreSQL keeps the long columns of the register."""

from __future__ import annotations

from django.db import migrations

# A search reads the vectors of all matches: beside the row instead of within it, each is fetched
# from another table and unpacked. The vector fills the row, so PostgreSQL would move even titles
# out of it: a sort by title then fetches one for each comparison, 200 ms for 5,000 entries
# instead of 18.
WITHIN = """
ALTER TABLE proposals_registerentry
    ALTER COLUMN vector SET STORAGE MAIN,
    ALTER COLUMN names SET STORAGE MAIN,
    ALTER COLUMN title SET STORAGE PLAIN
"""
BESIDE = """
ALTER TABLE proposals_registerentry
    ALTER COLUMN vector SET STORAGE EXTENDED,
    ALTER COLUMN names SET STORAGE EXTENDED,
    ALTER COLUMN title SET STORAGE EXTENDED
"""


class Migration(migrations.Migration):
    dependencies = [("proposals", "0001_initial")]

    operations = [migrations.RunSQL(WITHIN, reverse_sql=BESIDE)]
