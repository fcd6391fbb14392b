"""Who was in the teams, what they claim, and what the committee found of it."""

from __future__ import annotations

from datetime import datetime
from itertools import zip_longest

from accounts.models import User
from kipp.demo.content import DemoProposal, claims_of
from kipp.lib.numbers import parse_number
from proposals import services
from proposals.models import Claim, Proposal, Submission, TeamMember
from proposals.models.ledger import DIGITS, PLACES

ROLES = ("Ketua tim", "Pengelola data")
PERIOD = "Tahun sebelum dan tahun terakhir penerapan"
METHOD = "Catatan unit; angka contoh untuk demonstrasi"


def enter_lines(proposal: Proposal, paper: DemoProposal, author: User, *, at: datetime) -> None:
    """The photo stands for the proof of the first claim; a second one is only claimed."""
    for name, role in zip_longest(paper.innovators, ROLES[: len(paper.innovators)]):
        member = TeamMember(proposal=proposal, name=name, role=role or "Anggota")
        services.add_line(member, by=author, at=at)
    photo = proposal.attachments.filter(slot__kind="image").first()
    for row in claims_of(paper):
        claim = Claim(
            proposal=proposal,
            indicator=row.indicator,
            before=parse_number(row.before, digits=DIGITS, places=PLACES),
            after=parse_number(row.after, digits=DIGITS, places=PLACES),
            measure=row.measure,
            better=row.better,
            period=PERIOD,
            method=METHOD,
            source=photo,
        )
        services.add_line(claim, by=author, at=at)
        photo = None


def find_claims(submission: Submission, paper: DemoProposal, by: User, *, at: datetime) -> None:
    rows = [row for row in claims_of(paper) if row.found]
    keys = {claim["indicator"]: claim["key"] for claim in submission.content["claims"]}
    for row in rows:
        services.check_claim(
            submission,
            key=keys[row.indicator],
            state=row.found,
            note=row.note,
            version=0,
            by=by,
            at=at,
        )
