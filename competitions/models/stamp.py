from __future__ import annotations

from django.db import models


class PublicStamp(models.Model):
    """One row: a new value with every write to a table that public pages show.

    The database's triggers write it, whoever wrote the table (see the migration); it never comes
    back to an old value, so that a page made under one is true while the value stands.
    """

    value = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="publicstamp_one"),
        ]

    def __str__(self) -> str:
        return str(self.value)
