from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from kipp.lib.workflow import Workflow, move


class CompetitionStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


class CompetitionMove(TextChoices):
    PUBLISH = "publish", _("Publish")
    ARCHIVE = "archive", _("Archive")


COMPETITION_FLOW = Workflow(
    {
        CompetitionMove.PUBLISH: move(CompetitionStatus.DRAFT, to=CompetitionStatus.PUBLISHED),
        CompetitionMove.ARCHIVE: move(CompetitionStatus.PUBLISHED, to=CompetitionStatus.ARCHIVED),
    }
)
