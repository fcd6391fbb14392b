"""What people type on the pages of the ledger, the team and the letters."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import NipField
from kipp.lib.forms import Form, ModelForm
from kipp.lib.numbers import parse_number, show_number
from proposals.forms import Text
from proposals.models import Attachment, Claim, ClaimState, Proposal, TeamMember
from proposals.models.ledger import DIGITS, PLACES
from proposals.services.checking import LONGEST_NOTE


class NumberField(forms.CharField):
    """An exact number, typed and shown the Indonesian way."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput({"inputmode": "text", "autocomplete": "off"})
        super().__init__(max_length=60, widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        return show_number(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        return parse_number(super().clean(value), digits=DIGITS, places=PLACES)


if TYPE_CHECKING:
    AttachmentField = forms.ModelChoiceField[Attachment]
else:
    AttachmentField = forms.ModelChoiceField


class SourceField(AttachmentField):
    def label_from_instance(self, obj: Attachment) -> str:
        return f"{obj.name} ({obj.slot})"


class ClaimForm(ModelForm):
    before = NumberField(
        label=_("Before the innovation"),
        help_text=_("Only the number, with a comma before the decimals: 1.234,5."),
    )
    after = NumberField(label=_("After it"))
    better = forms.ChoiceField(
        label=_("What is better"), choices=Claim.Better.choices, widget=forms.RadioSelect
    )
    source = SourceField(
        Attachment.objects.none(),
        label=_("Source"),
        required=False,
        empty_label=_("None yet"),
        help_text=_("One of the files of this proposal that shows these figures."),
    )

    class Meta:
        model = Claim
        fields = [
            "indicator", "before", "after", "measure", "better", "period", "method", "source",
        ]  # fmt: skip
        help_texts = {
            "indicator": _("What was counted or measured, such as: median waiting time."),
            "measure": _("Such as: minutes, %, people, Rp."),
            "period": _("Such as: 2018 and 2019."),
            "method": _("Such as: queue book, 40 visits in the same week of each month."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source: Any = self.fields["source"]
        files = Attachment.objects.filter(proposal=self.instance.proposal_id, slot__statement="")
        source.queryset = files.select_related("slot")


class TeamMemberForm(ModelForm):
    name = forms.CharField(
        label=_("Full name with titles"),
        max_length=150,
        help_text=_("As it stands on letters, for example: Dr. Hj. Siti Aminah, S.Kep., Ns."),
    )
    nip = NipField()

    class Meta:
        model = TeamMember
        fields = ["name", "role", "nip"]
        help_texts = {"role": _("Such as: head, initiator, data officer.")}


class SignerForm(Form):
    """Who signs the letters; all of it may stay empty and be written by hand."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    signer_name = forms.CharField(
        label=_("Who signs"),
        max_length=150,
        required=False,
        help_text=_("The head of the unit, with titles."),
    )
    signer_position = forms.CharField(label=_("Position"), max_length=120, required=False)
    signer_nip = NipField()

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        names = ("version", "signer_name", "signer_position", "signer_nip")
        initial = {name: getattr(proposal, name) for name in names}
        super().__init__(*args, initial=initial, **kwargs)


class ClaimCheckForm(Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    state = forms.ChoiceField(
        label=_("What was found"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (ClaimState.SEEN.value, ClaimState.SEEN.label),
            (ClaimState.CONTRADICTED.value, ClaimState.CONTRADICTED.label),
            ("", _("Nothing yet; take an earlier finding back")),
        ],
    )
    note = Text(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        help_text=_("What was seen, where and when. The judges read it."),
    )
