"""The minutes (berita acara) of a frozen ranking: one shape for PDF and DOCX, in Indonesian."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import AuditEntry
from judging.exports import show_number
from judging.law_words import gate_sentences, law_sentences
from judging.minutes_blocks import Block, bullets, heading, paragraph, table
from judging.models import Addendum, Conflict, MinutesSignature, Ranking
from judging.queries.minutes import Change, Listed, Minutes
from judging.queries.proof import plain_moves
from judging.ranking import Correction, Law, canonical, law_from_plain
from kipp.lib import clock

DOTS = "." * 36


def minutes_data(minutes: Minutes) -> dict[str, object]:
    """The same ranking gives the same minutes; call it where Indonesian is active."""
    law = law_from_plain(minutes.ranking.law)
    return _paper(
        minutes.ranking,
        title=_("Minutes of the judging"),
        blocks=[
            *_opening_blocks(minutes.ranking),
            *_session_blocks(minutes),
            heading(_("The law")),
            bullets(law_sentences(law, labels=minutes.labels, tiers=minutes.tiers)),
            *_gate_blocks(minutes, law=law),
            heading(_("The list")),
            _list_table(minutes),
            *_tie_blocks(minutes, law=law),
            *_plenary_blocks(minutes),
            *_change_blocks(minutes),
            *_proof_blocks(minutes.ranking),
        ],
        signers=[row["name"] for row in minutes.ranking.session["panel"]],
    )


def minutes_sha256(minutes: Minutes) -> str:
    """Of what is signed: the text of the minutes, whatever signatures it carries by now."""
    with translation.override("id"):
        text = json.dumps(minutes_data(minutes), ensure_ascii=False, sort_keys=True)
    return sha256(text.encode()).hexdigest()


def signature_blocks(signatures: Sequence[MinutesSignature], *, ranking: Ranking) -> list[Block]:
    """Who signed with a one-time code, and whether that is more than half of the panel."""
    if not signatures:
        return []
    rows = [
        [
            str(each.panelist.user),
            clock.show_moment(each.signed_at, zone=_zone(ranking)),
            each.minutes_sha256[:16],
        ]
        for each in signatures
        if each.signed_at is not None
    ]
    panel = len(ranking.session["panel"])
    told = {"count": len(rows), "panel": panel}
    sentence = _("%(count)d of %(panel)d judges have signed with a one-time code.") % told
    reached = (
        _("That is more than half.") if 2 * len(rows) > panel else _("That is not more than half.")
    )
    return [
        heading(_("Signed with one-time codes")),
        paragraph(f"{sentence} {reached}"),
        table([_("Judge"), _("Signed at"), _("Hash of the minutes")], rows, widths=[5, 5, 5]),
    ]


def addendum_data(addendum: Addendum) -> dict[str, object]:
    ranking = addendum.ranking
    written = clock.show_moment(addendum.written_at, zone=_zone(ranking))
    told = {"number": addendum.number, "version": ranking.version, "at": written}
    return _paper(
        ranking,
        title=_("Addendum %(number)d to the minutes of the judging") % told,
        blocks=[
            paragraph(
                _(
                    "Written on %(at)s to the minutes of version %(version)d, which stay as they "
                    "are."
                )
                % told
            ),
            *(paragraph(line) for line in addendum.text.splitlines() if line.strip()),
            *_proof_blocks(ranking),
        ],
        signers=[row["name"] for row in ranking.session["panel"]],
    )


def _paper(
    ranking: Ranking, *, title: str, blocks: Sequence[Block], signers: Sequence[str]
) -> dict[str, object]:
    names = ranking.session
    return {
        "site": settings.PORTAL["name"],
        "title": title,
        "agency": names["host"],
        "subject": f"{names['stage']}, {names['competition']}",
        "number": _("Number: %(dots)s") % {"dots": DOTS},
        "blocks": list(blocks),
        "place": f"{names['host']}, {DOTS}",
        "signature_head": [_("No."), _("Name"), _("Office"), _("Signature")],
        "signatures": [
            ["1", DOTS, _("Chair of the committee")],
            *([str(place), name, _("Judge")] for place, name in enumerate(signers, start=2)),
        ],
    }


def _zone(ranking: Ranking) -> str:
    zone: str = ranking.session["time_zone"]
    return zone


def _person(ranking: Ranking, user: int | None) -> str:
    """By the name of that day."""
    name: str = ranking.session["people"].get(str(user), "-")
    return name


def _opening_blocks(ranking: Ranking) -> list[Block]:
    frozen = ranking.frozen_at
    told = {
        "day": clock.show_weekday(frozen.astimezone(ZoneInfo(_zone(ranking))).date()),
        "time": clock.show_time(frozen, zone=_zone(ranking)),
        "stage": ranking.session["stage"],
        "competition": ranking.session["competition"],
        "version": ranking.version,
        "by": _person(ranking, ranking.frozen_by_id),
    }
    sentence = _(
        "On %(day)s at %(time)s %(by)s froze the ranking of the stage %(stage)s of "
        "%(competition)s as version %(version)d. What follows is taken from this frozen ranking "
        "alone."
    )
    return [paragraph(sentence % told)]


def _session_blocks(minutes: Minutes) -> list[Block]:
    """Quorum and recusals."""
    session, lines = minutes.ranking.session, minutes.lines
    readings = [line.readings for line in lines] or [0]
    ends = dict.fromkeys((min(readings), max(readings)))
    unranked = sum(1 for line in lines if line.unranked)
    done = sum(row["done_count"] for row in session["panel"])
    facts = [
        [_("Judges on the panel"), str(len(session["panel"]))],
        [_("Judges who submitted"), str(sum(1 for row in session["panel"] if row["done_count"]))],
        [_("Scorecards counted"), str(done)],
        [_("Scorecards not submitted"), str(session["missing"])],
        [_("Entries"), str(len(lines))],
        [_("Readings per entry"), "-".join(map(str, ends))],
        [_("Readings that the law demands"), str(minutes.ranking.law["min_readings"])],
        [_("Entries without a rank"), str(unranked)],
    ]
    counts = ("owed_count", "done_count", "recused_count")
    panel = [[row["name"], *(str(row[each]) for each in counts)] for row in session["panel"]]
    head = [_("Judge"), _("Owed"), _("Submitted"), _("Recused")]
    return [
        heading(_("Quorum")),
        {"kind": "facts", "rows": facts},
        table(head, panel, widths=[6, 2, 2, 2]),
        heading(_("Conflicts of interest")),
        _recusals(minutes),
    ]


def _recusals(minutes: Minutes) -> Block:
    recusals = minutes.ranking.session["recusals"]
    if not recusals:
        return paragraph(_("No judge stood back from an entry."))
    titles = {line.receipt: line.title for line in minutes.lines}
    grounds = dict(Conflict.Ground.choices)
    rows = [
        [
            row["judge"],
            titles.get(row["entry"], row["entry"]),
            f"{grounds.get(row['ground'], row['ground'])}: {row['note']}".removesuffix(": "),
        ]
        for row in recusals
    ]
    return table([_("Judge"), _("Innovation"), _("Reason")], rows, widths=[3, 4, 5])


def _gate_blocks(minutes: Minutes, *, law: Law) -> list[Block]:
    """Whether strict and lenient judges were told apart, and why they were or were not."""
    is_asked = law.correction is not Correction.NONE
    gate = minutes.gate
    if gate is None:
        said = [_("The law corrects no severity, and its method knows no correction.")]
    elif gate.refusals:
        head = (
            _("The law asks for a correction of severity; it was not applied, because:")
            if is_asked
            else _("The law corrects no severity. It could not have done so safely, because:")
        )
        said = [head, *gate_sentences(gate.refusals)]
    elif is_asked:
        said = [_("The correction of severity that the law asks for was applied."), _safe()]
    else:
        said = [_("The law corrects no severity: the raw scores count."), _safe()]
    return [heading(_("Severity of the judges")), paragraph(said[0]), *_reasons(said[1:])]


def _safe() -> str:
    return _(
        "The judges can be compared: entries that they read in common tie all of them to one "
        "another, each has read at least 8, and each severity is known to 5% of the scale or "
        "better."
    )


def _reasons(sentences: Sequence[str]) -> list[Block]:
    return [bullets(sentences)] if sentences else []


def _list_table(minutes: Minutes) -> Block:
    rows = [
        [
            _place(line),
            f"{line.title}\n{line.unit}",
            line.receipt,
            show_number(line.score) or "-",
            _outcome(line, tiers=minutes.tiers),
        ]
        for line in minutes.lines
    ]
    head = [_("Place"), _("Innovation"), _("Receipt"), _("Score"), _("Outcome")]
    return table(head, rows, widths=[2, 7, 6, 2, 4])


def _place(line: Listed) -> str:
    if line.law_place in (None, line.place):
        return str(line.place or "-")
    return _("%(place)d (by the law %(law_place)d)") % {
        "place": line.place,
        "law_place": line.law_place,
    }


def _outcome(line: Listed, *, tiers: Mapping[str, str]) -> str:
    if line.unranked:
        return _("Not ranked")
    if line.decision == "passed":
        return _("passed over by the spread rule")
    if line.tiers:
        return ", ".join(tiers.get(key, key) for key in line.tiers)
    return _("Advances") if line.advances else ""


def _tie_blocks(minutes: Minutes, *, law: Law) -> list[Block]:
    tied = [line for line in minutes.lines if line.tie]
    if not tied:
        return [heading(_("Ties")), paragraph(_("No two entries had the same score."))]
    rows = [
        [
            str(line.rank),
            str(line.place),
            line.title,
            _how(line, labels=minutes.labels),
        ]
        for line in tied
    ]
    head = [_("Shared rank"), _("Place"), _("Innovation"), _("Parted by")]
    return [
        heading(_("Ties and how they were broken")),
        table(head, rows, widths=[2, 2, 6, 5]),
    ]


def _how(line: Listed, *, labels: Mapping[str, str]) -> str:
    how = _("still tied after the whole chain")
    if line.tie != "unbroken":
        how = labels.get(line.tie, line.tie)
    at_line = {
        "kept": _("kept at the line"),
        "left": _("left out at the line"),
        "tie_break": _("decided at the line"),
        "passed": _("passed over by the spread rule"),
        "entered": _("moved up by the spread rule"),
    }
    return ", ".join(filter(None, [how, at_line.get(line.decision, "")]))


def _plenary_blocks(minutes: Minutes) -> list[Block]:
    """What the plenary moved on the list that the law made; nothing where it moved nobody."""
    ranking = minutes.ranking
    if not ranking.reorderings:
        return []
    lines = {line.receipt: line for line in minutes.lines}
    rows = [
        [
            str(number),
            lines[row["key"]].title,
            str(lines[row["key"]].law_place),
            str(row["place"]),
            row["reason"],
            f"{row['proposed_by']}\n{row['confirmed_by']}",
        ]
        for number, row in enumerate(ranking.reorderings, start=1)
    ]
    head = [
        *(_("No."), _("Innovation"), _("Place by the law"), _("Put on place")),
        *(_("Reason"), _("Proposed and confirmed by")),
    ]
    return [
        heading(_("Changes of the order by the plenary")),
        paragraph(
            _("Scores and law were not touched; each entry was put on another place for a reason.")
        ),
        table(head, rows, widths=[2, 4, 2, 3, 5, 3]),
    ]


def _change_blocks(minutes: Minutes) -> list[Block]:
    """What was done by hand since the version before, with its reason, and what it moved."""
    blocks = [heading(_("Acts by hand since the version before"))]
    if not minutes.moves:
        return [*blocks, paragraph(_("None: the list is what the law made of the scorecards."))]
    blocks.append(bullets([_move(entry, minutes=minutes) for entry in minutes.moves]))
    if minutes.changes:
        head = [_("Innovation"), _("Place before"), _("Place now")]
        blocks.append(table(head, [_moved(each) for each in minutes.changes], widths=[8, 2, 2]))
    return blocks


def _move(entry: AuditEntry, *, minutes: Minutes) -> str:
    acts = {
        "stage.reopened": _("The stage was opened again"),
        "stage.law_changed": _("The law was changed while the stage was open"),
        "stage.second_look": _("The second look of the law was taken"),
        "stage.panel_voted": _("The panel voted on who stayed tied"),
        "stage.reordered": _("The plenary changed the order"),
    }
    at = clock.show_moment(entry.at, zone=_zone(minutes.ranking))
    by = _person(minutes.ranking, entry.actor_id)
    told = {"act": acts[entry.action], "by": by, "at": at, "reason": entry.reason}
    return _("%(act)s, recorded by %(by)s on %(at)s. Reason: %(reason)s") % told


def _moved(change: Change) -> list[str]:
    return [change.line.title, str(change.before or "-"), str(change.line.place or "-")]


def _proof_blocks(ranking: Ranking) -> list[Block]:
    checker = settings.SITE_URL + reverse("judging:checker")
    return [
        heading(_("Proof")),
        {
            "kind": "facts",
            "rows": [
                [_("Hash of the inputs"), ranking.inputs_hash],
                *_moves_hash(ranking),
                [_("Version of the law's code"), ranking.code_version],
                [_("Seed of the assignment"), str(ranking.stage.seed)],
                [_("Checker"), checker],
            ],
        },
    ]


def _moves_hash(ranking: Ranking) -> list[list[str]]:
    if not ranking.reorderings:
        return []
    digest = sha256(canonical(plain_moves(ranking))).hexdigest()
    return [[_("Hash of the changes of the order"), digest]]
