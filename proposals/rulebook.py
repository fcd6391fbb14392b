"""The rules that an edition may choose: each a pure function of the facts and its own parameters.

An edition names the rule, its parameters, the article that it comes from and how severe it is; all
of that is data (`competitions.EligibilityRule`). What a rule finds takes its article.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from competitions.quotas import limits_by_level
from kipp.lib.text import folded
from proposals.eligibility import (
    EarlierTier,
    Facts,
    Finding,
    RuleFact,
    Severity,
    add_months,
    check_header,
    check_sections,
    check_slots,
)
from proposals.videos import video_fault

Check = Callable[[Facts, RuleFact], Iterator[Finding]]
IN_BRACKETS = re.compile(r"\([^)]*\)")


def find_problems(facts: Facts) -> list[Finding]:
    """Everything that blocks the sending or will be refused, in the order of the page.

    What the form asks and a rule asks too is said once, with the rule's article.
    """
    bare = [*check_header(facts), *check_sections(facts.sections), *check_slots(facts.slots)]
    found = {(finding.code, finding.target): finding for finding in bare}
    several = []
    for rule in facts.rules:
        for finding in CHECKS[rule.kind](facts, rule):
            if (finding.code, finding.target) in found:
                found[finding.code, finding.target] = finding
            else:
                several.append(finding)
    return [*found.values(), *several]


def check_min_age(facts: Facts, rule: RuleFact) -> Iterator[Finding]:
    """The age is counted back from the close of submission."""
    target = "header:started_on"
    if facts.started_on is None:
        yield Finding("started_on_missing", target, _needed(rule), rule.article)
    elif add_months(facts.started_on, rule.limit) > facts.closes_on:
        yield Finding(
            "too_young",
            target,
            rule.severity,
            rule.article,
            {
                "months": rule.limit,
                "latest": add_months(facts.closes_on, -rule.limit),
                "closes_on": facts.closes_on,
            },
        )


def check_no_earlier_tier(facts: Facts, rule: RuleFact) -> Iterator[Finding]:
    for won in won_of(facts, rule):
        params = {"tier": won.tier, "contest": won.contest, "year": str(won.year or "")}
        yield Finding("earlier_winner", "header:innovation", rule.severity, rule.article, params)


def check_earlier_tier(facts: Facts, rule: RuleFact) -> Iterator[Finding]:
    """For tracks of former winners."""
    if not won_of(facts, rule):
        params = {"tiers": ", ".join(rule.tiers)}
        yield Finding("never_won", "header:innovation", rule.severity, rule.article, params)


def check_tier_limit(facts: Facts, rule: RuleFact) -> Iterator[Finding]:
    won = won_of(facts, rule)
    if len(won) >= rule.limit:
        years = ", ".join(str(year) for year in sorted(each.year for each in won if each.year))
        params: dict[str, str | int | date] = {
            "tiers": ", ".join(rule.tiers),
            "count": len(won),
            "years": years,
        }
        yield Finding("won_too_often", "header:innovation", rule.severity, rule.article, params)


def check_quota(facts: Facts, rule: RuleFact) -> Iterator[Finding]:
    limit = limits_by_level(rule.items).get(facts.agency_level, rule.limit)
    if facts.agency_count >= limit:
        params = {"limit": limit, "count": facts.agency_count}
        yield Finding("over_quota", "header:unit", rule.severity, rule.article, params)


def check_unit_quota(facts: Facts, rule: RuleFact) -> Iterator[Finding]:
    limit = limits_by_level(rule.items).get(facts.unit_level, rule.limit)
    if facts.unit_count >= limit:
        params = {"limit": limit, "count": facts.unit_count}
        yield Finding("unit_over_quota", "header:unit", rule.severity, rule.article, params)


def check_required_sections(facts: Facts, rule: RuleFact) -> Iterator[Finding]:
    """Those that the rule names; without names those that the form requires."""
    named = frozenset(rule.items)
    asked = [
        replace(section, is_required=True)
        for section in facts.sections
        if section.key in named or (not named and section.is_required)
    ]
    optional = {f"section:{each.key}" for each in facts.sections if not each.is_required}
    for finding in check_sections(asked):
        is_ours = finding.target in optional and finding.code == "section_empty"
        severity = rule.severity if is_ours else finding.severity
        yield replace(finding, severity=severity, article=rule.article)


def check_letters(facts: Facts, rule: RuleFact) -> Iterator[Finding]:
    """Slots that the rule names; what the form requires still blocks the sending."""
    named = frozenset(rule.items)
    for slot in facts.slots:
        if slot.file_count or not (slot.key in named or (not named and slot.is_required)):
            continue
        severity = Severity.BLOCKS if slot.is_required else rule.severity
        yield Finding(
            "file_missing", f"slot:{slot.key}", severity, rule.article, {"label": slot.label}
        )


def check_unique_title(facts: Facts, rule: RuleFact) -> Iterator[Finding]:
    if facts.title_twins:
        params = {"units": ", ".join(facts.title_twins)}
        yield Finding("duplicate_title", "header:title", rule.severity, rule.article, params)


def check_video(facts: Facts, rule: RuleFact) -> Iterator[Finding]:
    """A dead link is found by looking, so it never blocks: the look may be out of date."""
    target = "header:video_url"
    if not facts.video_url:
        yield Finding("video_missing", target, _needed(rule), rule.article)
    elif fault := video_fault(facts.video_url, hosts=rule.items):
        params = {"hosts": ", ".join(rule.items)}
        yield Finding(fault.value, target, _needed(rule), rule.article, params)
    elif facts.video_is_dead:
        yield Finding("video_dead", target, rule.severity, rule.article)


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "min_age": check_min_age,
        "no_earlier_tier": check_no_earlier_tier,
        "earlier_tier": check_earlier_tier,
        "tier_limit": check_tier_limit,
        "quota": check_quota,
        "unit_quota": check_unit_quota,
        "sections": check_required_sections,
        "letters": check_letters,
        "unique_title": check_unique_title,
        "video": check_video,
    }
)


def won_of(facts: Facts, rule: RuleFact) -> list[EarlierTier]:
    """Earlier results of the rule's tiers; what stands in brackets is a remark, not the tier."""
    wanted = {tier_name(tier) for tier in rule.tiers}
    return [won for won in facts.earlier_tiers if tier_name(won.tier) in wanted]


def tier_name(tier: str) -> str:
    return folded(IN_BRACKETS.sub("", tier))


def _needed(rule: RuleFact) -> Severity:
    """What a strict rule cannot be checked without blocks the sending."""
    return Severity.BLOCKS if rule.severity is Severity.REFUSES else rule.severity
