"""What must hold after a run, each with what was found."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.chaos.faults import Hurt
from tests.chaos.load import Entry
from tests.chaos.playing import DRAIN_SECONDS, Run, Window, planned, told

HOST = "localhost"


@dataclass(frozen=True)
class Finding:
    promise: str
    is_kept: bool
    seen: str


def judge(run: Run) -> list[Finding]:
    return [promise(run) for promise in PROMISES]


def no_mail_is_lost(run: Run) -> Finding:
    """What the portal believes to be sent was taken by the mail server."""
    rows = run.ground.ask(
        "SELECT dedupe_key, status, to_email FROM accounts_message WHERE channel = 'mail'"
    )
    taken = run.ground.post.taken
    lost = [key for key, status, _to in rows if status == "sent" and not taken[name(key)]]
    states = dict(Counter(status for _key, status, _to in rows))
    return Finding("lost mails: 0", not lost, f"{len(lost)} of {len(rows)} {states} {lost[:3]}")


def name(dedupe_key: str) -> str:
    return f"<{hashlib.sha256(dedupe_key.encode()).hexdigest()[:40]}@{HOST}>"


def copies_follow_from_kills(run: Run) -> Finding:
    taken = run.ground.post.taken
    extra, allowed = taken.total() - len(taken), run.copies + run.ground.post.cut
    seen = f"{extra} of at most {allowed}, {len(taken)} mails"
    return Finding("extra copies <= interruptions", extra <= allowed, seen)


def mail_is_out(run: Run) -> Finding:
    worst = max(run.drained)
    return Finding(f"drained within {DRAIN_SECONDS} s", worst < DRAIN_SECONDS, f"{worst:.1f} s")


def reminders_are_as_planned(run: Run) -> Finding:
    missing, unplanned = planned(run) - told(run), told(run) - planned(run)
    seen = f"{len(told(run))} told, {len(missing)} missing, {len(unplanned)} unplanned"
    return Finding("reminders exactly as planned", not (missing or unplanned), seen)


def nobody_was_turned_away(run: Run) -> Finding:
    """No error but a 503 without the database, and no answer only from a killed web server."""
    bad = [entry for entry in run.load.log if not is_fair(entry, run.windows)]
    kinds = Counter((entry.act, entry.status) for entry in bad)
    excused = sum(not entry.is_expected for entry in run.load.log) - len(bad)
    seen = f"{len(bad)} of {len(run.load.log)} answers {dict(kinds)}, {excused} excused"
    return Finding("no error that no fault explains", not bad, seen)


def is_fair(entry: Entry, windows: Iterable[Window]) -> bool:
    if entry.is_expected:
        return True
    excuse = {0: Hurt.WEB, 503: Hurt.DATABASE}.get(entry.status)
    return any(
        window.hurts is excuse and entry.sent <= window.ended and window.begun <= entry.answered
        for window in windows
    )


STORED = {
    "save": "SELECT text FROM proposals_revision",
    "upload": "SELECT name FROM proposals_attachment",
    "send": "SELECT proposal_id::text FROM proposals_submission",
    "login": "SELECT session_key FROM django_session",
}


def promises_are_stored(run: Run) -> Finding:
    missing, counts = [], {}
    for act, statement in STORED.items():
        promised = run.load.promised(act)
        stored = {row[0] for row in run.ground.ask(statement)}
        counts[act] = len(promised)
        missing += [(act, key) for key in promised - stored]
    return Finding("acknowledged is stored", not missing, f"{counts}, missing {missing[:5]}")


def invariants_hold(run: Run) -> Finding:
    """The audit trail's chain is one of them."""
    done = run.ground.manage("check_invariants")
    said = (done.stdout + done.stderr).strip()[-300:]
    return Finding("invariants hold", done.returncode == 0, said)


PROMISES: tuple[Callable[[Run], Finding], ...] = (
    no_mail_is_lost,
    copies_follow_from_kills,
    mail_is_out,
    reminders_are_as_planned,
    nobody_was_turned_away,
    promises_are_stored,
    invariants_hold,
)
