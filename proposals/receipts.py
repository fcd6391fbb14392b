"""The receipt as a signed link of its competition's chain, and how one is checked.

What is signed is the canonical JSON of `Payload`: it names the hash of the content, which names the
hash of every file, and the link before it, which names the one before that. `proof_of` is the file
that people keep; how to check it without this software: docs/periksa-tanda-terima.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypedDict

from django.conf import settings
from django.urls import reverse

from kipp.lib import signing
from proposals.content import canonical, digest
from proposals.models import Proposal, Submission
from proposals.workflow import ProposalStatus

FORMAT = 1
# What the first receipt of a competition follows.
GENESIS = "0" * 64


class Payload(TypedDict):
    """Nothing about the unit or the proposal: whoever sees it learns number, time and hashes."""

    format: int
    competition: str
    number: int
    receipt: str
    received_at: str
    judged_at: str
    sha256: str
    rules_sha256: str
    previous: str
    key: str


class Standing(StrEnum):
    CURRENT = "current"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class BrokenProofError(Exception):
    """The file is no receipt; the message says why."""


def seal(submission: Submission, *, previous: str) -> None:
    """Sign it as the link after `previous`; everything else must be set by now."""
    private = settings.SIGNING_KEY
    submission.previous = previous
    submission.key_id = signing.key_id(signing.public_key(private))
    message = canonical(payload_of(submission))
    submission.link = digest(payload_of(submission))
    submission.signature = signing.sign(message, private=private)


def payload_of(submission: Submission) -> Payload:
    return {
        "format": FORMAT,
        "competition": submission.content["competition"]["slug"],
        "number": submission.number,
        "receipt": submission.receipt,
        "received_at": _stamp(submission.received_at),
        "judged_at": _stamp(submission.judged_at),
        "sha256": submission.sha256,
        "rules_sha256": submission.content["form_sha256"],
        "previous": submission.previous,
        "key": submission.key_id,
    }


def proof_of(submission: Submission) -> bytes:
    """JSON in three lines: the second is exactly what was signed, for tools that know no JSON."""
    signed = canonical(payload_of(submission)).decode()
    return f'{{"payload":\n{signed}\n,"signature":"{submission.signature}"}}\n'.encode()


def read_proof(text: bytes) -> tuple[Mapping[str, object], str]:
    """Payload and signature of a kept file, however it was laid out meanwhile."""
    try:
        proof = json.loads(text)
        payload, signature = proof["payload"], proof["signature"]
    except (ValueError, TypeError, KeyError) as error:
        raise BrokenProofError("it is not the JSON file of a receipt") from error
    if not isinstance(payload, dict) or not isinstance(signature, str):
        raise BrokenProofError("it is not the JSON file of a receipt")
    return payload, signature


def public_keys() -> Mapping[str, str]:
    """By their ids: the key that signs now, then the earlier ones that still prove."""
    return signing.by_id([signing.public_key(settings.SIGNING_KEY), *settings.EARLIER_SIGNING_KEYS])


def require_signed(payload: Mapping[str, object], *, signature: str) -> None:
    """Raise unless one of our keys signed exactly this."""
    public = public_keys().get(str(payload.get("key")))
    if public is None:
        raise BrokenProofError(f"the portal has no key {payload.get('key')}")
    if not signing.is_signed(canonical(payload), signature=signature, public=public):
        raise BrokenProofError("the signature does not fit: the file was changed or made up")


def is_genuine(submission: Submission) -> bool:
    """Whether the stored receipt still says what was signed."""
    payload = payload_of(submission)
    try:
        require_signed({**payload}, signature=submission.signature)
    except BrokenProofError:
        return False
    return digest(submission.content) == submission.sha256


def standing_of(submission: Submission, *, proposal: Proposal) -> Standing:
    if submission.superseded_at is None:
        return Standing.CURRENT
    is_withdrawn = proposal.status == ProposalStatus.WITHDRAWN
    return Standing.WITHDRAWN if is_withdrawn else Standing.REPLACED


def verify_url(submission: Submission) -> str:
    """The portal's own address, whatever name the request came under: it stands on paper."""
    return settings.SITE_URL + reverse("proposals:receipt-verify", args=[submission.receipt])


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
