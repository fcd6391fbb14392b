from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from competitions.models import AttachmentSlot, Category, Competition, Section, Track
from proposals.models.innovation import Innovation
from proposals.workflow import EDITABLE, HOLDERS, RECEIVED, TONES, Holder, ProposalStatus

if TYPE_CHECKING:
    from competitions.roles import Actor


def ids_in(path: str) -> list[int]:
    """`/3/17/` holds 3 and 17."""
    return [int(part) for part in path.split("/") if part]


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, actor: Actor) -> Self:
        """What the person may open: own units, own agencies, and what a committee received.

        A committee sees that a draft exists on its board (`queries.board`), but opens the text
        only once it was submitted. An endorser reads what stands below the own unit, as far up as
        the unit that endorses: the city's endorser in a provincial competition does not read the
        drafts of the city's own. Who endorses goes on reading when the unit moves elsewhere.
        """
        wanted = Q(unit_id__in=actor.author_of) | Q(endorsing_unit_id__in=actor.endorser_of)
        for path in actor.endorser_of.values():
            wanted |= Q(unit__path__startswith=path, endorsing_unit_id__in=ids_in(path))
        wanted |= Q(competition_id__in=actor.seats, status__in=RECEIVED)
        return self.filter(wanted)

    def on_boards_of(self, actor: Actor) -> Self:
        """What a committee may count and chase: drafts too, but never their text or title."""
        return self.filter(competition_id__in=actor.seats)

    def for_page(self) -> Self:
        """What every page shows. Two joins more and PostgreSQL plans longer than it reads."""
        return self.select_related("competition", "track", "innovation", "unit", "endorsing_unit")

    def eligible(self) -> Self:
        return self.filter(status=ProposalStatus.ELIGIBLE)


class Proposal(models.Model):
    """One innovation entered in one competition by a unit."""

    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="proposals")
    track = models.ForeignKey(
        Track, on_delete=models.PROTECT, related_name="proposals", verbose_name=_("Track")
    )
    innovation = models.ForeignKey(
        Innovation,
        on_delete=models.PROTECT,
        related_name="proposals",
        verbose_name=_("Innovation"),
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="proposals", verbose_name=_("Unit")
    )
    # The unit directly below the host on the path from the proposal's unit.
    endorsing_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="to_endorse", editable=False
    )
    title = models.CharField(_("Title"), max_length=200)
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("Category"),
    )
    sdgs = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("Sustainable development goals"),
        default=list,
        blank=True,
    )
    started_on = models.DateField(_("Implemented since"), null=True, blank=True)
    video_url = models.CharField(_("Video link"), max_length=300, blank=True)
    # Who signs the statement letters; never part of what is frozen.
    signer_name = models.CharField(_("Who signs"), max_length=150, blank=True)
    signer_position = models.CharField(_("Position"), max_length=120, blank=True)
    signer_nip = models.CharField(_("NIP"), max_length=18, blank=True)
    contact_phone = models.CharField(_("WhatsApp number"), max_length=20, blank=True)
    status = models.CharField(
        max_length=10, choices=ProposalStatus, default=ProposalStatus.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    # Until when the unit may complete a proposal that the committee returned.
    completion_due_at = models.DateTimeField(null=True, blank=True)
    # What it may change then: `section:KEY`, `slot:KEY`, `header:FIELD`.
    unlocked = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    # A return stopped the unit's clock: until then it may be sent again and endorsed in any case.
    grace_until = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    # When the present holder received it: what "waiting since" on the boards counts from.
    held_since = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        indexes = [
            models.Index(fields=["competition", "status"], name="proposal_board"),
            models.Index(fields=["competition", "held_since", "id"], name="proposal_longest"),
            models.Index(fields=["endorsing_unit", "status"], name="proposal_queue"),
            models.Index(Upper("title"), name="proposal_title"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "innovation"],
                condition=~Q(status="withdrawn"),
                name="proposal_once",
                violation_error_message=_("This innovation is in this competition already."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["submitted", "completion", "eligible", "ineligible"])
                | Q(submitted_at__isnull=False),
                name="proposal_submitted_at",
            ),
            models.CheckConstraint(
                condition=~Q(status="completion") | Q(completion_due_at__isnull=False),
                name="proposal_completion_due",
            ),
            models.CheckConstraint(
                condition=Q(signer_nip="") | Q(signer_nip__regex=r"^[0-9]{18}$"),
                name="proposal_signer_nip",
                violation_error_message=_("An NIP has 18 digits."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_open_at(self, target: str) -> bool:
        """Whether the unit may write there now."""
        return self.status in EDITABLE and not self.is_locked_at(target)

    def is_locked_at(self, target: str) -> bool:
        """A completion opens only what it asks for."""
        return self.status == ProposalStatus.COMPLETION and target not in self.unlocked

    @property
    def holder(self) -> Holder:
        return HOLDERS[self.status]

    @property
    def tone(self) -> str:
        return TONES[self.status]


class Answer(models.Model):
    """The text of one section. Saved under its own version, so that sections never conflict."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="answers")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(blank=True)
    word_count = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["section__order"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "section"], name="answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal} - {self.section}"


class Attachment(models.Model):
    """A checked file. The content lies in the storage under its hash; the name is for people."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="attachments")
    slot = models.ForeignKey(AttachmentSlot, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    page_count = models.PositiveIntegerField(null=True, blank=True)
    thumbnail_sha256 = models.CharField(max_length=64, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["slot__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "slot", "sha256"],
                name="attachment_once",
                violation_error_message=_("This file is attached here already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")
