from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Unit
from judging import services
from judging.models import Assignment
from proposals.models import Proposal
from tests import make
from tests.clients import signed_in
from tests.judging.field import City, marks, opened

pytestmark = pytest.mark.django_db


def declared(made: City, number: int = 0) -> tuple[Client, Assignment]:
    judge = made.judges[0]
    sheet = made.sheet(judge, number)
    services.declare_no_conflict(sheet, by=judge, at=make.NOON)
    return signed_in(judge), sheet


def typed(sheet: Assignment, first: str, second: str, **more: str) -> dict[str, str]:
    return {
        "version": str(sheet.version),
        "nilai-signifikansi": first,
        "nilai-kebaruan": second,
        **more,
    }


def url(name: str, sheet: Assignment) -> str:
    return reverse(f"judging:{name}", args=[sheet.pk])


def test_queue_names_what_was_frozen() -> None:
    made = opened(judges=1, entries=1)
    proposal = made.sheet(made.judges[0], 0).entry.proposal
    frozen = made.sheet(made.judges[0], 0).entry.submission.content["header"]
    Proposal.objects.filter(pk=proposal.pk).update(title="Judul baru")
    Unit.objects.filter(pk=proposal.unit_id).update(name="Dinas Baru")

    page = signed_in(made.judges[0]).get(reverse("judging:queue", args=[made.stage.pk]))

    [row] = page.context["page"]
    assert (row["title"], row["unit"]) == (frozen["title"], frozen["unit"]["name"])


def test_queue_shows_own_order_progress_and_four_states() -> None:
    made = opened(judges=2, entries=4)
    judge = made.judges[0]
    made.score(judge, 0, "80", "70")
    started = made.sheet(judge, 1)
    services.declare_no_conflict(started, by=judge, at=make.NOON)
    services.save_scorecard(
        started, sheet=marks("1", "1"), version=started.version, by=judge, at=make.NOON
    )
    services.declare_conflict(made.sheet(judge, 2), reason="Saudara", by=judge, at=make.NOON)

    page = signed_in(judge).get(reverse("judging:queue", args=[made.stage.pk]))

    rows = [(row["position"], row["state"], row["unit"]) for row in page.context["page"]]
    assert [position for position, _state, _unit in rows] == [1, 2, 3, 4]
    assert {unit: state for _position, state, unit in rows} == {
        "Dinas 00": "submitted",
        "Dinas 01": "started",
        "Dinas 02": "recused",
        "Dinas 03": "unread",
    }
    assert (page.context["progress"].done, page.context["progress"].total) == (1, 3)
    assert "1 dari 3" in page.content.decode() or "1 of 3" in page.content.decode()


def test_queue_filters_by_state() -> None:
    made = opened(judges=1, entries=3)
    made.score(made.judges[0], 0, "80", "70")
    client = signed_in(made.judges[0])

    page = client.get(reverse("judging:queue", args=[made.stage.pk]), {"keadaan": "submitted"})
    odd = client.get(reverse("judging:queue", args=[made.stage.pk]), {"keadaan": "'; DROP"})

    assert [row["unit"] for row in page.context["page"]] == ["Dinas 00"]
    assert len(odd.context["page"]) == 3


def test_desk_queue_and_scorecard_open_within_ten_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client, sheet = declared(opened(judges=2, entries=5))
    queue = reverse("judging:queue", args=[sheet.entry.stage_id])

    for address in (reverse("judging:desk"), queue, url("sheet", sheet)):
        with django_assert_max_num_queries(10):
            assert client.get(address).status_code == 200


def test_submitted_scorecard_shows_its_history_within_ten_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client, sheet = declared(opened())
    open_page = client.get(url("sheet", sheet))
    client.post(url("sheet-submit", sheet), typed(sheet, "80", "70"))

    with django_assert_max_num_queries(10):
        page = client.get(url("sheet", sheet))

    assert open_page.context["history"] == []
    told = [line.text for line in page.context["history"]]
    assert told == ["Scorecard submitted", "Declared free of conflict"]


def test_whole_scorecard_is_saved_in_four_messages(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client, sheet = declared(opened())
    comments = {"catatan-signifikansi": "Jelas", "catatan-kebaruan": "Baru"}

    with django_assert_max_num_queries(4):
        reply = client.post(url("sheet-autosave", sheet), typed(sheet, "80", "70") | comments)

    assert reply.json()["version"] == sheet.version + 1


def test_proposal_opens_only_after_the_declaration() -> None:
    made = opened()
    judge = made.judges[0]
    client, sheet = signed_in(judge), made.sheet(judge, 0)

    before = client.get(url("sheet", sheet))
    asked = client.get(url("declaration", sheet))
    answered = client.post(url("declaration", sheet))
    after = client.get(url("sheet", sheet))

    assert before.headers["Location"] == url("declaration", sheet)
    assert asked.status_code == 200
    assert answered.headers["Location"] == url("sheet", sheet)
    assert after.context["reading"].title == "Inovasi Dinas 00"


def test_nothing_can_be_typed_before_the_declaration() -> None:
    made = opened()
    judge = made.judges[0]
    client, sheet = signed_in(judge), made.sheet(judge, 0)

    reply = client.post(url("sheet-autosave", sheet), typed(sheet, "1", "1"))

    assert reply.status_code == 404
    assert sheet.scores.count() == 0


def test_conflict_needs_a_reason_and_hides_the_entry() -> None:
    made = opened()
    judge = made.judges[0]
    client, sheet = signed_in(judge), made.sheet(judge, 0)

    empty = client.post(url("recuse", sheet), {"reason": " "})
    given = client.post(url("recuse", sheet), {"reason": "Saudara kandung"})

    assert empty.status_code == 422
    assert given.headers["Location"] == reverse("judging:queue", args=[made.stage.pk])
    assert client.get(url("sheet", sheet)).status_code == 404
    assert client.get(url("declaration", sheet)).status_code == 404
    assert client.post(url("declaration", sheet)).status_code == 403


@pytest.mark.parametrize("name", ["sheet", "declaration", "sheet-revise"])
def test_sheets_of_others_do_not_exist(name: str) -> None:
    made = opened()
    client, sheet = declared(made)
    assert client.get(url("sheet", sheet)).status_code == 200

    for stranger in (made.judges[1], made.chair, made.organizer, make.user(is_staff=True)):
        assert signed_in(stranger).get(url(name, sheet)).status_code == 404
    anonymous = Client().get(url(name, sheet))
    assert anonymous.status_code == 302


def test_autosave_keeps_what_changed_and_answers_the_new_version() -> None:
    client, sheet = declared(opened())

    reply = client.post(
        url("sheet-autosave", sheet),
        {"version": sheet.version, "nilai-signifikansi": "80", "catatan-signifikansi": "Baik"},
    )

    assert reply.status_code == 200
    assert reply.json()["version"] == sheet.version + 1
    assert list(sheet.scores.values_list("criterion__key", "value", "comment")) == [
        ("signifikansi", Decimal(80), "Baik")
    ]


def test_second_tab_gets_409_and_keeps_what_was_typed() -> None:
    client, sheet = declared(opened())
    first = typed(sheet, "80", "70")
    second = typed(sheet, "55", "66", **{"catatan-kebaruan": "<b>tab kedua</b>"})
    client.post(url("sheet", sheet), first)

    page = client.post(url("sheet", sheet), second)
    background = client.post(url("sheet-autosave", sheet), second)

    text = page.content.decode()
    assert page.status_code == background.status_code == 409
    assert 'value="55"' in text
    assert "&lt;b&gt;tab kedua&lt;/b&gt;" in text
    assert "<b>tab kedua</b>" not in text
    assert list(sheet.scores.values_list("value", flat=True)) == [Decimal(80), Decimal(70)]
    assert client.post(url("sheet", sheet), {**second, "version": page.context["version"]}).headers[
        "Location"
    ] == url("sheet", sheet)


def test_second_tab_is_shown_the_comments_that_were_saved_meanwhile() -> None:
    client, sheet = declared(opened())
    written = {"catatan-kebaruan": "Tab satu: baru.", "comment": "Tab satu:\n<b>baik</b>."}
    client.post(url("sheet", sheet), typed(sheet, "80", "70", **written))

    page = client.post(url("sheet", sheet), typed(sheet, "80", "70", comment="Tab dua."))

    text = page.content.decode()
    assert "Saved meanwhile: Tab satu: baru." in text
    assert "Saved meanwhile: Tab satu:\n&lt;b&gt;baik&lt;/b&gt;." in text


def test_save_after_the_close_gets_409_and_keeps_what_was_typed() -> None:
    made = opened(judges=1, entries=1)
    client, sheet = declared(made)
    services.close_stage(made.stage, missing_accepted=1, by=made.chair, at=make.NOON)

    page = client.post(
        url("sheet-submit", sheet), typed(sheet, "55", "66", comment="Masih saya tulis")
    )

    assert page.status_code == 409
    assert "Masih saya tulis" in page.content.decode()
    assert "<button" not in page.content.decode().partition("data-guard")[2].partition("</form>")[0]
    assert sheet.scores.count() == 0


@pytest.mark.parametrize(
    "value",
    [
        "-1",
        "101",
        "NaN",
        "Infinity",
        "1e400",
        "50,5",
        "1.000",
        "٣",
        "=1+1",
        "<script>",
        "80\x00",
        "8\xa05",
    ],
)
def test_hostile_values_are_refused_with_a_sentence_and_kept(value: str) -> None:
    client, sheet = declared(opened())

    page = client.post(url("sheet", sheet), typed(sheet, value, "70"))
    background = client.post(url("sheet-autosave", sheet), typed(sheet, value, "70"))

    assert page.status_code == background.status_code == 422
    assert list(page.context["form"].errors) == ["nilai-signifikansi"]
    assert "<script>" not in page.content.decode().partition("<main")[2]
    assert sheet.scores.count() == 0


@pytest.mark.parametrize(
    ("text", "step", "sentence"),
    [
        ("85,5", "1", "Give a number from 0 to 100 in steps of 1."),
        ("85.5", "1", "Give a number from 0 to 100 in steps of 1."),
        ("85,25", "0.5", "Give a number from 0 to 100 in steps of 0,5."),
        ("8 5", "1", "Give a number from 0 to 100 in steps of 1."),
        ("85,", "1", "Give a number from 0 to 100 in steps of 1."),
        (",5", "0.5", "Give a number from 0 to 100 in steps of 0,5."),
        ("1.000,5", "0.5", "Give a number from 0 to 100 in steps of 0,5."),
        ("100,5", "0.5", "Give a number from 0 to 100 in steps of 0,5."),
    ],
)
def test_value_beside_the_scale_names_the_step_and_keeps_all_that_was_typed(
    text: str, step: str, sentence: str
) -> None:
    client, sheet = declared(opened(scale_step=Decimal(step)))
    form = typed(sheet, text, " 70 ", **{"catatan-kebaruan": "Baru & berani", "comment": "Layak"})

    page = client.post(url("sheet-submit", sheet), form)

    shown = page.content.decode()
    assert page.status_code == 422
    assert page.context["form"].errors == {"nilai-signifikansi": [sentence]}
    assert shown.count(sentence) == 2  # in the summary and at the field
    assert [f'value="{kept}"' in shown for kept in (text, "70")] == [
        True,
        True,
    ]
    assert "Baru &amp; berani" in shown
    assert ">Layak<" in shown.replace("\n", "")
    assert sheet.scores.count() == 0


def test_sheet_with_a_gap_is_not_handed_in_and_keeps_what_was_typed() -> None:
    client, sheet = declared(opened())

    page = client.post(url("sheet-submit", sheet), typed(sheet, "55", ""))

    assert page.status_code == 422
    assert page.context["form"].non_field_errors() == ["1 criterion has no value yet."]
    assert 'value="55"' in page.content.decode()
    assert Assignment.objects.get(pk=sheet.pk).status == "pending"


def test_slip_of_the_pen_in_an_old_tab_does_not_make_it_the_newest() -> None:
    client, sheet = declared(opened())
    old = typed(sheet, "55", "66,5")
    client.post(url("sheet", sheet), typed(sheet, "80", "70"))

    slip = client.post(url("sheet", sheet), old)
    corrected = {**old, "nilai-kebaruan": "66", "version": str(slip.context["version"])}
    again = client.post(url("sheet", sheet), corrected)

    assert (slip.status_code, again.status_code) == (422, 409)
    assert list(sheet.scores.values_list("value", flat=True)) == [Decimal(80), Decimal(70)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("80,5", "80.5"),
        ("80.50", "80.5"),
        (" 80 ", "80"),
        ("\t80,5\xa0", "80.5"),
        ("\u200e80,50\u200b", "80.5"),
        ("080", "80"),
    ],
)
def test_decimal_comma_and_point_are_both_read(text: str, value: str) -> None:
    client, sheet = declared(opened(scale_step=Decimal("0.5")))

    client.post(url("sheet", sheet), typed(sheet, text, "70"))

    assert sheet.scores.get(criterion__key="signifikansi").value == Decimal(value)


def test_submit_goes_on_to_the_next_sheet_and_at_last_back_to_the_queue() -> None:
    made = opened(judges=1, entries=2)
    client, sheet = declared(made)
    other = made.sheet(made.judges[0], 1)

    gap = client.post(url("sheet-submit", sheet), typed(sheet, "80", ""))
    sheet.refresh_from_db()
    on = client.post(url("sheet-submit", sheet), typed(sheet, "80", "70"))
    client.post(url("declaration", other))
    other.refresh_from_db()
    back = client.post(url("sheet-submit", other), typed(other, "60", "50"))

    assert gap.status_code == 422
    assert on.headers["Location"] == url("sheet", other)
    assert back.headers["Location"] == reverse("judging:queue", args=[made.stage.pk])


def test_submitted_sheet_is_read_only_until_it_is_reopened_with_a_reason() -> None:
    made = opened(judges=1, entries=1)
    sheet = made.score(made.judges[0], 0, "80", "70")
    client = signed_in(made.judges[0])

    shown = client.get(url("sheet", sheet))
    saved = client.post(url("sheet", sheet), typed(sheet, "1", "1"))
    asked = client.get(url("sheet-revise", sheet))
    empty = client.post(url("sheet-revise", sheet), {"reason": ""})
    done = client.post(url("sheet-revise", sheet), {"reason": "Salah ketik"})

    assert not shown.context["is_open"]
    assert (saved.status_code, asked.status_code, empty.status_code) == (409, 200, 422)
    assert done.headers["Location"] == url("sheet", sheet)
    assert client.post(url("sheet-revise", sheet), {"reason": "x"}).status_code == 403
    assert client.get(url("sheet", sheet)).context["is_open"]
