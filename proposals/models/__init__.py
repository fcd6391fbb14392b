from __future__ import annotations

from proposals.models.authorisation import Authorisation
from proposals.models.decisions import (
    Endorsement,
    Opinion,
    OverrideReason,
    Reading,
    ReasonCode,
    Screening,
)
from proposals.models.fingerprint import Fingerprint
from proposals.models.innovation import EarlierAward, Innovation
from proposals.models.ledger import Claim, ClaimState, Line, TeamMember
from proposals.models.notice import ScreeningNotice
from proposals.models.proposal import Answer, Attachment, Proposal, ProposalQuerySet
from proposals.models.register import RegisterEntry
from proposals.models.revision import Revision
from proposals.models.submission import Submission
from proposals.models.upload import Upload
from proposals.models.video import VideoCheck

__all__ = [
    "Answer",
    "Attachment",
    "Authorisation",
    "Claim",
    "ClaimState",
    "EarlierAward",
    "Endorsement",
    "Fingerprint",
    "Innovation",
    "Line",
    "Opinion",
    "OverrideReason",
    "Proposal",
    "ProposalQuerySet",
    "Reading",
    "ReasonCode",
    "RegisterEntry",
    "Revision",
    "Screening",
    "ScreeningNotice",
    "Submission",
    "TeamMember",
    "Upload",
    "VideoCheck",
]
