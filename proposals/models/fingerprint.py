from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from proposals.models.innovation import Innovation
from proposals.models.proposal import Proposal


class Fingerprint(models.Model):
    """What an innovation is found by when another is like it.

    Two kinds: an entry of the register that has won something (no proposal: anybody may know it),
    and a proposal that a committee has received. A draft has none, so nobody can find it.
    """

    innovation = models.ForeignKey(
        Innovation, on_delete=models.CASCADE, related_name="fingerprints"
    )
    proposal = models.OneToOneField(
        Proposal, on_delete=models.CASCADE, null=True, blank=True, related_name="fingerprint"
    )
    # Title and long form as `likeness.words_of` has them, one a line; then each without its spaces.
    names = models.TextField()
    # The telling words among them.
    words = ArrayField(models.CharField(max_length=300), default=list)
    # `likeness.sketch_of` the text; empty for entries of the register.
    sketch = ArrayField(models.IntegerField(), default=list)

    class Meta:
        indexes = [
            GinIndex(fields=["names"], name="fingerprint_names", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["words"], name="fingerprint_words"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["innovation"], condition=Q(proposal=None), name="fingerprint_register_once"
            ),
        ]

    def __str__(self) -> str:
        return self.names.replace("\n", " | ")
