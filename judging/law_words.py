"""A law in sentences, as the minutes print it; numbers with a decimal comma."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from judging.exports import show_number
from judging.ranking import AtLine, Correction, Law, Method, RankStyle, Refusal, SpreadBy


def law_sentences(law: Law, *, labels: Mapping[str, str], tiers: Mapping[str, str]) -> list[str]:
    """`labels`: the links of the tie-break chain in words; `tiers`: names by key."""
    return [
        _card_sentence(law, labels=labels),
        _method_sentence(law),
        _reading_sentence(law),
        *_stage_sentences(law, labels=labels),
        _rank_sentence(law),
        _tie_sentence(law, labels=labels),
        *_cut_sentences(law, tiers=tiers),
        *_spread_sentences(law),
    ]


def gate_sentences(refusals: Iterable[str]) -> list[str]:
    """Why severity is not corrected, in the words of either gate: the law's or the screen's."""
    sentences: dict[str, str] = {
        Refusal.NOT_CONNECTED: _(
            "Not all judges are tied to one another by entries that they read in common, so nobody "
            "can tell a strict panel from a weak batch."
        ),
        Refusal.FEW_READINGS: _("A judge has read fewer than 8 entries."),
        Refusal.TOO_UNSURE: _("The severity of a judge is known worse than 5% of the scale."),
    }
    return [sentences[reason] for reason in refusals]


def _card_sentence(law: Law, *, labels: Mapping[str, str]) -> str:
    shares = _shares(law.weights, kind="criterion", labels=labels)
    told = {
        "low": show_number(law.scale_min),
        "high": show_number(law.scale_max),
        "shares": shares,
    }
    sentence = _(
        "A scorecard's total is the sum of criterion times weight on a scale of %(low)s to "
        "%(high)s: %(shares)s."
    )
    return sentence % told


def _shares(weights: Mapping[str, Decimal], *, kind: str, labels: Mapping[str, str]) -> str:
    """The heaviest first: a stored law has no order of its own."""
    ordered = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(
        f"{labels.get(f'{kind}:{code}', code)} {show_number(weight)}%" for code, weight in ordered
    )


def _method_sentence(law: Law) -> str:
    step = show_number(law.step)
    sentences = {
        Method.MEAN: _("The score of the stage is the mean of the totals"),
        Method.MEDIAN: _("The score of the stage is the median of the totals"),
        Method.TRIMMED: _(
            "The score of the stage is the mean of the totals without the %(trim)d highest and "
            "the %(trim)d lowest"
        )
        % {"trim": law.trim},
        Method.CAPPED: _(
            "The score of the stage is the mean of the totals after those further than %(cap)s "
            "from the first mean were pulled to that distance"
        )
        % {"cap": "" if law.cap is None else show_number(law.cap)},
    }
    told = {"method": sentences[law.method], "step": step}
    whole = [_("%(method)s, rounded once, half up, to steps of %(step)s.") % told]
    if law.cap_rounds:
        whole.append(_("The first mean is rounded in the same way."))
    if law.correction is Correction.ADDITIVE:
        whole.append(
            _(
                "The totals are corrected for the severity of their judges by least squares, if "
                "all judges are tied by common entries, have 8 readings and are known to 5% of "
                "the scale; otherwise the raw score counts."
            )
        )
    return " ".join(whole)


def _reading_sentence(law: Law) -> str:
    sentence = _(
        "An entry needs at least %(count)d scorecards; recused or missing ones do not count."
    )
    return sentence % {"count": law.min_readings}


def _stage_sentences(law: Law, *, labels: Mapping[str, str]) -> list[str]:
    if not law.stage_weights:
        return []
    shares = _shares(law.stage_weights, kind="stage", labels=labels)
    return [_("The final score weighs the stages: %(shares)s, rounded once.") % {"shares": shares}]


def _rank_sentence(law: Law) -> str:
    if law.style is RankStyle.STANDARD:
        return _("Equal scores share a rank and the ranks after them are left out (1, 2, 2, 4).")
    if not law.tie_margin:
        return _("Equal scores share a rank and no rank is left out (1, 2, 2, 3).")
    sentence = _(
        "Scores that are equal or closer than %(margin)s to the one before share a rank (1, 2, 2, "
        "3)."
    )
    return sentence % {"margin": show_number(law.tie_margin)}


def _tie_sentence(law: Law, *, labels: Mapping[str, str]) -> str:
    chain = ", ".join(labels.get(link, link) for link in law.tie_breaks)
    if not chain:
        return _("No tie-break was declared.")
    return _("Ties are parted, in this order, by: %(chain)s.") % {"chain": chain}


def _spread_sentences(law: Law) -> list[str]:
    sentences = {
        SpreadBy.AGENCY: _("Within a line stand at most %(count)d of one agency."),
        SpreadBy.UNIT: _("Within a line stand at most %(count)d of one unit."),
        SpreadBy.CATEGORY: _("Within a line stand at most %(count)d of one category."),
        SpreadBy.TRACK: _("Within a line stand at most %(count)d of one track."),
    }
    if law.spread_by not in sentences:
        return []
    return [sentences[law.spread_by] % {"count": law.spread}]


def _cut_sentences(law: Law, *, tiers: Mapping[str, str]) -> list[str]:
    lines = [
        _("%(name)s: %(size)d places")
        % {"name": tiers.get(tier.name, tier.name), "size": tier.size}
        for tier in law.tiers
    ]
    if law.advance is not None:
        lines.insert(0, _("Advance: %(size)d places") % {"size": law.advance})
    kept = _("Who is still tied at a line after the whole chain is kept, all of them.")
    left = _("Who is still tied at a line after the whole chain is left out, all of them.")
    return [f"{'; '.join(lines)}.", kept if law.at_line is AtLine.KEEP else left]
