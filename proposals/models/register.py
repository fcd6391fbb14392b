from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from proposals.models.innovation import Innovation, innovation_number
from proposals.models.submission import Submission


class RegisterEntry(models.Model):
    """What everybody may know of an innovation that has won something, ready to be searched.

    Made anew from awards and released submissions alone (`services.register`); an innovation
    without an award has no entry, so that no page of the register can tell of it.
    """

    innovation = models.OneToOneField(
        Innovation, on_delete=models.CASCADE, primary_key=True, related_name="entry"
    )
    title = models.CharField(max_length=200)
    expansion = models.CharField(max_length=300, blank=True)
    sector = models.CharField(max_length=120, blank=True)
    # `content.public_summary` of the newest submission that won.
    summary = models.TextField(blank=True)
    # No small integers: beside the intarray extension PostgreSQL finds no one operator for them.
    years = ArrayField(models.IntegerField(), default=list)
    tiers = ArrayField(models.CharField(max_length=80), default=list)
    categories = ArrayField(models.CharField(max_length=200), default=list)
    sdgs = ArrayField(models.IntegerField(), default=list)
    # 0 where no source says a year.
    last_year = models.PositiveSmallIntegerField(default=0)
    # Whose first image stands for the innovation.
    pictured = models.ForeignKey(Submission, on_delete=models.PROTECT, null=True, related_name="+")
    # Title and long form in small letters, for typing errors.
    names = models.TextField()
    # Roots of all its words (`proposals.stemming`): part of the vector beside PostgreSQL's own.
    stems = models.TextField()
    vector = SearchVectorField(null=True)

    class Meta:
        ordering = ["-last_year", "title", "pk"]
        indexes = [
            GinIndex(fields=["vector"], name="registerentry_vector"),
            GinIndex(fields=["names"], name="registerentry_names", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["-last_year", "title"], name="registerentry_newest"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        return innovation_number(self.pk)
