"""What must hold of proposals at any time; each check answers with the sentences of the offenders.

The number of each is its place in the list of invariants that the whole portal keeps.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import Lag

from accounts.models import AuditEntry
from competitions.workflow import CompetitionStatus
from kipp.lib.files import CHUNK, has_file, open_file
from kipp.lib.text import clean_text
from proposals.content import digest, public_summary
from proposals.models import (
    Answer,
    Attachment,
    Authorisation,
    Claim,
    EarlierAward,
    Innovation,
    Proposal,
    RegisterEntry,
    Revision,
    Screening,
    Submission,
    TeamMember,
)
from proposals.models.innovation import innovation_number
from proposals.queries.deadlines import deadlines_for
from proposals.queries.desk import claims_of
from proposals.queries.files import files_of
from proposals.queries.standing import HEADSTART, closing_window, obstacles_of
from proposals.receipts import GENESIS, BrokenProofError, payload_of, require_signed
from proposals.workflow import PROPOSAL_FLOW, RECEIVED, UNSENT, ProposalMove, ProposalStatus

# The word in the trail: the move that it records.
MOVES: Mapping[str, ProposalMove] = MappingProxyType(
    {
        "proposal.sent": ProposalMove.SEND,
        "proposal.recalled": ProposalMove.RECALL,
        "proposal.returned": ProposalMove.RETURN,
        "proposal.submitted": ProposalMove.SUBMIT,
        "proposal.resubmitted": ProposalMove.RESUBMIT,
        "proposal.returned_for_completion": ProposalMove.RETURN_FOR_COMPLETION,
        "proposal.passed": ProposalMove.ACCEPT,
        "proposal.failed": ProposalMove.REJECT,
        "proposal.screening_reopened": ProposalMove.REOPEN,
        "proposal.withdrawn": ProposalMove.WITHDRAW,
    }
)


def received_have_one_current_submission(at: datetime) -> Iterator[str]:
    """1: a proposal that the committee has received has exactly one current submission."""
    current: defaultdict[int, int] = defaultdict(int)
    for proposal_id in Submission.objects.filter(superseded_at=None).values_list(
        "proposal", flat=True
    ):
        current[proposal_id] += 1
    for pk, status in Proposal.objects.values_list("pk", "status"):
        wanted = 1 if status in RECEIVED else 0
        if current[pk] != wanted:
            yield f"Proposal {pk} is {status} with {current[pk]} current submissions."


def hashes_recompute(at: datetime) -> Iterator[str]:
    """2: the hash on the receipt is that of the content."""
    for submission in Submission.objects.iterator(chunk_size=200):
        if digest(submission.content) != submission.sha256:
            yield f"Submission {submission.receipt} was changed after it was sealed."
        if submission.content.get("receipt") != submission.receipt:
            yield f"Submission {submission.receipt} holds another receipt's content."


def files_are_there(at: datetime) -> Iterator[str]:
    """3: every file that a row names is stored, with its size and hash."""
    sizes: defaultdict[str, set[int]] = defaultdict(set)
    for sha256, size, thumbnail in Attachment.objects.values_list(
        "sha256", "size", "thumbnail_sha256"
    ):
        sizes[sha256].add(size)
        sizes[thumbnail] |= set()
    for submission in Submission.objects.iterator(chunk_size=200):
        for file in files_of(submission):
            sizes[file["sha256"]].add(file["size"])
            sizes[file["thumbnail_sha256"]] |= set()
    sizes.pop("", None)
    for sha256, claimed in sizes.items():
        yield from _check_blob(sha256, claimed=claimed)


def _check_blob(sha256: str, *, claimed: Iterable[int]) -> Iterator[str]:
    """`claimed` is what rows and frozen copies say of its size; of a thumbnail nothing is said."""
    if not has_file(sha256):
        yield f"File {sha256} is missing from the storage."
        return
    found, length = hashlib.sha256(), 0
    with open_file(sha256) as stream:
        while chunk := stream.read(CHUNK):
            found.update(chunk)
            length += len(chunk)
    if found.hexdigest() != sha256:
        yield f"File {sha256} has other content than its name says."
        return
    for size in sorted(claimed):
        if size != length:
            yield f"File {sha256} has {length} bytes, a row says {size}."


def sent_before_the_end(at: datetime) -> Iterator[str]:
    """5: what was received came before the end in force for its unit, extensions included."""
    for submission in Submission.objects.select_related(
        "proposal__competition", "proposal__unit"
    ).order_by("pk"):
        ends_at = _end_for(submission)
        if ends_at is None or submission.received_at >= ends_at:
            yield f"Submission {submission.receipt} came after the end of its time."


def _end_for(submission: Submission) -> datetime | None:
    asked = Screening.objects.filter(
        submission__proposal=submission.proposal_id,
        submission__pk__lt=submission.pk,
        verdict=Screening.Verdict.COMPLETION,
    ).first()
    if asked:
        return asked.completion_due_at
    window = deadlines_for(submission.proposal).endorsing
    return window.ends_at if window else None


def moves_are_in_the_trail(at: datetime) -> Iterator[str]:
    """14: replaying the trail through the workflow leads to the stored state."""
    trails: defaultdict[str, list[str]] = defaultdict(list)
    entries = AuditEntry.objects.filter(object_type="proposal", action__in=MOVES)
    for object_id, action in entries.order_by("number").values_list("object_id", "action"):
        trails[object_id].append(action)
    for pk, status in Proposal.objects.values_list("pk", "status"):
        replayed = replay(trails[str(pk)])
        if replayed != status:
            yield f"Proposal {pk} is {status}, its trail says {replayed}."


def replay(actions: list[str]) -> str:
    """Where these entries lead from a draft; names the entry that no move explains."""
    status: str = ProposalStatus.DRAFT
    for action in actions:
        move = PROPOSAL_FLOW.moves[MOVES[action]]
        if status not in move.sources:
            return f"{action} out of {status}"
        status = move.to
    return status


def revisions_count_up_to_the_text(at: datetime) -> Iterator[str]:
    """16: the revisions of a section count 1, 2, 3, and the last one is what stands there."""
    before = Window(Lag("version", default=0), partition_by=F("answer"), order_by="version")
    leaps = Revision.objects.annotate(before=before).exclude(version=F("before") + 1)
    for answer, version in leaps.order_by("pk").values_list("answer", "version"):
        yield f"Answer {answer} has a revision {version} that follows on none."
    same = Q(revisions__version=F("version"), revisions__text=F("text"))
    kept = Answer.objects.filter(same).values("pk")
    overtaken = Answer.objects.filter(revisions__version__gt=F("version")).values("pk")
    for pk in Answer.objects.filter(~Q(pk__in=kept) | Q(pk__in=overtaken)).values_list(
        "pk", flat=True
    ):
        yield f"Answer {pk} is not what its last revision says."


def receipts_count_without_gaps(at: datetime) -> Iterator[str]:
    """17: per competition 1, 2, 3 and so on, in the order in which they were made."""
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for slug, number in Submission.objects.order_by("pk").values_list(
        "competition__slug", "number"
    ):
        numbers[slug].append(number)
    for slug, found in numbers.items():
        if found != list(range(1, len(found) + 1)):
            yield f"The receipts of {slug} are not counted without gaps."


def receipts_are_signed(at: datetime) -> Iterator[str]:
    """2: what the portal signed is what stands here, under a key that it still publishes."""
    for submission in Submission.objects.iterator(chunk_size=200):
        try:
            require_signed({**payload_of(submission)}, signature=submission.signature)
        except BrokenProofError as error:
            yield f"Submission {submission.receipt}: {error}."
        if submission.link != digest(payload_of(submission)):
            yield f"Submission {submission.receipt} has a link of something else."


def receipts_form_one_chain(at: datetime) -> Iterator[str]:
    """17: each receipt names the link before it, and their instants never go back."""
    last: dict[int, Submission] = {}
    for submission in Submission.objects.order_by("competition", "number").iterator(chunk_size=200):
        before = last.get(submission.competition_id)
        if submission.previous != (before.link if before else GENESIS):
            yield f"Submission {submission.receipt} does not follow the receipt before it."
        if before and submission.judged_at < before.judged_at:
            yield f"Submission {submission.receipt} was judged before the receipt before it."
        last[submission.competition_id] = submission


def text_is_clean(at: datetime) -> Iterator[str]:
    """19: text is NFC and holds nothing that cannot be seen."""
    texts = {
        "Answer": Answer.objects.values_list("pk", "text"),
        "Revision": Revision.objects.values_list("pk", "text"),
        "Title of proposal": Proposal.objects.values_list("pk", "title"),
        "Claim": Claim.objects.values_list("pk", "indicator"),
        "Member of a team": TeamMember.objects.values_list("pk", "name"),
        "Innovation": Innovation.objects.values_list("pk", "title"),
        "Note of screening": Screening.objects.values_list("pk", "note"),
    }
    for name, rows in texts.items():
        for pk, text in rows.iterator(chunk_size=500):
            if not is_clean(text):
                yield f"{name} {pk} holds unclean text."


def claims_stand_on_own_files(at: datetime) -> Iterator[str]:
    """A claim's source is a file of its own proposal, and of the same submission once sealed."""
    strangers = Claim.objects.exclude(source=None).exclude(source__proposal=F("proposal"))
    for pk in strangers.values_list("pk", flat=True):
        yield f"Claim {pk} names a file of another proposal."
    for submission in Submission.objects.iterator(chunk_size=200):
        files = {file["sha256"] for file in files_of(submission)}
        for claim in claims_of(submission):
            if claim["source"] and claim["source"]["sha256"] not in files:
                yield f"Submission {submission.receipt} names a source that it does not hold."


def the_register_says_what_awards_say(at: datetime) -> Iterator[str]:
    """An innovation is in the public register exactly while an award names it, with these tiers."""
    tiers: defaultdict[int, set[str]] = defaultdict(set)
    newest: dict[int, Submission] = {}
    awards = EarlierAward.objects.select_related("submission").order_by("submission_id")
    for award in awards.iterator(chunk_size=200):
        tiers[award.innovation_id].add(award.tier)
        if award.submission:
            newest[award.innovation_id] = award.submission
    entries = {entry.pk: entry for entry in RegisterEntry.objects.defer("vector", "stems")}
    for pk in sorted(tiers.keys() ^ entries.keys()):
        yield f"{innovation_number(pk)} is {'' if pk in entries else 'not '}in the register."
    for pk in sorted(tiers.keys() & entries.keys()):
        said = public_summary(newest[pk].content["sections"]) if pk in newest else ""
        if set(entries[pk].tiers) != tiers[pk] or entries[pk].summary != said:
            yield f"The register says of {innovation_number(pk)} what its awards do not say."


def what_was_authorised_was_sent(at: datetime) -> Iterator[str]:
    """An authorised proposal that was complete at its close was sent by itself.

    Only where nothing was written or withdrawn since can the rules of today speak of that moment.
    """
    waiting = Authorisation.objects.filter(
        ended_at=None,
        proposal__status__in=UNSENT,
        proposal__competition__status=CompetitionStatus.PUBLISHED,
    )
    for authorisation in waiting.select_related("given_by"):
        proposal = Proposal.objects.for_page().get(pk=authorisation.proposal_id)
        window = closing_window(proposal, deadlines_for(proposal))
        if window is None or at < window.ends_at:
            continue
        due = window.ends_at - HEADSTART
        was_due = authorisation.given_at <= due and not _has_moved(proposal, since=due)
        if was_due and not obstacles_of(authorisation):
            yield f"Proposal {proposal.pk} was authorised and complete, but not sent."


def history_of(proposal: Proposal) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(object_type="proposal", object_id=str(proposal.pk))


def _has_moved(proposal: Proposal, *, since: datetime) -> bool:
    mine = {"proposal": proposal}
    changes = (
        Answer.objects.filter(saved_at__gte=since, **mine),
        Attachment.objects.filter(uploaded_at__gte=since, **mine),
        Claim.objects.filter(saved_at__gte=since, **mine),
        TeamMember.objects.filter(saved_at__gte=since, **mine),
        AuditEntry.objects.filter(
            object_type="proposal", object_id=str(proposal.pk), at__gte=since
        ),
        Proposal.objects.filter(
            competition=proposal.competition_id,
            status=ProposalStatus.WITHDRAWN,
            held_since__gte=since,
        ),
    )
    return any(rows.exists() for rows in changes)


def silence_is_told_once(at: datetime) -> Iterator[str]:
    """Between two letters to the one above, the proposal was on another desk."""
    told: dict[str, bool] = {}
    entries = AuditEntry.objects.filter(
        object_type="proposal", action__in=[*MOVES, "proposal.escalated"]
    )
    for pk, action in entries.order_by("number").values_list("object_id", "action"):
        is_letter = action == "proposal.escalated"
        if is_letter and told.get(pk):
            yield f"Silence on proposal {pk} was told twice."
        told[pk] = is_letter


def is_clean(text: str) -> bool:
    try:
        return clean_text(text) == text
    except ValidationError:
        return False


INVARIANTS = (
    received_have_one_current_submission,
    hashes_recompute,
    files_are_there,
    sent_before_the_end,
    moves_are_in_the_trail,
    revisions_count_up_to_the_text,
    receipts_count_without_gaps,
    receipts_are_signed,
    receipts_form_one_chain,
    text_is_clean,
    claims_stand_on_own_files,
    the_register_says_what_awards_say,
    what_was_authorised_was_sent,
    silence_is_told_once,
)
