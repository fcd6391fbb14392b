"""What a judge marks to see again: saved with the sheet, filtered, named at the end."""

from __future__ import annotations

import pytest
from django.urls import reverse

from judging import services
from judging.models import Assignment
from tests import make
from tests.clients import signed_in
from tests.judging.field import opened
from tests.judging.test_desk import declared, typed, url

pytestmark = pytest.mark.django_db


def test_mark_is_saved_with_the_sheet_and_taken_away_by_the_empty_box() -> None:
    client, sheet = declared(opened())

    ticked = client.post(url("sheet-autosave", sheet), {"version": "2", "kembali": ["", "on"]})
    sheet.refresh_from_db()
    other = client.post(url("sheet-autosave", sheet), {"version": "3", "comment": "Layak"})
    kept = Assignment.objects.get(pk=sheet.pk).comes_back
    emptied = client.post(url("sheet-autosave", sheet), {"version": "4", "kembali": ""})

    assert [ticked.status_code, other.status_code, emptied.status_code] == [200, 200, 200]
    assert (sheet.comes_back, kept) == (True, True)
    assert not Assignment.objects.get(pk=sheet.pk).comes_back


def test_marked_sheets_wait_for_the_rest_are_filtered_and_named_at_the_end() -> None:
    made = opened(judges=1, entries=3)
    client, sheet = declared(made)
    own = list(Assignment.objects.exclude(pk=sheet.pk).order_by("position"))
    for other in own:
        services.declare_no_conflict(other, by=made.judges[0], at=make.NOON)
    queue = reverse("judging:queue", args=[made.stage.pk])

    later = client.post(url("sheet-save-next", sheet), {"version": "2", "kembali": ["", "on"]})
    told = client.get(url("sheet", own[0])).context["progress"].marked
    onward = client.post(url("sheet-submit", own[0]), typed(own[0], "1", "1"))
    back = client.post(url("sheet-submit", own[1]), typed(own[1], "1", "1"))
    sheet.refresh_from_db()
    last = client.post(url("sheet-submit", sheet), typed(sheet, "1", "1"))
    marked = client.get(last.headers["Location"])

    assert told == 1
    assert later.headers["Location"] in [url("sheet", own[0]), url("sheet", own[1])]
    assert onward.headers["Location"] == url("sheet", own[1])
    assert back.headers["Location"] == url("sheet", sheet)
    assert last.headers["Location"] == f"{queue}?keadaan=kembali"
    assert [row["pk"] for row in marked.context["page"]] == [sheet.pk]
    assert marked.context["progress"].marked == 1


def test_mark_of_a_sheet_that_was_handed_in_is_changed_beside_it() -> None:
    made = opened(judges=1, entries=1)
    sheet = made.score(made.judges[0], 0, "80", "70")
    client = signed_in(made.judges[0])

    answers = [
        client.post(url("sheet-mark", sheet), {"kembali": "on"}),
        client.post(url("sheet-mark", sheet), {"kembali": "on"}),
    ]
    marked = Assignment.objects.get(pk=sheet.pk)
    client.post(url("sheet-mark", sheet), {"kembali": ""})
    services.close_stage(made.stage, by=made.chair, at=make.NOON)
    late = client.post(url("sheet-mark", sheet), {"kembali": "on"})

    assert [answer.headers["Location"] for answer in answers] == [url("sheet", sheet)] * 2
    assert (marked.comes_back, marked.version) == (True, sheet.version)
    assert late.status_code == 403
    assert not Assignment.objects.get(pk=sheet.pk).comes_back
