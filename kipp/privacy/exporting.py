"""Everything that is held of one person, and nothing of anybody else (UU 27/2022, article 7).

Whoever adds a link to a person adds a line here; a test compares the table with the models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db.models import Model, Q

from accounts.models import (
    AuditEntry,
    Deputy,
    Import,
    Invitation,
    Job,
    Membership,
    Message,
    PastPassword,
    Reception,
    User,
)
from competitions.models import Announcement, Attendee, CommitteeSeat, Extension, Reminder
from judging.models import (
    Absence,
    Addendum,
    Assignment,
    AssignmentDraft,
    Feedback,
    LawChange,
    MinutesSignature,
    NamesakeDismissal,
    Objection,
    Panelist,
    Plenary,
    Publication,
    Ranking,
    Reordering,
    Score,
    SignedMinutes,
    Timetable,
    Visit,
    VisitPhoto,
)
from proposals.models import (
    Answer,
    Attachment,
    Authorisation,
    Claim,
    Endorsement,
    Opinion,
    Proposal,
    Reading,
    Revision,
    Screening,
    ScreeningNotice,
    Submission,
    TeamMember,
    Upload,
)


@dataclass(frozen=True, slots=True)
class Held:
    """Rows that lead to the person by `link`; of them only what is the person's own."""

    model: type[Model]
    link: str
    columns: tuple[str, ...]


PERSON = (
    "email",
    "full_name",
    "nip",
    "phone",
    "language",
    "is_staff",
    "is_active",
    "must_use_mfa",
    "joined_at",
    "last_login",
)
PROPOSAL = ("proposal__title", "proposal__competition__name")
FROZEN = ("ranking__stage__name", "ranking__version")
REORDERED = ("plenary__ranking__stage__name", "number", "place")
PUBLISHED = ("publication__competition__name", "publication__number")
OBJECTION = ("publication__competition__name", "publication__number", "number")
HELD = (
    Held(Membership, "user", ("unit__name", "role", "started_at", "ended_at")),
    Held(Invitation, "user", ("email", "full_name", "purpose", "created_at", "accepted_at")),
    Held(Invitation, "invited_by", ("unit__name", "role", "created_at")),
    Held(Deputy, "user", ("unit__name", "starts_at", "ends_at", "revoked_at")),
    Held(Deputy, "named_by", ("unit__name", "named_at")),
    Held(
        Message,
        "recipient",
        (
            "to_email",
            "kind",
            "subject",
            "status",
            "reason",
            "channel",
            "created_at",
            "sent_at",
            "read_at",
        ),
    ),
    Held(PastPassword, "user", ("set_at",)),
    Held(Reception, "user", ("deadlines", "progress", "digest_hour", "time_zone", "address")),
    Held(Import, "sent_by", ("kind", "name", "sent_at", "applied_at")),
    Held(Job, "owner", ("kind", "about", "status", "asked_at", "finished_at")),
    Held(AuditEntry, "actor", ("at", "action", "object_type", "object_id", "reason")),
    Held(EmailAddress, "user", ("email", "verified")),
    Held(Authenticator, "user", ("type", "created_at", "last_used_at")),
    Held(UserSession, "user", ("created_at", "last_seen_at", "ip", "user_agent")),
    Held(LogEntry, "user", ("action_time", "action_flag", "content_type__model", "object_id")),
    Held(CommitteeSeat, "user", ("competition__name", "role")),
    Held(Announcement, "published_by", ("competition__name", "title", "published_at")),
    Held(Extension, "granted_by", ("round__name", "reason", "letter_number", "granted_at")),
    Held(Reminder, "recipient", ("rule__round__name", "lead", "created_at")),
    Held(Attendee, "signed_up_by", ("workshop__round__name", "unit__name", "signed_up_at")),
    Held(Attendee, "marked_by", ("workshop__round__name", "attended_at")),
    Held(
        Panelist,
        "user",
        (
            "stage__name",
            "stage__round__competition__name",
            "kind",
            "status",
            "capacity",
            "seated_at",
            "answered_at",
            "answer_note",
            "tracks__name",
            "categories__name",
            "tied_units__name",
        ),
    ),
    Held(AssignmentDraft, "made_by", ("stage__name", "number", "made_at")),
    Held(AssignmentDraft, "released_by", ("stage__name", "number", "released_at")),
    Held(Ranking, "frozen_by", ("stage__name", "version", "frozen_at")),
    Held(SignedMinutes, "uploaded_by", (*FROZEN, "name", "uploaded_at")),
    Held(LawChange, "made_by", ("stage__name", "number", "reason", "made_at")),
    Held(NamesakeDismissal, "user", ("proposal__title", "reason", "dismissed_at")),
    Held(NamesakeDismissal, "dismissed_by", ("proposal__title", "reason", "dismissed_at")),
    Held(Plenary, "opened_by", (*FROZEN, "opened_at", "closed_at")),
    Held(Reordering, "proposed_by", (*REORDERED, "reason", "proposed_at")),
    Held(Reordering, "decided_by", (*REORDERED, "status", "decided_at")),
    Held(Addendum, "written_by", (*FROZEN, "number", "text", "written_at")),
    Held(Visit, "saved_by", ("entry_id", "summary", "saved_at")),
    Held(VisitPhoto, "taken_by", ("visit__entry_id", "name", "caption", "added_at")),
    Held(Timetable, "released_by", ("stage__name", "released_at")),
    Held(Absence, "panelist__user", ("panelist__stage__name", "starts_at", "ends_at")),
    Held(Publication, "proposed_by", ("competition__name", "number", "proposed_at")),
    Held(Publication, "released_by", ("competition__name", "number", "released_at")),
    Held(Feedback, "prepared_by", (*PUBLISHED, "prepared_at")),
    Held(Feedback, "released_by", (*PUBLISHED, "released_at")),
    Held(MinutesSignature, "panelist__user", (*FROZEN, "asked_at", "signed_at")),
    Held(
        Objection,
        "made_by",
        (*OBJECTION, "reason_label", "text", "evidence_name", "received_at", "decision"),
    ),
    Held(Objection, "officer", (*OBJECTION, "appointed_at", "decision", "decided_at")),
    Held(Proposal, "created_by", ("title", "competition__name", "unit__name", "created_at")),
    Held(Answer, "saved_by", ("proposal__title", "section__label", "text", "saved_at")),
    Held(
        Revision,
        "saved_by",
        ("answer__proposal__title", "answer__section__label", "text", "saved_at"),
    ),
    Held(Attachment, "uploaded_by", ("proposal__title", "name", "size", "uploaded_at")),
    Held(Upload, "begun_by", ("proposal__title", "name", "size", "begun_at")),
    Held(Authorisation, "given_by", (*PROPOSAL, "given_at", "ended_at")),
    Held(Submission, "submitted_by", (*PROPOSAL, "receipt", "received_at")),
    Held(Endorsement, "decided_by", (*PROPOSAL, "verdict", "note", "decided_at")),
    Held(Reading, "reader", (*PROPOSAL, "version", "read_at")),
    Held(Screening, "decided_by", ("submission__receipt", "verdict", "note", "decided_at")),
    Held(Opinion, "decided_by", ("submission__receipt", "verdict", "note", "decided_at")),
    Held(ScreeningNotice, "announced_by", ("competition__name", "number", "announced_at")),
    Held(Claim, "saved_by", (*PROPOSAL, "indicator", "saved_at")),
    Held(TeamMember, "saved_by", (*PROPOSAL, "saved_at")),
    # What a judge wrote is the judge's; whom it judged is not.
    Held(
        Assignment,
        "panelist__user",
        ("entry_id", "status", "comment", "declared_at", "submitted_at"),
    ),
    Held(
        Score,
        "assignment__panelist__user",
        ("assignment__entry_id", "criterion__label", "value", "comment"),
    ),
)


def person_data(person: User, *, at: datetime) -> Mapping[str, object]:
    """Plain values, to be written as JSON."""
    return {
        "made_at": at,
        "person": User.objects.values(*PERSON).get(pk=person.pk),
        "named_elsewhere": _named_elsewhere(person),
        "rows": {
            f"{held.model._meta.label} {held.link}": list(
                held.model._default_manager.filter(**{held.link: person})
                .order_by("pk")
                .values(*held.columns)
            )
            for held in HELD
        },
        "not_included": (
            "Texts of mails and letters; e-mail addresses, names and proposals of others; the web"
            " server's log of requests."
        ),
    }


def _named_elsewhere(person: User) -> Mapping[str, object]:
    """Where others wrote the person down: found by NIP and address, never by a name alone."""
    nip = person.nip or "none"
    by_nip = Q(signer_nip=nip)
    return {
        "team": list(TeamMember.objects.filter(nip=nip).values(*PROPOSAL, "name", "role", "nip")),
        "signer": list(
            Proposal.objects.filter(by_nip).values("title", "signer_name", "signer_nip")
        ),
        "invitations": list(
            Invitation.objects.filter(email__iexact=person.email).values(
                "email", "full_name", "unit__name", "role", "created_at", "accepted_at"
            )
        ),
        "mails": list(
            Message.objects.filter(to_email__iexact=person.email, recipient=None).values(
                "to_email", "kind", "subject", "status", "created_at"
            )
        ),
        "trail": list(
            AuditEntry.objects.filter(object_type="user", object_id=str(person.pk)).values(
                "at", "action", "reason"
            )
        ),
    }
