"""What must hold between the keys of an edition file. Tolerates what could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from competitions.models import Round
from competitions.models.forms import NEEDS_LIMIT, NEEDS_TIERS
from competitions.quotas import unknown_limits
from competitions.reminder_texts import check_texts
from judging.models import Stage
from judging.panels import PanelKind
from judging.queries.law import method_terms
from judging.ranking import AtLine, Correction, Law, LawError, Method, RankStyle, SpreadBy
from judging.ranking.law import check_paper
from judging.scheduling import Span, touching_spans
from kipp.editions.shape import Plain

Broken = tuple[str, str]

MANY = frozenset({Round.Kind.JUDGING, Round.Kind.WORKSHOP})
# Rules that name parts of the form, and where those stand.
NAMES_PARTS = {"sections": "sections", "letters": "slots"}
HAS_QUOTA = frozenset({"quota", "unit_quota"})
HUNDRED = Decimal(100)


def broken_rules(definition: Plain) -> Iterator[Broken]:
    """Path and reason of everything that contradicts something else."""
    yield from _tiers(definition["tiers"])
    for track in definition["tracks"]:
        yield from _track(track)
    yield from _rounds(definition["rounds"])
    yield from _reminders(definition["rounds"])
    yield from _stages(definition)


def _tiers(tiers: list[Plain]) -> Iterator[Broken]:
    sizes = Counter(tier.get("size") for tier in tiers)
    for tier in tiers:
        if tier.get("size") and sizes[tier["size"]] > 1:
            yield f"tiers[{_key(tier)}].size", _("is the size of another tier too")


def _track(track: Plain) -> Iterator[Broken]:
    path = f"tracks[{_key(track)}]"
    sections = track.get("sections", [])
    if not sections:
        yield f"{path}.sections", _("has no section")
    total = sum((row.get("weight", Decimal(0)) for row in sections), Decimal(0))
    if total not in {Decimal(0), HUNDRED}:
        yield (
            f"{path}.sections",
            _("has weights that add up to %(total)s; they add up to 100, or all are 0")
            % {"total": total},
        )
    known = {row.get("key") for row in sections}
    for slot in track.get("slots", []):
        if slot.get("section_key") and slot["section_key"] not in known:
            yield f"{path}.slots[{_key(slot)}].section_key", _("is no section of this track")
    for rule in track.get("rules", []):
        yield from _rule(rule, track=track, path=f"{path}.rules[{rule.get('kind')}]")


def _rule(rule: Plain, *, track: Plain, path: str) -> Iterator[Broken]:
    kind = rule.get("kind")
    if kind in NEEDS_LIMIT and rule.get("limit") is None:
        yield f"{path}.limit", _("is missing")
    if kind in NEEDS_TIERS and not rule.get("tiers"):
        yield f"{path}.tiers", _("is missing")
    if kind in HAS_QUOTA:
        for item in unknown_limits(rule.get("items", [])):
            yield f"{path}.items", _("holds %(item)s, which is no level=number") % {"item": item}
    if kind in NAMES_PARTS:
        known = {row.get("key") for row in track.get(NAMES_PARTS[kind], [])}
        for item in rule.get("items", []):
            if item not in known:
                yield (
                    f"{path}.items",
                    _("names %(key)s, which the track does not have") % {"key": item},
                )


def _rounds(rounds: list[Plain]) -> Iterator[Broken]:
    kinds = Counter(row.get("kind") for row in rounds)
    for row in rounds:
        path = f"rounds[{_key(row)}]"
        kind = row.get("kind")
        if kind and kind not in MANY and kinds[kind] > 1:
            yield f"{path}.kind", _("is the kind of another round too")
        if "starts" in row and "ends" in row and row["ends"] <= row["starts"]:
            yield f"{path}.ends", _("does not lie after the start")
        if "workshop" in row and kind != Round.Kind.WORKSHOP:
            yield f"{path}.workshop", _("stands in a round of another kind")
    yield from _endorsement(rounds)


def _endorsement(rounds: list[Plain]) -> Iterator[Broken]:
    ends = {row.get("kind"): row.get("ends") for row in rounds}
    submission, endorsement = ends.get("submission"), ends.get("endorsement")
    if submission and endorsement and endorsement < submission:
        path = next(_key(row) for row in rounds if row.get("kind") == "endorsement")
        yield f"rounds[{path}].ends", _("lies before the end of the submission")


def _reminders(rounds: list[Plain]) -> Iterator[Broken]:
    for round_ in rounds:
        for rule in round_["reminders"]:
            try:
                check_texts(rule.get("subject", ""), rule.get("text", ""))
            except ValidationError as error:
                path = f"rounds[{_key(round_)}].reminders[{rule.get('audience')}]"
                for field, reasons in error.message_dict.items():
                    yield f"{path}.{field}", reasons[0]


def _stages(definition: Plain) -> Iterator[Broken]:
    kinds = {row.get("key"): row.get("kind") for row in definition["rounds"]}
    sections = {
        section.get("key")
        for track in definition["tracks"]
        for section in track.get("sections", [])
    }
    taken: set[object] = set()
    earlier: list[str] = []
    places: int | None = None
    for stage in definition["stages"]:
        path = f"stages[{_key(stage)}]"
        yield from _round_of(stage, path=path, kinds=kinds, taken=taken)
        yield from _criteria(stage, path=path, sections=sections)
        yield from _weights(stage, path=path, earlier=earlier)
        yield from _law(stage, path=path)
        yield from _panels(stage, path=path)
        yield from _questions(stage, path=path)
        yield from _timetable(stage, path=f"{path}.timetable")
        if places is not None and stage.get("advance_count", 0) > places:
            yield f"{path}.advance_count", _("is more than the stage before lets through")
        places = stage.get("advance_count", places)
        earlier.append(_key(stage))


def _round_of(
    stage: Plain, *, path: str, kinds: dict[object, object], taken: set[object]
) -> Iterator[Broken]:
    name = stage.get("round")
    if name is None:
        return
    if kinds.get(name) != Round.Kind.JUDGING:
        yield f"{path}.round", _("is no round of the kind judging")
    if name in taken:
        yield f"{path}.round", _("is the round of another stage too")
    taken.add(name)


def _criteria(stage: Plain, *, path: str, sections: set[object]) -> Iterator[Broken]:
    low, high = stage.get("scale_min"), stage.get("scale_max")
    for criterion in stage.get("criteria", []):
        where = f"{path}.criteria[{_key(criterion)}]"
        section = criterion.get("section_key")
        if section and section not in sections:
            yield f"{where}.section_key", _("is no section of any track")
        values = [level["value"] for level in criterion.get("levels", []) if "value" in level]
        if values != sorted(values):
            yield f"{where}.levels", _("do not go from low to high")
        if low is not None and high is not None and any(not low <= v <= high for v in values):
            yield f"{where}.levels", _("leave the scale of the stage")


def _panels(stage: Plain, *, path: str) -> Iterator[Broken]:
    """A field team is given entries in a stage of its own kind only."""
    kinds = [row.get("kind") for row in stage.get("panels", [])]
    if PanelKind.FIELD in kinds and stage.get("kind") not in {None, Stage.Kind.FIELD}:
        yield f"{path}.panels[{PanelKind.FIELD}]", _("stands in a stage of another kind")


def _questions(stage: Plain, *, path: str) -> Iterator[Broken]:
    if stage.get("questions") and stage.get("kind") not in {None, Stage.Kind.FIELD}:
        yield f"{path}.questions", _("stands in a stage of another kind")


def _timetable(stage: Plain, *, path: str) -> Iterator[Broken]:
    if "timetable" not in stage:
        return
    if stage.get("kind") not in {None, Stage.Kind.PRESENTATION}:
        yield path, _("stands in a stage of another kind")
    rooms, days = stage["timetable"].get("rooms"), stage["timetable"].get("days", [])
    if rooms == [] or not days:
        yield path, _("has no room or no day")
    whole = [Span(day["starts"], day["ends"]) for day in days if {"starts", "ends"} <= day.keys()]
    for span in whole:
        if span.ends <= span.starts:
            yield f"{path}.days[{span.starts}].ends", _("does not lie after the start")
    for span in touching_spans(whole):
        yield f"{path}.days[{span.starts}]", _("begins before the day before it is over")


def _weights(stage: Plain, *, path: str, earlier: Iterable[str]) -> Iterator[Broken]:
    known = {*earlier, _key(stage)}
    for name in stage.get("stage_weights", {}):
        if name not in known:
            yield f"{path}.stage_weights", _("names %(name)s, no earlier stage") % {"name": name}


def _law(stage: Plain, *, path: str) -> Iterator[Broken]:
    """The law checks itself; a stage that could not be read has no law to check."""
    parameter = stage.get("method_parameter")
    if stage.get("method") == Method.TRIMMED and parameter and parameter % 1:
        yield f"{path}.method_parameter", _("is a whole number for a trimmed mean")
        return
    try:
        if stage["scored_on"] == Stage.ScoredOn.PAPER:
            check_paper({row["key"]: row["weight"] for row in stage["criteria"]})
        law_of(stage)
    except LawError as error:
        yield path, _(error.sentence) % error.params
    except KeyError:
        return


def law_of(stage: Plain) -> Law:
    """The law of a stage of the definition; KeyError if a key of it could not be read."""
    method = Method(stage["method"])
    trim, cap = method_terms(method, stage["method_parameter"])
    return Law(
        weights={row["key"]: row["weight"] for row in stage["criteria"]},
        scale_min=stage["scale_min"],
        scale_max=stage["scale_max"],
        method=method,
        trim=trim,
        cap=cap,
        cap_rounds=stage["cap_rounds"],
        correction=Correction(stage["correction"]),
        step=stage["rounding_step"],
        min_readings=stage["min_readings"],
        style=RankStyle(stage["rank_style"]),
        tie_margin=stage["tie_margin"],
        tie_breaks=tuple(stage["tie_break"]),
        at_line=AtLine(stage["at_line"]),
        advance=stage["advance_count"],
        spread_by=SpreadBy(stage["spread_by"]),
        spread=stage["spread_limit"],
        stage=stage["key"],
        stage_weights=stage["stage_weights"],
    )


def _key(row: Plain) -> str:
    return str(row.get("key", "?"))
