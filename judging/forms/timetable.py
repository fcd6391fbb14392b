from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from competitions.forms import VersionForm
from judging.models import Panelist, Stage, Timetable, Wish
from judging.queries.timetable import Line
from judging.ranking import RuleError
from judging.scheduling import Span, parse_pause
from judging.services import Frame
from judging.services.locks import refusal
from kipp.lib import clock
from kipp.lib.forms import DateInput, Form

MOST_DAYS, MOST_ROOMS, MOST_PAUSES = 20, 20, 10


def clock_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class LinesField(forms.CharField):
    """One thing on each line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, *, most: int, longest: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most, self.longest = most, longest

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines()]
        found = [line for line in lines if line]
        if len(found) > self.most or any(len(line) > self.longest for line in found):
            raise ValidationError(
                _("At most %(most)s lines of at most %(longest)s characters."),
                code="long",
                params={"most": self.most, "longest": self.longest},
            )
        return found


class TimetableForm(Form):
    slot_minutes = forms.IntegerField(
        label=_("Minutes per team"),
        min_value=1,
        max_value=480,
        help_text=_("Presentation, interview and the change to the next team."),
    )
    rooms = LinesField(
        label=_("Rooms"), most=MOST_ROOMS, longest=80, help_text=_("One line per room.")
    )
    pauses = LinesField(
        label=_("Breaks"),
        required=False,
        most=MOST_PAUSES,
        longest=20,
        help_text=_("One line per break of every day, for example 12.00-13.00."),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean_pauses(self) -> list[str]:
        try:
            return [str(parse_pause(line)) for line in self.cleaned_data["pauses"]]
        except RuleError as error:
            raise refusal(error) from error

    def frame(self, days: Sequence[Span]) -> Frame:
        facts = {name: self.cleaned_data[name] for name in ("slot_minutes", "rooms", "pauses")}
        return Frame(days=days, **facts)


class HoursForm(Form):
    """A day, from an hour to another one."""

    day = forms.DateField(label=_("Day"), widget=DateInput())
    starts = forms.TimeField(label=_("From"), widget=clock_input())
    ends = forms.TimeField(label=_("Until"), widget=clock_input())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("Choose an hour after the start."))
        return cleaned

    def span(self, *, zone: str) -> Span:
        local = ZoneInfo(zone)
        day = self.cleaned_data["day"]
        return Span(
            *(
                clock.local_moment(day, self.cleaned_data[name], zone=zone).astimezone(local)
                for name in ("starts", "ends")
            )
        )


if TYPE_CHECKING:
    HoursForms = forms.BaseFormSet[HoursForm]
else:
    HoursForms = forms.BaseFormSet


class BaseDayFormSet(HoursForms):
    def spans(self, *, zone: str) -> list[Span]:
        kept = [form for form in self.forms if form not in self.deleted_forms]
        return [form.span(zone=zone) for form in kept if form.cleaned_data.get("day")]


DayFormSet = forms.formset_factory(
    HoursForm,
    formset=BaseDayFormSet,
    extra=1,
    can_delete=True,
    max_num=MOST_DAYS,
    absolute_max=MOST_DAYS,
)


def day_formset(stage: Stage, sent: Mapping[str, Any] | None) -> BaseDayFormSet:
    zone = ZoneInfo(stage.competition.time_zone)
    days = [
        (day.starts_at.astimezone(zone), day.ends_at.astimezone(zone))
        for timetable in Timetable.objects.filter(stage=stage)
        for day in timetable.days.all()
    ]
    initial = [
        {"day": starts.date(), "starts": starts.time(), "ends": ends.time()}
        for starts, ends in days
    ]
    if not initial:
        first = stage.round.starts_at.astimezone(zone).date()
        initial = [{"day": first}, {"day": first + timedelta(days=1)}]
    return cast("BaseDayFormSet", DayFormSet(sent, initial=initial, prefix="hari"))


class WishForm(Form):
    """A day or an hour, as the wish asks for."""

    want = forms.ChoiceField(label=_("Wish"), choices=Wish.Want.choices)
    day = forms.DateField(label=_("Day"), required=False, widget=DateInput())
    clock = forms.TimeField(label=_("Hour"), required=False, widget=clock_input())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        needed = "day" if cleaned.get("want") == Wish.Want.NOT_ON else "clock"
        if not cleaned.get(needed) and needed not in self.errors:
            missing = _("Choose the day.") if needed == "day" else _("Give the hour.")
            self.add_error(needed, missing)
        return cleaned

    def facts(self) -> dict[str, Any]:
        """Only what the wish is about: what stands in the other field is forgotten."""
        is_day = self.cleaned_data["want"] == Wish.Want.NOT_ON
        return {
            "want": self.cleaned_data["want"],
            "day": self.cleaned_data["day"] if is_day else None,
            "clock": None if is_day else self.cleaned_data["clock"],
        }


class TeamWishForm(WishForm):
    """The committee writes down what a unit has asked for."""

    field_order = ("entry", "want", "day", "clock")

    def __init__(self, *args: Any, stage: Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entries = stage.entries.select_related("proposal__unit")
        self.entries = {str(entry.pk): entry for entry in entries}
        self.fields["entry"] = forms.ChoiceField(
            label=_("Team"),
            choices=[
                (pk, f"{entry.proposal.unit.name}: {entry}") for pk, entry in self.entries.items()
            ],
        )
        self.order_fields(self.field_order)


class AbsenceForm(HoursForm):
    field_order = ("panelist", "day", "starts", "ends")

    def __init__(self, *args: Any, stage: Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        panel = stage.panel.select_related("user")
        self.panel: dict[str, Panelist] = {str(each.pk): each for each in panel}
        self.fields["panelist"] = forms.ChoiceField(
            label=_("Judge"), choices=[(pk, str(each)) for pk, each in self.panel.items()]
        )
        self.order_fields(self.field_order)


class SwapForm(Form):
    """Two slots by what stands in them."""

    first = forms.ChoiceField(label=_("This slot"))
    second = forms.ChoiceField(label=_("changes with"))
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: Sequence[tuple[str, Line]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(line.slot.pk), label) for label, line in lines]
        self.lines = {str(line.slot.pk): line for _label, line in lines}
        for name in ("first", "second"):
            choice: Any = self.fields[name]
            choice.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("first") and cleaned.get("first") == cleaned.get("second"):
            self.add_error("second", _("Choose another slot than the first one."))
        return cleaned

    def chosen(self) -> tuple[Line, Line]:
        return self.lines[self.cleaned_data["first"]], self.lines[self.cleaned_data["second"]]


class RecallForm(VersionForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("All teams and judges read it in their mail."),
    )
