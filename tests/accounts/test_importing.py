from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts import services
from accounts.exports import EXAMPLES, write_example
from accounts.importing import (
    MAX_ROWS,
    NewMember,
    NewUnit,
    Place,
    check_people,
    check_units,
)
from accounts.models import AuditEntry, Import, Membership, Message, Unit, User
from accounts.roles import Member, load_member
from kipp.lib.sheets import Row, read_table, write_csv
from tests import make

CITY = Place(1, "Kota", "35.73", "government", None)
HEALTH = Place(2, "Dinas Kesehatan", "K.02", "agency", 1)
TWIN_A = Place(3, "Puskesmas Kembar", "K.02.1", "service", 2)
TWIN_B = Place(4, "Puskesmas Kembar", "", "service", 2)
PLACES = [CITY, HEALTH, TWIN_A, TWIN_B]
UNIT_HEAD = ("nama", "singkatan", "kode", "tingkat", "jenis", "induk")
PEOPLE_HEAD = ("nama", "email", "nip", "telepon", "unit", "peran")
GOOD_UNIT = ("Dinas Sosial", "Dinsos", "S.01", "perangkat daerah", "Dinas", "Kota")
GOOD_PERSON = (
    "Siti",
    "siti@demo.example",
    "19960818 202204 2 001",
    "0812 3456 7890",
    "K.02",
    "pengesah",
)


def rows(head: Sequence[str], *lines: Sequence[str]) -> list[Row]:
    return [
        Row(number, dict(zip(head, cells, strict=True))) for number, cells in enumerate(lines, 2)
    ]


def unit_with(**changes: str) -> tuple[str, ...]:
    return tuple({**dict(zip(UNIT_HEAD, GOOD_UNIT, strict=True)), **changes}.values())


def person_with(**changes: str) -> tuple[str, ...]:
    return tuple({**dict(zip(PEOPLE_HEAD, GOOD_PERSON, strict=True)), **changes}.values())


def unit_problems(*lines: Sequence[str], may_add_root: bool = False) -> list[tuple[int, str]]:
    _units, problems = check_units(rows(UNIT_HEAD, *lines), PLACES, may_add_root=may_add_root)
    return [(problem.row, problem.text) for problem in problems]


def people_problems(*lines: Sequence[str]) -> list[tuple[int, str]]:
    held = frozenset({("held@demo.example", 2, "author")})
    _members, problems = check_people(rows(PEOPLE_HEAD, *lines), PLACES, held=held)
    return [(problem.row, problem.text) for problem in problems]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """The sentences are compared in the language of the code."""
    with translation.override("en"):
        yield


def test_check_units_puts_parents_first_whatever_the_order() -> None:
    child = ("Puskesmas A", "", "", "unit kerja", "", "S.01")

    units, problems = check_units(rows(UNIT_HEAD, child, GOOD_UNIT), PLACES, may_add_root=False)

    assert problems == []
    assert units == [
        NewUnit(3, "Dinas Sosial", "Dinsos", "S.01", "agency", "Dinas", parent_id=1),
        NewUnit(2, "Puskesmas A", "", "", "service", "", parent_row=3),
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"nama": ""}, "nama is empty."),
        ({"nama": "-"}, "nama is empty."),
        ({"nama": "x" * 201}, "nama is longer than 200 characters."),
        ({"nama": "=cmd|' /C calc'!A0"}, "nama begins like a formula. Remove the first sign."),
        ({"kode": "@SUM(A1)"}, "kode begins like a formula. Remove the first sign."),
        ({"tingkat": ""}, "tingkat is empty."),
        ({"induk": ""}, "Say in “induk” where this unit belongs."),
        ({"induk": "Tidak Ada"}, "There is no unit “Tidak Ada” here."),
        (
            {"induk": "Puskesmas Kembar"},
            "Several units are called “Puskesmas Kembar”. Write the code instead.",
        ),
        ({"induk": "K.02"}, "A unit of this level cannot stand below “K.02”."),
        ({"nama": "DINAS  kesehatan"}, "A unit of this name exists here already."),
        ({"kode": "k.02"}, "Another unit has this code already."),
    ],
)
def test_check_units_names_each_problem(changes: dict[str, str], problem: str) -> None:
    assert (2, problem) in unit_problems(unit_with(**changes))


def test_check_units_lists_every_problem_with_its_row() -> None:
    twin = unit_with(kode="S.02")
    lost = unit_with(nama="Lain", kode="S.03", induk="Tidak Ada")

    assert unit_problems(GOOD_UNIT, twin, lost) == [
        (3, "A unit of this name exists here already."),
        (4, "There is no unit “Tidak Ada” here."),
    ]


def test_check_units_knows_the_levels() -> None:
    found = unit_problems(unit_with(tingkat="kerajaan"))

    assert [row for row, _text in found] == [2]
    assert found[0][1].startswith("“kerajaan” is not known here.")


def test_check_units_lets_only_the_administrator_add_a_root() -> None:
    root = unit_with(nama="Kota Batu", kode="", tingkat="pemerintah", induk="")

    assert unit_problems(root) == [(2, "Say in “induk” where this unit belongs.")]
    assert unit_problems(root, may_add_root=True) == []


def test_check_units_finds_a_ring() -> None:
    one = unit_with(nama="A", kode="A", tingkat="pemerintah", induk="B")
    two = unit_with(nama="B", kode="B", tingkat="pemerintah", induk="A")

    assert unit_problems(one, two) == [
        (2, "This unit stands below itself."),
        (3, "This unit stands below itself."),
    ]


def test_check_people_cleans_what_is_good() -> None:
    hidden = person_with(nama="\u202eSiti\u200b  Aminah")

    members, problems = check_people(rows(PEOPLE_HEAD, hidden), PLACES, held=frozenset())

    assert problems == []
    assert members == [
        NewMember(
            2,
            "Siti Aminah",
            "siti@demo.example",
            "199608182022042001",
            "+6281234567890",
            2,
            "endorser",
        )
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"nama": ""}, "nama is empty."),
        ({"email": ""}, "email is empty."),
        ({"email": "siti@"}, "“siti@”: Enter a valid email address."),
        ({"nip": "123"}, "“123”: An NIP has 18 digits. Check the number."),
        ({"nip": "1.99608E+17"}, "“1.99608E+17”: An NIP has 18 digits. Check the number."),
        (
            {"telepon": "=1+1"},
            "“=1+1”: Write the number with 8 to 15 digits, for example 0812 3456 7890.",
        ),
        ({"unit": ""}, "unit is empty."),
        ({"unit": "Tidak Ada"}, "There is no unit “Tidak Ada” here."),
        ({"peran": ""}, "peran is empty."),
        (
            {"peran": "raja"},
            "“raja” is not known here. Write one of: pengesah, penyusun.",
        ),
        (
            {"email": "HELD@demo.example", "peran": "penyusun"},
            "This person has this role already.",
        ),
    ],
)
def test_check_people_names_each_problem(changes: dict[str, str], problem: str) -> None:
    assert people_problems(person_with(**changes)) == [(2, problem)]


def test_check_people_finds_doubles_and_contradictions() -> None:
    other_name = person_with(nama="Bukan Siti", unit="K.02.1")

    assert people_problems(GOOD_PERSON, GOOD_PERSON, other_name) == [
        (3, "The same person and role stand in row 2."),
        (4, "This e-mail stands here with another name or NIP."),
    ]


def test_number_that_lost_digits_stands_among_the_other_problems() -> None:
    lost, wrong = rows(PEOPLE_HEAD, person_with(nip="", telepon=""), person_with(unit="Tidak Ada"))
    cut = replace(lost, lost=frozenset({"nip"}), letters={"nip": "C", "unit": "E"})

    _members, problems = check_people([cut, wrong], PLACES, held=frozenset())
    _units, of_units = check_units(
        [replace(rows(UNIT_HEAD, unit_with(nama=""))[0], lost=frozenset({"nama"}))],
        PLACES,
        may_add_root=False,
    )

    digits = "a long number such as an NIP has lost digits. Format its column as text."
    assert [(problem.place, problem.text) for problem in problems] == [
        ((2, 2, "C2"), f"nip: {digits}"),
        ((3, 2, "E3"), "There is no unit “Tidak Ada” here."),
    ]
    assert [problem.text for problem in of_units] == [f"nama: {digits}"]


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ["units", "people"])
def test_the_examples_are_read_back(kind: str, extension: str) -> None:
    header, *lines = EXAMPLES[kind]

    found = read_table(io.BytesIO(write_example(kind, extension)), columns=header)

    assert [tuple(row.values.values()) for row in found] == lines


def test_inspect_sheet_refuses_too_many_rows(db: None) -> None:
    lines = [unit_with(nama=f"Dinas {number}", kode="") for number in range(MAX_ROWS + 1)]

    with pytest.raises(ValidationError) as error:
        services.inspect_sheet(write_csv(UNIT_HEAD, lines), kind="units", member=ADMIN)

    assert error.value.code == "too_many_rows"


@pytest.mark.parametrize("content", [b"", b"nama;x\nA;B", b"PK\x03\x04 no archive"])
def test_inspect_sheet_refuses_what_is_no_such_sheet(db: None, content: bytes) -> None:
    with pytest.raises(ValidationError):
        services.inspect_sheet(content, kind="units", member=ADMIN)


ADMIN = Member(user_id=0, is_admin=True)


@pytest.fixture
def city() -> Unit:
    return services.create_unit(
        name="Pemerintah Kota Contoh", level="government", by=None, at=make.NOON
    )


def keep(kind: str, by: User, *, content: bytes | None = None) -> Import:
    return services.keep_sheet(
        content or write_example(kind, "csv"), name="a.csv", kind=kind, by=by, at=make.NOON
    )


@pytest.mark.django_db
def test_apply_sheet_enters_units_then_people(city: Unit) -> None:
    admin = make.user(is_staff=True)
    sheets = []
    for kind in ("units", "people"):
        sheet = keep(kind, admin)
        sheets.append(sheet)
        services.apply_sheet(sheet, sha256=sheet.sha256, member=ADMIN, by=admin, at=make.NOON)

    clinic = Unit.objects.get(code="X.01.1")
    assert clinic.lineage[0] == city.pk
    assert list(
        Membership.objects.order_by("user__email").values_list("user__email", "role", "unit__code")
    ) == [
        ("budi@demo.example", "author", "X.01.1"),
        ("siti@demo.example", "endorser", "X.01"),
    ]
    assert User.objects.get(email="siti@demo.example").nip == "199608182022042001"
    assert Message.objects.filter(kind="account_invitation").count() == 2
    assert AuditEntry.objects.filter(action="import.applied").count() == 2
    assert {bytes(sheet.content) for sheet in Import.objects.all()} == {b""}


@pytest.mark.django_db
def test_apply_sheet_invites_nobody_who_can_log_in(city: Unit) -> None:
    admin = make.user(is_staff=True)
    services.create_unit(
        name="Dinas Contoh", level="agency", code="X.01", parent=city, by=None, at=make.NOON
    )
    User.objects.create_user("siti@demo.example", "kucing hijau makan", full_name="SITI CONTOH")
    content = write_csv(EXAMPLES["people"][0], EXAMPLES["people"][1:2])
    sheet = keep("people", admin, content=content)

    services.apply_sheet(sheet, sha256=sheet.sha256, member=ADMIN, by=admin, at=make.NOON)

    assert not Message.objects.exists()
    assert User.objects.get(email="siti@demo.example").full_name == "SITI CONTOH"


@pytest.mark.django_db
def test_person_whose_account_is_closed_is_a_problem_of_its_row(city: Unit) -> None:
    services.create_unit(
        name="Dinas Contoh", level="agency", code="X.01", parent=city, by=None, at=make.NOON
    )
    User.objects.create_user("siti@demo.example", None, is_active=False)
    content = write_csv(EXAMPLES["people"][0], EXAMPLES["people"][1:2])

    found = services.inspect_sheet(content, kind="people", member=ADMIN)

    assert [(problem.row, problem.text) for problem in found.problems] == [
        (2, "The account of this address is closed.")
    ]


@pytest.mark.django_db
def test_apply_sheet_enters_nothing_once_something_has_changed(city: Unit) -> None:
    admin = make.user(is_staff=True)
    sheet = keep("units", admin)
    services.create_unit(name="Dinas Contoh", level="agency", parent=city, by=None, at=make.NOON)
    before = Unit.objects.count()

    findings = services.apply_sheet(
        sheet, sha256=sheet.sha256, member=ADMIN, by=admin, at=make.NOON
    )

    assert [problem.row for problem in findings.problems] == [2]
    assert Unit.objects.count() == before
    assert Import.objects.get().applied_at is None


@pytest.mark.django_db
def test_apply_sheet_takes_the_checked_file_once(city: Unit) -> None:
    admin = make.user(is_staff=True)
    content = write_csv(EXAMPLES["units"][0], [])
    sheet = keep("units", admin, content=content)

    with pytest.raises(ValidationError) as other:
        services.apply_sheet(sheet, sha256="0" * 64, member=ADMIN, by=admin, at=make.NOON)
    services.apply_sheet(sheet, sha256=sheet.sha256, member=ADMIN, by=admin, at=make.NOON)
    with pytest.raises(ValidationError) as twice:
        services.apply_sheet(sheet, sha256=sheet.sha256, member=ADMIN, by=admin, at=make.NOON)

    assert [error.value.code for error in (other, twice)] == ["other_file", "applied"]


@pytest.mark.django_db
def test_a_new_sheet_replaces_the_one_that_waits() -> None:
    admin = make.user(is_staff=True)
    keep("units", admin)
    newest = keep("people", admin)

    assert list(Import.objects.all()) == [newest]


@pytest.mark.django_db
def test_a_local_administrator_reaches_their_own_government_only(city: Unit) -> None:
    other = make.unit("Kota Lain", level="government")
    local = make.user()
    make.membership(local, other, "endorser")

    findings = services.inspect_sheet(
        write_example("units", "csv"), kind="units", member=load_member(local)
    )

    assert [(problem.row, problem.text) for problem in findings.problems] == [
        (2, "There is no unit “Pemerintah Kota Contoh” here.")
    ]
