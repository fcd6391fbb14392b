from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from accounts import chat
from accounts.identity import clean_nip, clean_phone
from accounts.models import Import, Membership, Message, Reception, Unit, User
from accounts.passwords import advice
from accounts.topics import Way
from kipp.lib.forms import DateInput, Form, ModelForm

MAX_SHEET_BYTES = 2 * 1024 * 1024


class NipField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("NIP"),
            required=False,
            max_length=60,
            help_text=_("18 digits; spaces do not matter. Leave it empty if you have none."),
            widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
            **options,
        )

    def clean(self, value: Any) -> str:
        return clean_nip(super().clean(value))


class PhoneField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("WhatsApp number"),
            required=False,
            max_length=40,
            widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
            **options,
        )

    def clean(self, value: Any) -> str:
        return clean_phone(super().clean(value))


def full_name_field(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("Full name with titles"),
        max_length=150,
        required=required,
        help_text=_("As it stands on letters, for example: Dr. Siti Aminah, M.Si."),
        widget=forms.TextInput({"autocomplete": "name"}),
    )


class ProfileForm(Form):
    full_name = full_name_field(required=True)
    nip = NipField()
    phone = PhoneField()
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class ReceptionForm(ModelForm):
    digest_hour = forms.TypedChoiceField(
        label=_("Hour of the daily mail"),
        choices=[(hour, f"{hour:02}.00") for hour in range(24)],
        coerce=int,
    )

    class Meta:
        model = Reception
        fields = ["deadlines", "progress", "digest_hour", "time_zone", "address"]
        help_texts = {
            "address": _(
                "Empty: the address that you sign in with. Links to set a password go there always."
            ),
            "deadlines": _("What would be too late in the daily mail comes at once all the same."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not (chat.is_ready() and self.instance.user.phone):
            for name in ("deadlines", "progress"):
                field = self.fields[name]
                field.choices = [row for row in field.choices if row[0] != Way.CHAT]  # type: ignore[attr-defined]


class MailFilter(Form):
    status = forms.ChoiceField(
        label=_("What came of it"),
        required=False,
        choices=[("", _("Everything")), *Message.Status.choices],
    )
    q = forms.CharField(label=_("Name or address"), required=False, max_length=100)


class AddressForm(Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254)


class AcceptForm(Form):
    full_name = full_name_field(required=True)
    nip = NipField()
    phone = PhoneField()
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        help_text=lazy(advice, str)(),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("The same password again"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean_password_again(self) -> str:
        again = str(self.cleaned_data["password_again"])
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise ValidationError(_("The two passwords differ. Type them again."), code="differ")
        return again


class InviteForm(Form):
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput({"autocomplete": "off"})
    )
    full_name = full_name_field(required=False)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Membership.Role,
        widget=forms.RadioSelect,
        help_text=_("An author writes proposals; an endorser checks and sends them."),
    )


class DeputyForm(Form):
    user = forms.ModelChoiceField(
        label=_("Who endorses in your place"),
        queryset=User.objects.none(),
        help_text=_("Somebody of the same unit who is not an endorser yet."),
    )
    first_day = forms.DateField(label=_("First day"), widget=DateInput())
    last_day = forms.DateField(label=_("Last day"), widget=DateInput())

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]


class UnitForm(Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    abbr = forms.CharField(label=_("Abbreviation"), max_length=60, required=False)
    code = forms.CharField(label=_("Code"), max_length=40, required=False)
    kind = forms.CharField(
        label=_("Kind"),
        max_length=40,
        required=False,
        help_text=_("For example: Puskesmas, Kelurahan, RSUD."),
    )


class ChangeUnitForm(UnitForm):
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class NewUnitForm(UnitForm):
    level = forms.ChoiceField(label=_("Level"), choices=Unit.Level, widget=forms.RadioSelect)
    started_on = forms.DateField(
        label=_("Exists since"),
        required=False,
        widget=DateInput(),
    )

    def __init__(self, *args: Any, levels: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level = self.fields["level"]
        level.choices = [(each, name) for each, name in Unit.Level.choices if each in levels]  # type: ignore[attr-defined]
        level.initial = next(iter(levels)) if len(levels) == 1 else None


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Many units share a name: the one above tells them apart."""

    def label_from_instance(self, unit: Any) -> str:
        return f"{unit.name} - {unit.parent.name}" if unit.parent else str(unit.name)


class MoveUnitForm(Form):
    to = UnitChoice(label=_("Belongs to"), queryset=Unit.objects.none())

    def __init__(self, *args: Any, places: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = places.select_related("parent")  # type: ignore[attr-defined]


class SuccessorForm(Form):
    successor = UnitChoice(
        label=_("Continued by"),
        queryset=Unit.objects.none(),
        help_text=_(
            "Its people get the same roles there; from then on it enters the innovations. What was"
            " begun stays with the people of the unit that ended."
        ),
    )

    def __init__(self, *args: Any, places: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = places.select_related("parent")  # type: ignore[attr-defined]


class EndUnitForm(SuccessorForm):
    field_order = ("on", "successor")
    on = forms.DateField(label=_("Ended on"), widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].required = False


class ReasonForm(Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It stays in the history.")
    )


class SearchForm(Form):
    q = forms.CharField(label=_("Search"), max_length=100, required=False)


class SheetField(forms.FileField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("File"),
            max_length=200,
            widget=forms.FileInput({"accept": ".xlsx,.csv", "data-max-bytes": MAX_SHEET_BYTES}),
            **options,
        )


class SheetFileForm(Form):
    file = SheetField(help_text=_("XLSX or CSV, at most 2 MB and 2,000 rows."))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_SHEET_BYTES:
            raise ValidationError(
                _("The file is larger than 2 MB. Split it into several."), code="too_large"
            )
        return file


class SheetForm(SheetFileForm):
    field_order = ("kind", "file")
    kind = forms.ChoiceField(
        label=_("What the file lists"), choices=Import.Kind, widget=forms.RadioSelect
    )


class ConfirmForm(Form):
    """The hash binds the word to the file that was shown."""

    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
