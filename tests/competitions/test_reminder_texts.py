"""Organisers' words: a fixed list of placeholders, and nothing that they type is a program."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.test.signals import template_rendered

from accounts.models import Message
from competitions.leads import show_lead
from competitions.models import ReminderRule, Round
from competitions.placeholders import fill
from competitions.reminder_texts import WORDS, check_texts
from competitions.reminders import Due, Obligation, write_letters
from kipp.lib.clock import show_end
from tests import make
from tests.competitions.world import World


@pytest.mark.parametrize(
    ("subject", "text", "field", "said"),
    [
        ("Kirim", "", "text", "leave both empty"),
        ("", "Isi", "subject", "leave both empty"),
        ("Kirim {siapa}", "Isi", "subject", "{siapa} is no placeholder; known are: nama,"),
        ("Kirim", "Isi\n{ nama }", "text", "{ nama } is no placeholder"),
        ("Kirim", "{{ settings.SECRET_KEY }}", "text", "is no placeholder"),
        ("Kirim", "{nama", "text", "other half"),
        ("Kirim\nBcc: x@y.example", "Isi", "subject", "one line"),
        ("Kirim\u2028Bcc: x@y.example", "Isi", "subject", "one line"),
        ("Kirim", "x" * 3001, "text", "At most 3000"),
    ],
)
def test_texts_refuse_what_cannot_be_filled_in(
    subject: str, text: str, field: str, said: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        check_texts(subject, text)

    assert said in refused.value.message_dict[field][0]


def test_texts_take_every_known_word() -> None:
    check_texts("{kompetisi}", "\n".join(f"{{{name}}}" for name in WORDS))


def test_fill_reads_no_placeholder_out_of_a_value() -> None:
    assert fill("{a} {b}", {"a": "{b}", "b": "x"}) == "{b} x"


def letter(world: World, *, subject: str, text: str, name: str = "Siti") -> Message:
    rule = ReminderRule.objects.create(
        round=world.round, audience="authors", leads=[1440], subject=subject, text=text
    )
    owed = Obligation(make.user(name), None, make.NOON, 2)
    [letter] = write_letters(rule, [Due(owed, 1440, world.round.ends_at)], at=make.NOON)
    return letter


@pytest.mark.django_db
def test_letter_holds_own_words_and_the_link(world: World) -> None:
    made = letter(world, subject="Kirim: {kompetisi}", text="Yth. {nama}, {jumlah} dalam {sisa}.")

    assert made.subject == f"Kirim: {world.competition.name}"
    assert made.text.startswith(f"Yth. Siti, 2 dalam {show_lead(1440)}.\n")
    assert "/inovasi/" in made.html


@pytest.mark.django_db
def test_letter_runs_and_links_nothing_hostile(world: World) -> None:
    made = letter(
        world,
        subject="Kirim <b>{nama}</b>",
        text="<script>alert(1)</script> {nama} [klik](https://jahat.example)",
        name="<img src=x onerror=alert(1)> {jumlah}\r\nBcc: x@y.example",
    )

    assert "\n" not in made.subject
    assert "\r" not in made.subject
    assert "<script" not in made.html
    assert "<img" not in made.html
    assert "jahat.example" not in made.html
    assert "{jumlah}" in made.text


@pytest.mark.django_db
def test_letters_are_composed_once_for_all_who_owe_the_same(world: World) -> None:
    rule = ReminderRule.objects.create(round=world.round, audience="authors", leads=[1440])
    readers = [make.user(name) for name in ("Ibu *Rina*", "R & D", "Bapak Joko")]
    counts = [1, 1, 2]
    due = [
        Due(Obligation(reader, None, make.NOON, count), 1440, world.round.ends_at)
        for reader, count in zip(readers, counts, strict=True)
    ]
    rendered: list[str] = []

    def note(template: Any, **_more: object) -> None:
        rendered.append(template.name)

    template_rendered.connect(note)
    letters = write_letters(rule, due, at=make.NOON)
    template_rendered.disconnect(note)

    assert rendered.count("mail/reminder_authors.md") == 2
    assert [letter.text.splitlines()[0] for letter in letters] == [
        "Dear Ibu *Rina*,",
        "Dear R & D,",
        "Dear Bapak Joko,",
    ]
    assert ["Dear R &amp; D," in letter.html for letter in letters] == [False, True, False]
    assert [letter.recipient for letter in letters] == readers
    assert len({letter.dedupe_key for letter in letters}) == 3


@pytest.mark.django_db
def test_form_keeps_what_was_typed_and_names_the_list(organizer: Client, world: World) -> None:
    typed = {"audience": "authors", "leads": "3 hari", "channel": "chosen"}
    typed |= {"subject": "Kirim", "text": "Halo {orang}"}

    answer = organizer.post(world.url("part-add-below", "pengingat", world.round.pk), typed)

    assert answer.status_code == 422
    assert "{orang}" in answer.context["form"].errors["text"][0]
    assert "kompetisi" in answer.context["form"].errors["text"][0]
    assert "Halo {orang}" in answer.content.decode()
    assert not ReminderRule.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("own", [{}, {"subject": "Kirim", "text": "Sampai {batas}."}])
def test_letter_names_the_end_before_an_extension_to_its_own_unit(
    world: World, own: dict[str, str]
) -> None:
    rule = ReminderRule.objects.create(round=world.round, audience="authors", leads=[1440], **own)
    other = make.unit(parent=world.competition.host)
    granted = make.extension(world.round, unit=world.agency)
    make.extension(world.round, unit=other, days=2)
    moved = Round.objects.get(pk=world.round.pk)
    due = [
        Due(Obligation(make.user(), path, make.NOON, 1), 1440, granted.new_ends_at)
        for path in (world.agency.path, other.path, None)
    ]

    letters = write_letters(ReminderRule.objects.get(pk=rule.pk), due, at=make.NOON)

    zone = world.competition.time_zone
    said = f"(previously {show_end(moved.ends_at, zone=zone)})"
    assert [said in letter.text for letter in letters] == [True, True, False]
    assert [said in letter.html for letter in letters] == [True, True, False]
