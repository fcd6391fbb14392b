from __future__ import annotations

from accounts.models.deputies import Deputy, DeputyQuerySet
from accounts.models.jobs import KEPT, Job, JobPart, JobQuerySet
from accounts.models.outbox import (
    NO_LEASE,
    Delivery,
    Heartbeat,
    Hook,
    Message,
    MessageQuerySet,
    OuterHost,
)
from accounts.models.people import (
    Invitation,
    InvitationQuerySet,
    Membership,
    MembershipQuerySet,
    PastPassword,
    User,
    UserManager,
    UserQuerySet,
)
from accounts.models.reception import Reception
from accounts.models.records import AuditEntry, Import
from accounts.models.units import Unit, UnitQuerySet

__all__ = [
    "KEPT",
    "NO_LEASE",
    "AuditEntry",
    "Delivery",
    "Deputy",
    "DeputyQuerySet",
    "Heartbeat",
    "Hook",
    "Import",
    "Invitation",
    "InvitationQuerySet",
    "Job",
    "JobPart",
    "JobQuerySet",
    "Membership",
    "MembershipQuerySet",
    "Message",
    "MessageQuerySet",
    "OuterHost",
    "PastPassword",
    "Reception",
    "Unit",
    "UnitQuerySet",
    "User",
    "UserManager",
    "UserQuerySet",
]
