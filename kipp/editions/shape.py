"""The tables of an edition file: which keys stand where, what they hold, how they are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from competitions.models import (
    AttachmentSlot,
    EligibilityRule,
    FeedbackScores,
    ReminderRule,
    Round,
)
from judging.models import Stage
from judging.panels import PanelKind
from kipp.editions import readers

# What tomllib gives and tomli-w takes.
Plain = dict[str, Any]

REQUIRED = object()
ZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Field:
    """One key. A value equal to `default` is not written."""

    name: str
    read: readers.Reader
    default: Any = REQUIRED
    write: Callable[[Any], Any] = lambda value: value


@dataclass(frozen=True, slots=True)
class Rows:
    """An array of tables. `unique` names the key by which a row is known and stands once."""

    name: str
    shape: Shape
    unique: str
    is_always_written: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One table inside another."""

    name: str
    shape: Shape
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    fields: tuple[Field, ...] = ()
    parts: tuple[Part, ...] = ()
    rows: tuple[Rows, ...] = ()

    @property
    def names(self) -> list[str]:
        fields = [field.name for field in self.fields]
        return [*fields, *(part.name for part in self.parts), *(rows.name for rows in self.rows)]


def write_number(value: Decimal) -> int | Decimal:
    """15 and 12.5, never 15.00."""
    return int(value) if value == value.to_integral_value() else value.normalize()


def write_shares(value: dict[str, Decimal]) -> Plain:
    return {key: write_number(share) for key, share in value.items()}


def write_start(value: datetime) -> str:
    return value.strftime("%Y-%m-%d %H:%M:%S" if value.second else "%Y-%m-%d %H:%M")


def write_end(value: datetime) -> str:
    if (value.hour, value.minute, value.second) != (0, 0, 0):
        return write_start(value)
    return (value - timedelta(days=1)).strftime("%Y-%m-%d 24:00")


def write_leads(value: list[int]) -> list[str]:
    return [_write_lead(minutes) for minutes in value]


def _write_lead(minutes: int) -> str:
    for unit, length in readers.MINUTES.items():
        if minutes % length == 0:
            return f"{minutes // length}{unit}"
    raise ValueError(minutes)  # pragma: no cover - the smallest unit is a minute


def _text(name: str, limit: int) -> Field:
    return Field(name, readers.text(limit=limit), default="")


def _number(name: str, low: str, high: str, *, places: int, default: Any = REQUIRED) -> Field:
    return Field(name, readers.number(low, high, places=places), default, write_number)


KEY = Field("key", readers.key)
NAME = Field("name", readers.text(limit=160, required=True))
LABEL = Field("label", readers.text(limit=160, required=True))

COMPETITION = Shape(
    (
        Field("slug", readers.slug),
        Field("name", readers.text(limit=200, required=True)),
        Field("year", readers.integer(2000, 2100)),
        Field("host", readers.text(limit=200, required=True)),
        Field("time_zone", readers.choice(ZONES), default="Asia/Jakarta"),
        Field("screeners", readers.integer(1, 2), default=1),
        _text("theme", 300),
        Field("summary", readers.long_text, default=""),
        _text("contact_name", 150),
        Field("contact_email", readers.email, default=""),
        _text("contact_phone", 20),
        Field("shows_team", readers.boolean, default=False),
        Field("mend_hours", readers.integer(0, 240), default=48),
        Field("silence_hours", readers.integer(0, 720), default=72),
        Field("objections_public", readers.boolean, default=False),
        Field("objection_days", readers.integer(1, 90), default=5),
        Field(
            "feedback_scores",
            readers.choice(FeedbackScores.values),
            default=FeedbackScores.MEANS.value,
        ),
        Field("guidelines", readers.long_text, default=""),
    )
)
CATEGORY = Shape((KEY, Field("name", readers.text(limit=120, required=True))))
OBJECTION_REASON = Shape(
    (
        KEY,
        Field("label", readers.text(limit=160, required=True)),
        Field("article", readers.text(limit=80, required=True)),
    )
)
TIER = Shape(
    (
        KEY,
        Field("name", readers.text(limit=80, required=True)),
        Field("size", readers.integer(1, 9999)),
    )
)
SECTION = Shape(
    (
        KEY,
        LABEL,
        _text("label_en", 160),
        Field("word_limit", readers.integer(1, 100_000)),
        _number("weight", "0", "100", places=2, default=Decimal(0)),
        Field("is_required", readers.boolean, default=True),
        Field("needs_evidence", readers.boolean, default=False),
        Field("help_text", readers.long_text, default=""),
        Field("help_text_en", readers.long_text, default=""),
    )
)
SLOT = Shape(
    (
        KEY,
        LABEL,
        Field("kind", readers.choice(AttachmentSlot.Kind.values)),
        Field("max_mb", readers.integer(1, 20), default=2),
        Field("max_count", readers.integer(1, 50), default=1),
        Field("is_required", readers.boolean, default=False),
        Field("help_text", readers.long_text, default=""),
        Field("section_key", readers.key, default=""),
        Field("statement", readers.statement, default=""),
    )
)
RULE = Shape(
    (
        Field("kind", readers.choice(EligibilityRule.Kind.values)),
        Field("limit", readers.integer(1, 9999), default=None),
        Field("tiers", readers.texts, default=[]),
        Field("items", readers.texts, default=[]),
        Field(
            "severity",
            readers.choice(EligibilityRule.Severity.values),
            default=EligibilityRule.Severity.REFUSES.value,
        ),
        Field("article", readers.text(limit=80, required=True)),
    )
)
TRACK = Shape(
    (
        KEY,
        Field("name", readers.text(limit=120, required=True)),
        Field("description", readers.long_text, default=""),
    ),
    rows=(
        Rows("sections", SECTION, "key"),
        Rows("slots", SLOT, "key"),
        Rows("rules", RULE, "kind"),
    ),
)
WORKSHOP = Shape(
    (
        Field("seats", readers.integer(1, 100_000)),
        Field("seats_per_unit", readers.integer(1, 1000), default=2),
        _text("place", 200),
        Field("online_url", readers.link, default=""),
        _text("speaker", 200),
        Field("agenda", readers.long_text, default=""),
    )
)
REMINDER = Shape(
    (
        Field("audience", readers.choice(ReminderRule.Audience.values)),
        Field("leads", readers.leads, write=write_leads),
        Field("channel", readers.choice(ReminderRule.Channel.values), default="chosen"),
        _text("subject", 150),
        Field("text", readers.long_text, default=""),
    )
)
ROUND = Shape(
    (
        KEY,
        Field("kind", readers.choice(Round.Kind.values)),
        NAME,
        Field("starts", readers.start, write=write_start),
        Field("ends", readers.end, write=write_end),
    ),
    parts=(Part("workshop", WORKSHOP),),
    rows=(Rows("reminders", REMINDER, "audience", is_always_written=True),),
)
LEVEL = Shape(
    (
        _number("value", "0", "999999", places=2),
        Field("label", readers.text(limit=300, required=True)),
    )
)
CRITERION = Shape(
    (
        KEY,
        LABEL,
        _text("label_en", 160),
        _number("weight", "0", "100", places=3),
        Field("section_key", readers.key, default=""),
        Field("help_text", readers.long_text, default=""),
    ),
    rows=(Rows("levels", LEVEL, "value"),),
)
QUESTION = Shape(
    (
        KEY,
        Field("label", readers.text(limit=300, required=True)),
        Field("help_text", readers.long_text, default=""),
    )
)
PRESENTATION_DAY = Shape(
    (
        Field("starts", readers.start, write=write_start),
        Field("ends", readers.end, write=write_end),
    )
)
TIMETABLE = Shape(
    (
        Field("slot_minutes", readers.integer(1, 480), default=20),
        Field("rooms", readers.texts),
        Field("pauses", readers.pauses, default=[]),
    ),
    rows=(Rows("days", PRESENTATION_DAY, "starts"),),
)
PANEL = Shape(
    (
        Field("kind", readers.choice(PanelKind.values)),
        _text("name", 120),
        Field("readings", readers.integer(1, 100), default=None),
        Field("capacity", readers.integer(1, 10_000), default=None),
    )
)
STAGE = Shape(
    (
        KEY,
        NAME,
        Field("round", readers.key),
        Field("kind", readers.choice(Stage.Kind.values)),
        Field("scored_on", readers.choice(Stage.ScoredOn.values), default="portal"),
        _number("scale_min", "0", "999999", places=2, default=Decimal(0)),
        _number("scale_max", "0", "999999", places=2, default=Decimal(100)),
        _number("scale_step", "0.01", "999999", places=2, default=Decimal(1)),
        Field("method", readers.choice(Stage.Method.values), default="mean"),
        Field("method_parameter", readers.number("0", "99999", places=3), None, write_number),
        Field("cap_rounds", readers.boolean, default=False),
        Field("correction", readers.choice(Stage.Correction.values), default="none"),
        _number("rounding_step", "0.0001", "999", places=4, default=Decimal("0.01")),
        Field("min_readings", readers.integer(1, 100), default=1),
        Field("readings", readers.integer(1, 100), default=None),
        Field("rank_style", readers.choice(Stage.RankStyle.values), default="standard"),
        _number("tie_margin", "0", "999", places=4, default=Decimal(0)),
        Field("tie_break", readers.texts, default=[]),
        Field("at_line", readers.choice(Stage.AtLine.values), default="keep"),
        Field("spread_by", readers.choice(Stage.SpreadBy.values), default=""),
        Field("spread_limit", readers.integer(1, 9999), default=None),
        Field("advance_count", readers.integer(1, 9999)),
        Field("second_look_readings", readers.integer(1, 100), default=None),
        Field("second_look_entries", readers.integer(1, 9999), default=None),
        Field(
            "second_look_gap",
            readers.number("0", "999999", places=2),
            None,
            write_number,
        ),
        Field("seed", readers.integer(0, 2**53), default=0),
        Field("stage_weights", readers.shares, default={}, write=write_shares),
    ),
    parts=(Part("timetable", TIMETABLE),),
    rows=(
        Rows("criteria", CRITERION, "key"),
        Rows("panels", PANEL, "kind"),
        Rows("questions", QUESTION, "key"),
    ),
)
EDITION = Shape(
    parts=(Part("competition", COMPETITION, is_required=True),),
    rows=(
        Rows("categories", CATEGORY, "key"),
        Rows("tiers", TIER, "key"),
        Rows("objection_reasons", OBJECTION_REASON, "key"),
        Rows("tracks", TRACK, "key"),
        Rows("rounds", ROUND, "key"),
        Rows("stages", STAGE, "key"),
    ),
)

# Ten, three and one days and three hours before a round ends.
DEFAULT_LEADS = (10 * DAY, 3 * DAY, DAY, 3 * 60)
DEFAULT_AUDIENCES = {
    Round.Kind.WORKSHOP: ReminderRule.Audience.INVITED,
    Round.Kind.SUBMISSION: ReminderRule.Audience.AUTHORS,
    Round.Kind.ENDORSEMENT: ReminderRule.Audience.ENDORSERS,
    Round.Kind.JUDGING: ReminderRule.Audience.JUDGES,
}


def default_reminders(kind: object) -> list[Plain]:
    """The plan of a round that names none."""
    audience = DEFAULT_AUDIENCES.get(kind) if isinstance(kind, str) else None  # type: ignore[call-overload]
    rule = {"leads": list(DEFAULT_LEADS), "channel": "chosen", "subject": "", "text": ""}
    return [{"audience": audience.value, **rule}] if audience else []
