"""What was frozen and what was told: nothing here is edited after it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from competitions.models import Competition
from judging.decrees import DECREE_NUMBER
from judging.models.scoring import Entry
from judging.models.stage import Stage
from judging.workflow import PublicationStatus
from proposals.models import Proposal

if TYPE_CHECKING:
    from datetime import datetime

    from competitions.roles import Actor


class Ranking(models.Model):
    """One frozen run of the law over a stage's submitted scorecards."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="rankings")
    version = models.PositiveIntegerField()
    law = models.JSONField()
    # The very text that was hashed: the law, and the scorecards that were counted as it reads them;
    # judges by the alias of their seat.
    inputs = models.TextField()
    inputs_hash = models.CharField(max_length=64)
    code_version = models.CharField(max_length=40)
    # What the plenary moved after the law, in this order: the key and place of each entry, the
    # reason, who proposed and who confirmed it, when.
    reorderings = models.JSONField(default=list)
    # Who sat, who read how much, who stood back: as `judging.queries.minutes.session_of` says.
    session = models.JSONField(default=dict)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["stage", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "version"], name="ranking_version"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} v{self.version}"


class Standing(models.Model):
    """One frozen line of a ranking, as the law decided it.

    `rank` is shared by equal scores, `place` is what the tie-breaks made of it; both are empty
    where the law gives none. The words in `tie`, `decision` and `unranked` are those of
    `judging.ranking.Line`.
    """

    # No indexes of their own: the two constraints below have some that serve, and a freeze writes
    # every index for every line. That both are there, and of one stage, a trigger of migration 0003
    # sees once per statement.
    ranking = models.ForeignKey(
        Ranking,
        on_delete=models.PROTECT,
        related_name="standings",
        db_index=False,
        db_constraint=False,
    )
    entry = models.ForeignKey(
        Entry,
        on_delete=models.PROTECT,
        related_name="standings",
        db_index=False,
        db_constraint=False,
    )
    # Where the line stands on the list.
    order = models.PositiveIntegerField()
    rank = models.PositiveIntegerField(null=True)
    place = models.PositiveIntegerField(null=True)
    # Where the law alone put it, once the plenary has moved any line of this ranking.
    law_place = models.PositiveIntegerField(null=True)
    stage_score = models.DecimalField(max_digits=20, decimal_places=9, null=True)
    score = models.DecimalField(max_digits=20, decimal_places=9, null=True)
    readings = models.PositiveSmallIntegerField()
    # {alias of the panel seat: total} of the scorecards that were counted.
    totals = models.JSONField(default=dict)
    advances = models.BooleanField(default=False)
    # Keys of the tiers that the place reaches, outermost first.
    tiers = ArrayField(models.CharField(max_length=40), default=list)
    tie = models.CharField(max_length=80, blank=True)
    decision = models.CharField(max_length=20)
    unranked = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "ranking"], name="standing_once"),
            models.UniqueConstraint(fields=["ranking", "order"], name="standing_order"),
            models.CheckConstraint(
                condition=Q(unranked="", rank__isnull=False, score__isnull=False)
                | (~Q(unranked="") & Q(rank=None, place=None, score=None)),
                name="standing_ranked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place or '-'} {self.entry}"


class SignedMinutes(models.Model):
    """A scan of a ranking's minutes as they were signed. A better scan is one more."""

    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="signed_minutes")
    name = models.CharField(max_length=150)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["ranking", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ranking", "sha256"],
                name="signedminutes_once",
                violation_error_message=_("This very file is here already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Addendum(models.Model):
    """What was found after the freeze; the minutes themselves are never edited."""

    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="addenda")
    number = models.PositiveIntegerField()
    text = models.TextField(_("Text of the addendum"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["ranking", "number"]
        constraints = [
            models.UniqueConstraint(fields=["ranking", "number"], name="addendum_number"),
        ]

    def __str__(self) -> str:
        return f"{self.ranking} #{self.number}"


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible_to(self, actor: Actor) -> Self:
        """Every version, for the competition's committee."""
        return self.filter(competition_id__in=actor.seats)

    def current(self, *, at: datetime) -> Self:
        """What the public reads. The instant of an embargo is the first one that shows it."""
        return self.filter(status=PublicationStatus.RELEASED, visible_from__lte=at)

    def ever_public(self, *, at: datetime) -> Self:
        """What the public has read by now, also what was withdrawn since."""
        return self.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("visible_from"))).filter(
            released_at__isnull=False, visible_from__lte=at
        )


class Publication(models.Model):
    """One version of the results: proposed by one person, released by a second."""

    competition = models.ForeignKey(
        Competition, on_delete=models.PROTECT, related_name="publications"
    )
    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveIntegerField()
    status = models.CharField(
        max_length=10,
        choices=PublicationStatus,
        default=PublicationStatus.PROPOSED,
        editable=False,
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    decree_number = models.CharField(_("Decree number"), max_length=120, validators=[DECREE_NUMBER])
    decree_on = models.DateField(_("Decree date"))
    # Who signs the certificates: the office and its holder, as they stand on the decree.
    signer_role = models.CharField(_("Office of the signer"), max_length=120, blank=True)
    signer_name = models.CharField(_("Name of the signer"), max_length=150, blank=True)
    note = models.TextField(_("Note for the public"), blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    # The embargo: from this very instant on the public reads what was released.
    visible_from = models.DateTimeField(null=True, blank=True)
    # When register and mails followed; by a sweep, never before `visible_from`.
    unveiled_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "number"], name="publication_number"),
            models.UniqueConstraint(
                fields=["competition"],
                condition=Q(status="released"),
                name="publication_current",
                violation_error_message=_("Another version is released. Withdraw it first."),
            ),
            models.UniqueConstraint(
                fields=["competition"],
                condition=Q(status="proposed"),
                name="publication_proposed",
                violation_error_message=_("A version waits for its release already."),
            ),
            models.CheckConstraint(
                condition=Q(released_by=None) | ~Q(released_by=F("proposed_by")),
                name="publication_second_person",
                violation_error_message=_("A second person releases what one person proposed."),
            ),
            models.CheckConstraint(
                condition=~Q(status="released")
                | Q(released_by__isnull=False, visible_from__gte=F("released_at")),
                name="publication_released",
            ),
            models.CheckConstraint(
                condition=Q(unveiled_at=None) | Q(unveiled_at__gte=F("visible_from")),
                name="publication_unveiled",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="publication_withdrawn",
                violation_error_message=_("Give the reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competition} #{self.number}"


class Award(models.Model):
    """A tier given to a proposal by a publication. Names are frozen as they were shown."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="awards")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="awards")
    # The innermost tier that the place reaches; outer tiers hold it by nesting.
    tier_key = models.CharField(max_length=40)
    tier_name = models.CharField(max_length=80)
    tier_size = models.PositiveSmallIntegerField()
    place = models.PositiveIntegerField()
    score = models.DecimalField(max_digits=20, decimal_places=9)
    title = models.CharField(max_length=200)
    unit_name = models.CharField(max_length=200)
    code = models.CharField(max_length=24, unique=True)

    class Meta:
        ordering = ["place", "title"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "proposal"], name="award_once"),
        ]

    def __str__(self) -> str:
        return f"{self.tier_name}: {self.title}"


class LawChange(models.Model):
    """An act of the chair on the law of a stage that is open; the law before it stays."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="law_changes")
    number = models.PositiveIntegerField()
    before = models.JSONField()
    after = models.JSONField()
    reason = models.TextField(_("Reason"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["stage", "number"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "number"], name="lawchange_number"),
            models.CheckConstraint(condition=~Q(reason=""), name="lawchange_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} #{self.number}"


class Robustness(models.Model):
    """What other rules would have made of the same scores; computed once for the same inputs."""

    ranking = models.OneToOneField(Ranking, on_delete=models.CASCADE, related_name="robustness")
    inputs_hash = models.CharField(max_length=64, db_index=True)
    result = models.JSONField()
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["-computed_at"]

    def __str__(self) -> str:
        return f"{self.ranking}: {len(self.result['effects'])}"
