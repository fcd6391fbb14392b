from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from judging.assigning import Move
from judging.models import AssignmentDraft, Panelist
from judging.panels import PanelKind
from kipp.lib.forms import Form
from proposals.models import Submission

READINGS = "readings_"


class DraftForm(Form):
    """How many readings each panel gives, and by which lot; empty: as the stage says."""

    def __init__(self, *args: Any, judges: Mapping[str, int], is_open: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, count in judges.items():
            self.fields[READINGS + kind] = forms.IntegerField(
                label=_("Readings per entry: %(panel)s") % {"panel": PanelKind(kind).label},
                required=False,
                min_value=1,
                max_value=count,
                help_text=_("Empty: as the stage says."),
                error_messages={
                    "max_value": _("The panel has %(limit_value)s judges. Ask for fewer readings.")
                },
            )
        self.fields["seed"] = forms.IntegerField(
            label=_("Lot number"),
            required=False,
            min_value=0,
            max_value=2**31 - 1,
            help_text=_("The same number gives the same plan again. Empty: it is drawn."),
        )
        if is_open:
            self.fields["is_free"] = forms.BooleanField(
                label=_("Hand unopened scorecards out anew, too"), required=False
            )

    def terms(self) -> dict[str, Any]:
        given = self.cleaned_data
        readings = {
            name.removeprefix(READINGS): number
            for name, number in given.items()
            if name.startswith(READINGS) and number
        }
        return {
            "readings": readings,
            "seed": given["seed"],
            "is_free": given.get("is_free", False),
        }


class OtherDraftForm(Form):
    """Which draft to lay beside this one."""

    def __init__(self, *args: Any, others: Iterable[AssignmentDraft], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_number = {str(each.number): each for each in others}
        self.fields["dengan"] = forms.ChoiceField(
            label=_("Compare with"),
            choices=[
                (number, _("Draft %(number)s") % {"number": number}) for number in self.by_number
            ],
        )

    def other(self) -> AssignmentDraft:
        return self.by_number[self.cleaned_data["dengan"]]


class MoveForm(Form):
    """Who gives the reading up, who takes it, and what may come back in exchange."""

    def __init__(
        self,
        *args: Any,
        givers: Sequence[Panelist],
        takers: Sequence[Panelist],
        returns: Mapping[str, Submission],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dari"] = _choice(_("Give up the reading"), map(_seat, givers))
        self.fields["kepada"] = _choice(_("Take the reading"), map(_seat, takers))
        titles = [(receipt, each.proposal.title) for receipt, each in returns.items()]
        self.fields["ganti"] = _choice(_("In return, hand over"), titles)
        if not returns:
            self.fields["ganti"].widget = forms.HiddenInput()

    def move(self, receipt: str) -> Move:
        given = self.cleaned_data
        return Move(
            entry=receipt, giver=given["dari"], taker=given["kepada"], in_return=given["ganti"]
        )


class VersionedMoveForm(MoveForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


def _seat(panelist: Panelist) -> tuple[str, str]:
    return str(panelist.pk), str(panelist)


def _choice(label: Any, choices: Iterable[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", _("nobody")), *choices])
